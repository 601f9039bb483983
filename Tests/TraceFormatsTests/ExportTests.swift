import Foundation
import Kernels
import TestSupport
import Testing
import Trace
import TraceFormats

@Suite("Exports")
struct ExportTests {
    @Test("din and Ramulator have a line a sector, in program order; additions read and write")
    func addressLists() throws {
        let first = program(
            [
                row(.load, at: 0x1010, bytes: 64), .barrier, row(.store, at: 0x2000, bytes: 32),
                .lanes(LaneAccess(kind: .atomic, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 2)),
                .lanes(LaneAccess(kind: .fetch, tensor: 0, laneBytes: 4, firstLane: 2, laneCount: 1)),
            ], lanes: [0x40, 0x40, 0xffff_ffff_ffff_fffc])
        let trace: Launches = [(launch(blocks: 2), [first, program([row(.reduction, at: 0x60, bytes: 4)])])]
        // 64 bytes from the middle of a sector touch three; two lanes on one word add twice.
        #expect(
            try exported(trace, as: .din)
                == "0 1000\n0 1020\n0 1040\n1 2000\n0 40\n1 40\n0 40\n1 40\n2 ffffffffffffffe0\n0 60\n1 60\n")
        #expect(
            try exported(trace, as: .ramulator)
                == "LD 0x1000\nLD 0x1020\nLD 0x1040\nST 0x2000\nLD 0x40\nST 0x40\nLD 0x40\nST 0x40\nLD 0xffffffffffffffe0\n"
                + "LD 0x60\nST 0x60\n")
        #expect(try exported(trace, as: .din, granularity: 64).hasPrefix("0 1000\n0 1040\n1 2000\n0 40\n"))
        #expect(try exported(trace, as: .din, granularity: 128).hasPrefix("0 1000\n1 2000\n0 0\n"))
    }

    @Test("A kernel of two warps is spelled as the tracer spells it")
    func kernelText() throws {
        let block = program(
            [
                row(.load, at: 0x7f00_0000_0000, bytes: 512, hint: .evictFirst), .awaitLoads,
                .lanes(LaneAccess(kind: .store, tensor: 0, laneBytes: 8, firstLane: 0, laneCount: 3)), .barrier,
                row(.copyBypass, at: 0x2000, bytes: 16, laneBytes: 16), .commitGroup, .awaitGroups(pending: 2),
                .invalidateL1,
            ], lanes: [0x100, 0x80, 0x1_0000_0000])
        let kernel = try withAccelSim([(launch("name\nof a kernel", threads: 40), [block])]) { path in
            #expect(try text(path, "kernelslist.g") == "MemcpyHtoD,0x0000000000001000,4096\nkernel-1.traceg\n")
            return try text(path, "kernel-1.traceg")
        }
        let parts = kernel.components(separatedBy: "#BEGIN_TB")
        #expect(
            parts[0].hasPrefix(
                "-kernel name = name_of_a_kernel\n-kernel id = 1\n-grid dim = (1,1,1)\n-block dim = (40,1,1)\n"))
        #expect(parts[0].contains("\n-shmem = 512\n-nregs = 24\n"))
        #expect(
            parts[1] == """


                thread block = 0,0,0

                warp = 0
                insts = 10
                0000 ffffffff 1 R8 LDG.E.EF 1 R2 4 1 0x00007f0000000000 4 0 
                0010 ffffffff 1 R12 LDG.E.EF 1 R2 4 1 0x00007f0000000100 4 0 
                0020 ffffffff 0 NOP 2 R8 R12 0 0 
                0030 00000007 0 STG.E.64 2 R2 R3 8 2 0x0000000000000100 -128 4294967168 0 
                0040 ffffffff 0 BAR.SYNC 0 0 0 
                0050 00000001 0 LDGSTS.E.BYPASS.LTC128B.128 2 R2 R3 16 2 0x0000000000002000 0 
                0060 ffffffff 0 LDGDEPBAR 0 0 0 
                0070 ffffffff 0 DEPBAR.LE 0 0 2 
                0080 ffffffff 0 CCTL.IVALL 0 0 0 
                0090 ffffffff 0 EXIT 0 0 0 

                warp = 1
                insts = 8
                0000 ffffffff 1 R8 LDG.E.EF 1 R2 4 1 0x00007f0000000080 4 0 
                0010 ffffffff 1 R12 LDG.E.EF 1 R2 4 1 0x00007f0000000180 4 0 
                0020 000000ff 0 NOP 2 R8 R12 0 0 
                0030 000000ff 0 BAR.SYNC 0 0 0 
                0040 000000ff 0 LDGDEPBAR 0 0 0 
                0050 000000ff 0 DEPBAR.LE 0 0 2 
                0060 000000ff 0 CCTL.IVALL 0 0 0 
                0070 000000ff 0 EXIT 0 0 0 

                #END_TB


                """)
    }

    private func text(_ directory: String, _ file: String) throws -> String {
        try String(contentsOfFile: directory + "/" + file, encoding: .utf8)
    }

    @Test("Compute steps are that many instructions of each class, less those that are operations")
    func compute() throws {
        let work = ComputeWork(
            instructions: 50, tensor: 4, fp32: 12, alu: 9, special: 3, memory: 8, shuffle: 2, products: 4)
        let last = Trace.Operation.compute(ComputeWork(instructions: 1, memory: 1))
        let block = program([row(.load, at: 0x1000, bytes: 256), .barrier, .compute(work), last])
        let trace: Launches = [(launch(), [block])]
        let kernel = try withAccelSim(trace) { try text($0, "kernel-1.traceg") }
        func lines(_ opcode: String) -> Int { kernel.components(separatedBy: " \(opcode) ").count - 1 }
        // Two warps: each has a load, which is one of its eight memory instructions, and a barrier, one of the twelve
        // others.
        #expect(lines("HMMA.16816.F32") == 8 && lines("FFMA") == 24 && lines("IADD3") == 18 && lines("MUFU.EX2") == 6)
        #expect(lines("LDS") == 2 * 8 && lines("LDG.E") == 2 && lines("SHFL.BFLY") == 4)
        #expect(lines("NOP") == 2 * 11 && lines("BAR.SYNC") == 2 && lines("EXIT") == 2)
        let bare = try withAccelSim(trace, keepsCompute: false) { try text($0, "kernel-1.traceg") }
        #expect(bare.contains("insts = 3\n") && !bare.contains("FFMA"))
        // Imported, a warp has 50 + 1 instructions and its EXIT.
        let back = try withAccelSim(trace) { try importedDirectory($0) }
        let counted = back[0].programs[0].operations.reduce(into: (0, 0)) { sum, operation in
            guard case .compute(let work) = operation else { return }
            sum.0 += Int(work.instructions)
            sum.1 += Int(work.products)
        }
        #expect(counted == (52, 4))
    }

    /// What an export to Accel-Sim's traces makes of a kind and hint: they have no bulk copies, no locks, and nothing
    /// that modifies.
    private static func accelSimKind(_ kind: AccessKind, _ hint: CacheHint) -> [String] {
        let isPlain = hint.receivers > 1 || [.modify, .miscellaneous, .takesLock, .givesLock].contains(hint)
        let hint = isPlain ? .normal : hint
        switch kind {
        case .bulkLoad: return ["\(AccessKind.copyBypass) \(hint)"]
        case .bulkStore: return ["\(AccessKind.store) \(hint)"]
        default: return ["\(kind) \(hint)"]
        }
    }

    /// Uses of local memory by their place in a warp's memory of 512 MiB: such a trace does not say where a warp's
    /// begins. Sector 0 is left out, since an import takes an access whose every address is 0 for one without
    /// addresses.
    private static func placed(_ uses: [SectorUse: Int]) -> [SectorUse: Int] {
        var placed: [SectorUse: Int] = [:]
        for (use, count) in uses {
            let isLocal = use.what.hasPrefix("local")
            guard isLocal || use.sector != 0 else { continue }
            placed[SectorUse(what: use.what, sector: isLocal ? use.sector & 0xFF_FFFF : use.sector), default: 0] +=
                count
        }
        return placed
    }

    @Test(
        "Local memory is spelled by the threads' own offsets: a line is a word of each lane, and wide lanes have several"
    )
    func localText() throws {
        let lines: [UInt64] = [0x10_0000, 0x10_0080]
        let wide = lines.flatMap { line in (0..<32).map { line + $0 * 4 } }
        let block = program(
            [
                row(.localStore, at: 0x1000, bytes: 128), .awaitLoads,
                row(.localLoad, at: 0x1000, bytes: 64, hint: .evictFirst), .awaitLoads,
                .lanes(LaneAccess(kind: .localLoad, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 64)),
            ], lanes: wide)
        let kernel = try withAccelSim([(launch(threads: 32), [block])]) { try text($0, "kernel-1.traceg") }
        #expect(kernel.contains(" ffffffff 0 STL 2 R2 R3 4 1 0x0000000000000080 0 0 \n"))
        #expect(kernel.contains(" 0000ffff 1 R8 LDL.EF 1 R2 4 1 0x0000000000000080 0 0 \n"))
        #expect(kernel.contains(" ffffffff 1 R12 LDL.64 1 R2 8 1 0x0000000000008000 0 0 \n"))
        // Imported, each is one request of the same sectors, and load and store meet.
        let back = try withAccelSim([(launch(threads: 32), [block])]) { try importedDirectory($0) }
        let uses = sectorUses(back[0].programs) { kind, _ in ["\(kind)"] }
        #expect(uses.values.allSatisfy { $0 == 1 } && uses.count == 4 + 2 + 8)
        #expect(Set(uses.keys.map(\.sector)).count == 4 + 8)
    }

    @Test("Through an Accel-Sim trace and back, every request keeps its sectors, kind and hint, launch by launch")
    func accelSimRoundTrip() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of 'Accel-Sim round trip': \(seed)")
        var generator = SeededGenerator(seed: seed)
        let kinds = AccessKind.allCases.filter { !$0.isOfPlainCaches }
        var sectors = 0
        for _ in 0..<8 {
            let launches = randomLaunches(&generator, kinds: kinds)
            let back = try withAccelSim(launches) { path in
                for (number, entry) in launches.enumerated() {
                    try checkBlocks(text(path, "kernel-\(number + 1).traceg"), of: entry.launch)
                }
                return try importedDirectory(path)
            }
            #expect(back.count == launches.count)
            for (old, new) in zip(launches, back) {
                #expect(old.launch.grid == new.launch.grid && old.launch.threadsPerBlock == new.launch.threadsPerBlock)
                for (before, after) in zip(old.programs, new.programs) {
                    let expected = Self.placed(sectorUses([before], Self.accelSimKind))
                    let found = Self.placed(sectorUses([after], Self.accelSimKind))
                    let lost = expected.filter { found[$0.key] != $0.value }
                    #expect(lost.isEmpty && found.count == expected.count, "seed \(seed): \(lost)")
                    sectors += expected.count
                }
            }
        }
        #expect(sectors > 1000)
    }

    @Test(
        "Through din and Ramulator and back, every sector is read and written as often",
        arguments: [ExportFormat.din, .ramulator])
    func addressListRoundTrip(format: ExportFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of '\(format) round trip': \(seed)")
        var generator = SeededGenerator(seed: seed)
        func use(_ kind: AccessKind, _ hint: CacheHint) -> [String] {
            switch kind {
            case .fetch: [format == .din ? "fetch" : "read"]
            case .copyBack, .invalidate: format == .din ? ["\(kind)"] : []
            case .load where hint == .miscellaneous && format == .din: ["unknown"]
            case .reduction, .atomic: ["read", "written"]
            default: [kind.isRead ? "read" : "written"]
            }
        }
        for _ in 0..<30 {
            let launches = randomLaunches(&generator, kinds: AccessKind.allCases)
            let expected = sectorUses(launches.flatMap(\.programs), use)
            guard !expected.isEmpty else { continue }
            var options = ImportOptions()
            options.accessBytes = 32
            let back = try imported(
                try exported(launches, as: format), as: format == .din ? .din : .ramulator, options: options)
            #expect(sectorUses(back.launches.flatMap(\.programs), use) == expected, "seed \(seed)")
        }
    }

    @Test("A generated launch keeps its sectors and requests through an Accel-Sim trace")
    func generatedRoundTrip() throws {
        let shape = SSDShape(
            batch: 1, sequenceLength: 100, heads: 2, headDim: 64, groups: 1, stateDim: 32, chunkSize: 64)
        var source = try SSDKernels.makeSource(kernel: "ch_scan_fwd", shape: shape, tiling: nil)
        var programs: [BlockProgram] = []
        for block in 0..<source.launch.grid.blockCount {
            var program = BlockProgram()
            try source.loadProgram(ofBlock: block, into: &program)
            programs.append(program)
        }
        let back = try withAccelSim([(source.launch, programs)]) { try importedDirectory($0) }
        #expect(sectorUses(back[0].programs, Self.accelSimKind) == sectorUses(programs, Self.accelSimKind))
        #expect(back[0].launch.grid == source.launch.grid)
        #expect(back[0].launch.registersPerThread == source.launch.registersPerThread)
    }

    /// Checks the frame of a `.traceg` without the importer: every block in order, every warp with as many lines as it
    /// says.
    private func checkBlocks(_ text: String, of launch: KernelLaunch) throws {
        #expect(text.hasSuffix("\n"))
        let lines = text.split(separator: "\n").drop { !$0.hasPrefix("#BEGIN_TB") }
        var place = lines.startIndex
        func next() -> Substring {
            defer { place += 1 }
            return place < lines.endIndex ? lines[place] : "the end"
        }
        for block in 0..<launch.grid.blockCount {
            #expect(next() == "#BEGIN_TB" && next() == "thread block = \(block),0,0")
            for warp in 0..<launch.warpsPerBlock {
                #expect(next() == "warp = \(warp)")
                let count = Int(next().dropFirst("insts = ".count)) ?? 0
                #expect(count >= 1)
                for instruction in 0..<count { #expect(next().contains(" EXIT ") == (instruction == count - 1)) }
            }
            #expect(next() == "#END_TB")
        }
        #expect(place == lines.endIndex)
    }

    @Test("What Accel-Sim's traces cannot say is one error with its place, and nothing is left behind")
    func inexpressible() throws {
        let fetch = Trace.Operation.lanes(LaneAccess(kind: .fetch, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 1))
        let long = Trace.Operation.compute(ComputeWork(instructions: 4_000_000_000))
        let signal = Trace.Operation.signal(flag: 1)
        let wait = Trace.Operation.awaitFlag(flag: 1, count: 2)
        for (operation, cause) in [(signal, "signals"), (wait, "waits"), (fetch, "fetch"), (long, "MiB")] {
            let path = temporaryPath()
            let trace: Launches = [
                (launch(blocks: 2), [program([.barrier]), program([.barrier, operation], lanes: [4])])
            ]
            var message = ""
            do {
                let directory = try AtomicDirectory(path: path)
                _ = try TraceExport.writeAccelSim(of: reader(of: trace), named: "a.weir", to: directory)
            } catch let error as TraceFormatError {
                message = error.description
            }
            #expect(
                message.hasPrefix("a.weir: launch 0, block 1, operation 1 ") && message.contains(cause), "\(message)")
            #expect(!message.contains("\n"))
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let name = URL(fileURLWithPath: path).lastPathComponent
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.hasPrefix(name) })
        }
    }

    @Test("The directory may be empty before, but not hold anything")
    func existingDirectory() throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let directory = try AtomicDirectory(path: path)
        try directory.create("a").close()
        #expect(throws: TraceError.self) { try directory.create("a") }
        try directory.commit()
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["a"])
        #expect(throws: TraceError.self) { try AtomicDirectory(path: path) }
        #expect(throws: TraceError.self) { try AtomicDirectory(path: path + "/a") }
    }
}
