import Foundation
import Testing
import Trace
import TraceFormats

@Suite("Accel-Sim traces")
struct AccelSimTests {
    /// One instruction line of four per address mode; hand arithmetic beside each.
    static let modes = [
        // Every lane 128 bytes from the next: 32 sectors.
        "0010 ffffffff 1 R4 LDG.E 1 R2 4 2 0x7f0000000000 " + String(repeating: "128 ", count: 31) + "0 ",
        // All of eight lanes, 4 bytes each, 32 bytes apart: 8 sectors.
        "0020 000000ff 1 R5 LDG.E 1 R2 4 0 "
            + (0..<8).map { "0x" + String(0x7f00_0001_0000 + $0 * 32, radix: 16) + " " }.joined() + "0 ",
        // One lane of eight bytes: 1 sector.
        "0030 00000100 1 R6 LDG.E.64 1 R2 8 2 0x7f0000020000 0 ",
        // Lanes 8 to 15, 16 bytes each without gap, from 16 bytes below a sector's end: 128 bytes over 5 sectors.
        "0040 0000ff00 1 R8 LDG.E.128 1 R2 16 1 0x7f0000030010 16 0 ",
        // A store of 4 bytes a lane: 4 sectors.
        "0050 ffffffff 0 STG.E 2 R2 R4 4 1 0x7f0000040000 4 0 ",
        "0060 ffffffff 0 EXIT 0 0 0 ",
    ]

    @Test("All three address modes give the sectors that hand arithmetic gives")
    func addressModes() throws {
        let result = try imported(traceg([[Self.modes]], threads: 32), as: .accelSim)
        let found = sectors(of: result.launches[0].programs[0])
        #expect(found.read == 32 + 8 + 1 + 5)
        #expect(found.written == 4)
        let launch = result.launches[0].launch
        #expect(launch.kernel == "_Z4testPf")
        #expect(
            launch.registersPerThread == 32 && launch.sharedMemoryBytesPerBlock == 1024 && launch.threadsPerBlock == 32)
        #expect(result.summary.accesses == 5)
    }

    @Test("Strides and differences may be negative, and addresses wrap at 2^64")
    func negativeStrides() throws {
        let lines = [
            // 32 lanes downwards, 128 bytes apart: 32 sectors.
            "0010 ffffffff 1 R4 LDG.E 1 R2 4 1 0x7f0000001000 -128 0 ",
            // Two lanes, the second 32 bytes below the first.
            "0020 00000003 1 R4 LDG.E 1 R2 4 2 0x7f0000002000 -32 0 ",
            // Four bytes at the end of the address space, four at its beginning.
            "0030 00000003 1 R4 LDG.E 1 R2 4 2 0xfffffffffffffffc 4 0 ",
        ]
        let program = try imported(traceg([[lines]], threads: 32), as: .accelSim).launches[0].programs[0]
        #expect(sectors(of: program).read == 32 + 2 + 2)
        #expect(program.laneAddresses.suffix(2) == [0xFFFF_FFFF_FFFF_FFFC, 0])
        #expect(program.laneAddresses[31] == 0x7F00_0000_1000 - 31 * 128)
    }

    @Test("Versions 3 to 6, line numbers, CRLF and compressed files read alike")
    func variants() throws {
        let plain = try imported(traceg([[Self.modes], [Self.modes]], threads: 32), as: .accelSim)
        for version in [3, 4, 6] {
            let other = try imported(
                traceg([[Self.modes], [Self.modes]], threads: 32, version: version), as: .accelSim)
            #expect(other.launches[0].programs == plain.launches[0].programs)
        }
        let numbered = traceg(
            [[Self.modes.map { "17 " + $0 }], [Self.modes.map { "17 " + $0 }]], threads: 32,
            header: "-enable lineinfo = 1")
        #expect(try imported(numbered, as: .accelSim).launches[0].programs == plain.launches[0].programs)
        let windows = traceg([[Self.modes], [Self.modes]], threads: 32).replacing("\n", with: "\r\n")
        #expect(try imported(windows, as: .accelSim).launches[0].programs == plain.launches[0].programs)
    }

    @Test("Warps go side by side; a use of a loaded register waits, barriers and groups of copies join the block")
    func order() throws {
        func warp(_ base: Int) -> [String] {
            func address(_ offset: Int) -> String { "0x" + String(base + offset, radix: 16) }
            return [
                "0010 ffffffff 1 R8 LDG.E.128 1 R2 16 1 \(address(0)) 16 0 ",
                "0020 ffffffff 0 LDGSTS.E.BYPASS.LTC128B.128 2 R3 R4 16 1 \(address(0x1000)) 16 0 ",
                "0030 ffffffff 0 LDGDEPBAR 0 0 0 ",
                "0040 ffffffff 1 R20 FFMA 3 R11 R12 R13 0 0 ",
                "0050 ffffffff 0 DEPBAR.LE 0 0 0 ",
                "0060 ffffffff 0 BAR.SYNC 0 0 0 ",
                "0070 ffffffff 1 R21 LDS.128 1 R7 16 1 0x100 16 0 ",
                "0080 0000ffff 0 STG.E.EF 2 R2 R20 4 1 \(address(0x2000)) 4 0 ",
                "0090 ffffffff 0 EXIT 0 0 0 ",
            ]
        }
        let result = try imported(traceg([[warp(0x7f00_0000_0000), warp(0x7f00_0010_0000)]]), as: .accelSim)
        let program = result.launches[0].programs[0]
        let steps = program.operations.map { operation in
            switch operation {
            case .tile(let tile): "\(tile.kind) \(String(tile.address, radix: 16)) \(tile.rowBytes) \(tile.hint)"
            case .compute(let work): "compute \(work.instructions) fp32 \(work.fp32) memory \(work.memory)"
            default: "\(operation)"
            }
        }
        #expect(
            steps == [
                "compute 1 fp32 0 memory 1",
                "load 7f0000000000 512 normal", "load 7f0000100000 512 normal",
                "compute 1 fp32 0 memory 1",
                "copyBypass 7f0000001000 512 normal", "copyBypass 7f0000101000 512 normal",
                "compute 1 fp32 0 memory 0", "commitGroup", "awaitLoads",
                "compute 2 fp32 1 memory 0", "awaitGroups(pending: 0)",
                "compute 1 fp32 0 memory 0", "barrier",
                "compute 2 fp32 0 memory 2",
                "store 7f0000002000 64 evictFirst", "store 7f0000102000 64 evictFirst",
                "compute 1 fp32 0 memory 0",
            ])
        #expect(result.summary.skipped.map(\.what) == ["LDS (shared memory)", "blank"])
        #expect(result.summary.skipped[0].count == 2)
    }

    @Test("A wide store waits for a load into any of its registers, a narrow one beside it does not")
    func wideStores() throws {
        func steps(_ store: String) throws -> [String] {
            let lines = [
                "0010 ffffffff 1 R7 LDG.E 1 R2 4 1 0x7f0000000000 4 0 ",
                "0020 ffffffff 0 \(store) 2 R2 R4 4 1 0x7f0000010000 16 0 ",
            ]
            return try imported(traceg([[lines]], threads: 32), as: .accelSim).launches[0].programs[0].operations
                .compactMap {
                    if case .awaitLoads = $0 { "wait" } else { nil }
                }
        }
        #expect(try steps("STG.E.128") == ["wait"])
        #expect(try steps("STG.E.64") == [])
        #expect(try steps("STG.E") == [])
    }

    @Test("SASS opcodes tell operation, width and hint")
    func opcodes() throws {
        let cases: [(String, String)] = [
            ("LDG.E.U8.CONSTANT", "load 1 normal"), ("LDG.E.S16", "load 2 normal"), ("LDG.E.EL.64", "load 8 evictLast"),
            ("LDG.E.STRONG.GPU", "load 4 bypassL1"), ("LDG.E.NA", "load 4 noAllocate"),
            ("LDGSTS.E.LTC128B.128", "copyThroughL1 16 normal"), ("LDGSTS.E.BYPASS.128", "copyBypass 16 normal"),
            ("RED.E.ADD.F32.FTZ.RN", "reduction 4 normal"), ("REDG.E.ADD.F64", "reduction 8 normal"),
            ("ATOMG.E.ADD.64", "atomic 8 normal"), ("ATOM.E.CAS", "atomic 4 normal"),
            ("LDL.64", "localLoad 4 normal"), ("STL", "localStore 4 normal"), ("LD.E", "load 4 normal"),
            ("ST.E.128", "store 16 normal"),
        ]
        for (opcode, expected) in cases {
            let line = "0010 00000005 0 \(opcode) 1 R2 4 0 0x7f0000000000 0x7f0000001000 0 "
            let program = try imported(traceg([[[line]]], threads: 32), as: .accelSim).launches[0].programs[0]
            guard
                case .lanes(let access)? = program.operations.first(where: {
                    if case .lanes = $0 { true } else { false }
                })
            else {
                Issue.record("\(opcode): no access")
                continue
            }
            #expect("\(access.kind) \(access.laneBytes) \(access.hint)" == expected, "\(opcode)")
            // Eight bytes of local memory are two words in lines of their own.
            #expect(access.laneCount == (opcode == "LDL.64" ? 4 : 2))
        }
    }

    @Test("Generic accesses go to the space of their address")
    func genericSpaces() throws {
        let lines = [
            "0010 00000001 1 R4 LD.E 1 R2 4 2 0x7f4000000100 0 ",
            "0020 00000001 1 R4 LD.E 1 R2 4 2 0x7f4100000100 0 ",
            "0030 00000001 1 R4 LD.E 1 R2 4 2 0x7f5000000100 0 ",
        ]
        let result = try imported(traceg([[lines]], threads: 32), as: .accelSim)
        let kinds = result.launches[0].programs[0].operations.compactMap { operation -> String? in
            if case .lanes(let access) = operation { "\(access.kind)" } else { nil }
        }
        #expect(kinds == ["localLoad", "load"])
        #expect(result.summary.skipped.first { $0.what == "LD (shared memory)" }?.count == 1)
    }

    @Test("Bulk copies of version 6 have their own addresses, and waiting for their barrier waits for them")
    func bulkCopies() throws {
        let lines = [
            "0010 ffffffff 0 UBLKCP.S.G 2 UR4 UR6 16 0x400 0 1024 0 4 0x7f0000000000 64 "
                + String(repeating: "16 ", count: 63) + "0 0 NoVal",
            "0020 ffffffff 0 UTMALDG.2D 1 UR8 16 0x408 1 0x3 64 0 3 4 0x7f0000010000 0x7f0000010020 0x7f0000010040 0x7f0000010060 0 0 NoVal",
            "0030 ffffffff 1 P0 SYNCS.PHASECHK.TRANS64.TRYWAIT 1 R2 8 1 0x400 0 0 0 NoVal",
            "0040 ffffffff 0 UTMASTG.2D 1 UR8 16 0x0 0 32 0 3 2 0x7f0000020000 0x7f0000020010 0 0 Val 1 5 ",
        ]
        let program = try imported(traceg([[lines]], threads: 32, version: 6), as: .accelSim).launches[0].programs[0]
        let steps = program.operations.compactMap { operation -> String? in
            switch operation {
            case .lanes(let access): "\(access.kind) \(access.laneCount) x \(access.laneBytes)"
            case .compute: nil
            default: "\(operation)"
            }
        }
        #expect(
            steps == [
                "bulkLoad 64 x 16", "commitGroup", "bulkLoad 4 x 16", "commitGroup", "awaitGroups(pending: 1)",
                "bulkStore 2 x 16",
            ])
        let found = sectors(of: program)
        #expect(found.read == 32 + 4 && found.written == 1)
    }

    @Test("Tensor products are counted by their shape")
    func products() throws {
        let lines = [
            "0010 ffffffff 1 R8 HMMA.16816.F32 3 R4 R6 R8 0 0 ",
            "0020 ffffffff 1 R8 HMMA.1688.F32.TF32 3 R4 R6 R8 0 0 ",
            "0030 ffffffff 1 R8 HMMA.1688.F32 3 R4 R6 R8 0 0 ", "0040 ffffffff 1 R8 HMMA.1688.F32 3 R4 R6 R8 0 0 ",
            "0050 ffffffff 1 R8 HGMMA.64x128x16.F32 2 R4 R8 0 0 ",
            "0060 ffffffff 1 R8 IMMA.16832.S8.S8 3 R4 R6 R8 0 0 ",
        ]
        let program = try imported(traceg([[lines]], threads: 32), as: .accelSim).launches[0].programs[0]
        guard case .compute(let work)? = program.operations.first else {
            Issue.record("no compute step")
            return
        }
        #expect(work.instructions == 6 && work.tensor == 6)
        // One, one, two halves, 16 of the warp's quarter of 64 x 128 x 16, one of twice as deep bytes.
        #expect(work.products == 1 + 1 + 1 + 16 + 1)
    }

    @Test("A list names kernels and copies, whose ranges become tensors")
    func list() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weir-list-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for number in 1...2 {
            try traceg([[Self.modes]], threads: 32).write(
                to: folder.appending(path: "kernel-\(number).traceg"), atomically: true, encoding: .utf8)
        }
        let list =
            "MemcpyHtoD,0x00007f0000000000,4096\nMemcpyHtoD,0x00007f0000000800,65536\nkernel-1.traceg\n\nMemcpyDtoH,x\nkernel-2.traceg\n"
        let buffer = ByteOutput.Buffer()
        var writer = try TraceWriter(output: ByteOutput(buffer: buffer))
        let summary = try TraceImport.read(
            ByteInput(bytes: Array(list.utf8), name: "kernelslist.g"), format: .accelSim, directory: folder.path,
            into: &writer)
        try writer.finish()
        #expect(summary.launches == 2)
        let reader = try TraceStreamReader(ByteInput(bytes: buffer.bytes))
        let launch = try #require(try reader.nextLaunch()).launch
        #expect(launch.tensors.map(\.baseAddress) == [0x7f00_0000_0000, 0])
        #expect(launch.tensors.map(\.byteCount) == [0x800 + 65536, 0])
    }

    @Test("Bad traces give one line with file, line, cause and cure", arguments: Self.badTraces)
    func errors(text: String, expected: String) throws {
        let message = try #require(failure(of: text, as: .accelSim))
        #expect(message.contains(expected), "\(message)")
        #expect(message.hasPrefix("input") && !message.contains("\n"))
    }

    static let badTraces: [(String, String)] = {
        let good = traceg([[modes], [modes]], threads: 32)
        func line(_ text: String) -> String { traceg([[[text]]], threads: 32) }
        return [
            (good.replacing("version = 5", with: "version = 2"), "this is tracer version 2"),
            (good.replacing("-grid dim = (2,1,1)\n", with: ""), "'-grid dim' is missing"),
            (good.replacing("(2,1,1)", with: "(2,1,0)"), "the grid's z is 0"),
            (
                good.replacing("(2,1,1)", with: "(1000000000,1,1)"),
                "the input ends within the trace, before thread block (2,0,0)"
            ),
            (
                good.replacing("(2,1,1)", with: "(2147483647,60000,1)"),
                "grid x * y * z is 128849018820000, expected at most 2147483647, a limit of Weir's own"
            ),
            (good.replacing("-block dim = (32,1,1)", with: "-block dim = (32,64,1)"), "the block has 2048 threads"),
            (
                good.replacing("thread block = 1,0,0", with: "thread block = 0,0,0"),
                "the thread block is (0,0,0), expected (1,0,0)"
            ),
            (good.replacing("warp = 0", with: "warp = 1"), "the warp's number is 1"),
            (good.replacing("insts = 6", with: "insts = 7"), "the program counter is '#END_TB'"),
            (good.replacing("insts = 6", with: "insts = 99999999999999999999"), "expected 'insts = n'"),
            (String(good.dropLast(9)), "the input ends within thread block (1,0,0), block 2 of 2"),
            (good + "more\n", "the line behind the last thread block is 'more'"),
            (line("0010 fffffffff 0 EXIT 0 0 0 "), "the mask is 'fffffffff'"),
            (line("0010 ffffffff 1 X4 LDG.E 1 R2 4 2 0x10 0 "), "a destination register is 'X4'"),
            (line("0010 ffffffff 17 R4 LDG.E 1 R2 4 2 0x10 0 "), "the number of destination registers is '17'"),
            (line("0010 00000003 1 R4 LDG.E 1 R2 4 0 0x10 "), "an address is missing"),
            (line("0010 00000001 1 R4 LDG.E 1 R2 4 0 0x10000000000000000 0 "), "an address is '0x10000000000000000'"),
            (line("0010 00000005 1 R4 LDG.E 1 R2 4 1 0x10 4 0 "), "the mask of a base and a stride is 0x5"),
            (line("0010 00000001 1 R4 LDG.E 1 R2 4 7 0x10 4 0 "), "the address mode is '7'"),
            (line("0010 00000001 1 R4 LDG.E 1 R2 4 2 0x10 0 9 "), "what follows the immediate is '9'"),
            (line("0010 00000001 1 R4 LDG.E\u{0} 1 R2 99999 2 0x10 0 "), "the width is '99999'"),
            ("-kernel name = a\n", "the input ends within the header"),
            ("kernel-1.traceg\n", "'kernel-1.traceg' cannot be read"),
            ("kernel-1.tracez\n", "binary format"),
            ("MemcpyHtoD,0x10\n", "the copy is"),
            ("nothing\n", "there is nothing to import"),
        ]
    }()
}
