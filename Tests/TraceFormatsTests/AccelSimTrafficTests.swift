import TestSupport
import Testing
import Trace
import TraceFormats

/// What a trace of Accel-Sim's is priced as, and what is said about what it does not tell.
@Suite("Traffic of Accel-Sim traces")
struct AccelSimTrafficTests {
    private func program(_ lines: [String], version: Int = 5) throws -> (program: BlockProgram, summary: ImportSummary)
    {
        let result = try imported(traceg([[lines]], threads: 32, version: version), as: .accelSim)
        return (result.launches[0].programs[0], result.summary)
    }

    /// Requests of a program: kind and sectors.
    private func requests(of program: BlockProgram) -> [String] {
        program.operations.compactMap { operation in
            let kind: AccessKind
            switch operation {
            case .tile(let tile): kind = tile.kind
            case .lanes(let access): kind = access.kind
            default: return nil
            }
            var one = program
            one.operations = [operation]
            let found = sectors(of: one)
            return "\(kind) \(found.read + found.written)"
        }
    }

    private static let shared = "0010 ffffffff 0 LDGSTS.E.BYPASS.LTC128B.128 2 R12 R14 16 1 0x400 16 0 "
    private static let window = "0010 ffffffff 0 LDGSTS.E.BYPASS.LTC128B.128 2 R12 R14 16 1 0x7f4000000400 16 0 "
    private static let global = "0010 ffffffff 0 LDGSTS.E.BYPASS.LTC128B.128 2 R12 R14 16 1 0x7f8000100000 16 0 "
    private static let first = "0010 00000001 0 LDGSTS.E.BYPASS.LTC128B.128 2 R12 R14 16 2 0x0 0 "
    private static let firstGlobal = "0010 00000001 0 LDGSTS.E.BYPASS.LTC128B.128 2 R12 R14 16 2 0x7f8000100000 0 "

    @Test(
        "A copy from global to shared memory that stands on two lines is one request, whichever comes first",
        arguments: [
            ([shared, global], 16), ([global, shared], 16), ([window, global], 16), ([global, window], 16),
            ([first, firstGlobal], 1),
            ([firstGlobal, first], 1),
        ], [3, 4, 5, 6])
    func pairs(lines: ([String], Int), version: Int) throws {
        let commit = "0020 ffffffff 0 LDGDEPBAR 0 0 0 "
        // Two copies of the same instruction, as in a loop.
        let all = lines.0 + [commit] + lines.0
        let (program, summary) = try program(
            version < 5 ? all.map { String($0.dropLast(3)) + " " } : all, version: version)
        #expect(requests(of: program) == ["copyBypass \(lines.1)", "copyBypass \(lines.1)"])
        #expect(summary.accesses == 2)
        #expect(summary.taken.first { $0.what == "LDGSTS" }?.count == 2)
        #expect(summary.skipped.first { $0.what == "LDGSTS (shared-memory side of a copy)" }?.count == 2)
        let instructions = program.operations.reduce(0) { sum, operation in
            if case .compute(let work) = operation { sum + Int(work.instructions) } else { sum }
        }
        #expect(instructions == 3)
        #expect(program.laneAddresses.allSatisfy { $0 >= 0x7f80_0000_0000 })
    }

    @Test("Copies at other places, and parts of a warp at one place, are requests of their own")
    func separateCopies() throws {
        let next = Self.global.replacing("0010", with: "0020").replacing("7f80001", with: "7f80002")
        let (two, _) = try program([Self.global, next])
        #expect(requests(of: two) == ["copyBypass 16", "copyBypass 16"])
        let low = Self.global.replacing("ffffffff", with: "0000ffff")
        let (parts, summary) = try program([low, Self.global.replacing("ffffffff", with: "ffff0000")])
        #expect(requests(of: parts) == ["copyBypass 8", "copyBypass 8"])
        #expect(summary.skipped.allSatisfy { $0.what == "blank" })
    }

    @Test(
        "A request of local memory has a word of each lane: four sectors for four bytes, eight for eight, sixteen for sixteen",
        arguments: [
            ("LDL 1 R1 4 1 0xfff72c 0", "localLoad 4"), ("LDL.64 1 R1 8 1 0xfff728 0", "localLoad 8"),
            ("LDL.128 1 R1 16 1 0xfff720 0", "localLoad 16"), ("LDL.U8 1 R1 1 1 0xfff72d 0", "localLoad 4"),
            // Lanes of their own offsets: lane l's word lies in line l.
            ("LDL 1 R1 4 1 0xff0000 4", "localLoad 32"), ("LDL 1 R1 4 1 0x7f4100ff0000 0", "localLoad 4"),
            ("LD.E 1 R1 4 1 0x7f4100ff0000 0", "localLoad 4"),
        ])
    func localRequests(text: String, expected: String) throws {
        let (program, summary) = try program(["0010 ffffffff 1 R252 \(text) 0 "])
        #expect(requests(of: program) == [expected])
        #expect(summary.accesses == 1)
    }

    @Test("Local memory is laid out as the hardware lays it: word w of lane l at w * 128 + l * 4 of its warp's memory")
    func localLayout() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of 'local layout': \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let mask = UInt32.random(in: 1...UInt32.max, using: &generator)
            let offsets = (0..<mask.nonzeroBitCount).map { _ in UInt64.random(in: 0..<(1 << 22), using: &generator) * 4
            }
            let list = offsets.map { "0x" + String($0, radix: 16) + " " }.joined()
            let hex = String(mask, radix: 16)
            let text = String(repeating: "0", count: 8 - hex.count) + hex
            let (program, _) = try program([
                "0010 ffffffff 1 R4 LDL 1 R1 4 1 0x0 0 0 ", "0020 \(text) 0 STL 2 R1 R4 4 0 \(list)0 ",
            ])
            guard
                case .tile(let tile)? = program.operations.first(where: { if case .tile = $0 { true } else { false } })
            else {
                Issue.record("no request of a row")
                continue
            }
            var left = mask
            let expected = offsets.map { offset in
                let lane = UInt64(left.trailingZeroBitCount)
                left &= left - 1
                return tile.address + offset / 4 * 128 + lane * 4
            }
            #expect(program.laneAddresses == expected, "seed \(seed)")
            #expect(tile.address % 128 == 0 && tile.rowBytes == 128)
        }
    }

    @Test("Each block, and each warp of a block, has local memory of its own")
    func localOwners() throws {
        let line = "0010 ffffffff 0 STL 2 R1 R4 4 1 0xfff730 0 0 "
        let result = try imported(
            traceg(Array(repeating: [[line], [line], [line]], count: 40), threads: 96), as: .accelSim)
        var lines: Set<UInt64> = []
        for program in result.launches[0].programs {
            for case .tile(let tile) in program.operations { lines.insert(tile.address / 128) }
        }
        #expect(lines.count == 40 * 3)
        // What cannot run at once shares places: 132 SMs hold two blocks each of 1,024 threads with 32 registers.
        let large = traceg(Array(repeating: [[line]], count: 300), threads: 1024)
        let addresses = try imported(large, as: .accelSim).launches[0].programs.flatMap { program in
            program.operations.compactMap { if case .tile(let tile) = $0 { tile.address } else { nil } }
        }
        #expect(Set(addresses).count == 264 && addresses[0] == addresses[264] && addresses[1] == addresses[265])
    }

    @Test(
        "Bulk copies without addresses are counted by opcode and warned about, in every version below 6",
        arguments: [3, 4, 5])
    func bulkWithoutAddresses(version: Int) throws {
        let end = version < 5 ? " " : " 0 "
        let opcodes = ["UTMALDG.2D", "UTMALDG.2D", "UBLKCP.S.G", "UBLKCP", "UTMASTG.4D", "UBLKRED.G.S", "UTMAPF.L2"]
        let lines =
            opcodes.map { "0010 ffffffff 0 \($0) 0 0\(end)" } + [
                "0020 ffffffff 0 STG.E 2 R2 R4 4 1 0x7f8000100000 4\(end)"
            ]
        let (program, summary) = try program(lines, version: version)
        #expect(requests(of: program) == ["store 4"])
        let bulk = summary.skipped.filter { $0.what.hasSuffix("(bulk copy without addresses)") }
        #expect(
            bulk.map(\.what).map { $0.prefix { $0 != " " } } == ["UTMALDG", "UBLKCP", "UTMASTG", "UBLKRED", "UTMAPF"])
        #expect(bulk.map(\.count) == [2, 2, 1, 1, 1])
        #expect(summary.warnings.count == 1)
        #expect(
            summary.warnings[0].hasPrefix(
                "input, line 22: the trace has no addresses of 7 bulk copies (2 UTMALDG, 2 UBLKCP, "))
        #expect(summary.line.contains("2 UTMALDG (bulk copy without addresses)"))
        #expect(summary.accountedLines == summary.lines)
    }

    @Test("Accesses whose every address is 0 are left out, counted and warned about")
    func unlocated() throws {
        let zeros = String(repeating: "0x0 ", count: 32)
        let lines = [
            "0010 ffffffff 1 R4 LDG.E 1 R2 4 0 \(zeros)0 ", "0020 ffffffff 0 STG.E 2 R2 R4 4 1 0x0 0 0 ",
            "0030 0000000f 1 R4 LDG.E 1 R2 4 2 0x0 0 0 0 0 ", "0040 00000001 0 RED.E.ADD 2 R2 R4 4 2 0x0 0 ",
            "0050 ffffffff 1 R4 LD.E 1 R2 4 1 0x0 0 0 ", "0060 ffffffff 0 LDGSTS.E.128 2 R2 R4 16 1 0x0 0 0 ",
            "0070 ffffffff 1 R4 LDG.E 1 R2 4 1 0x0 4 0 ",
        ]
        let (program, summary) = try program(lines)
        // The last one has addresses: 0 to 127.
        #expect(requests(of: program) == ["load 4"])
        #expect(summary.accesses == 1)
        #expect(summary.warnings.count == 1)
        #expect(
            summary.warnings[0].hasPrefix(
                "input, line 22: 6 accesses (2 LDG, 1 STG, 1 RED, 1 LD, 1 LDGSTS) have no address but 0, so the trace does not tell "
            ))
        #expect(summary.accountedLines == summary.lines)
        var strict = ImportOptions()
        strict.isStrict = true
        #expect(throws: TraceFormatError.self) {
            try imported(traceg([[lines]], threads: 32), as: .accelSim, options: strict)
        }
    }

    @Test("So are bulk copies of version 6 whose addresses are all 0, or that name none")
    func unlocatedBulk() throws {
        let zeros = String(repeating: "0x0 ", count: 1100)
        let (program, summary) = try program(
            [
                "0010 ffffffff 0 UTMALDG.2D 1 UR8 16 0x408 0 64 0 3 1100 \(zeros)0 0 NoVal",
                "0020 ffffffff 0 UTMALDG.2D 1 UR8 16 0x408 0 64 0 3 0 0 0 NoVal",
            ], version: 6)
        #expect(requests(of: program) == [])
        #expect(summary.warnings.map { $0.contains("1 bulk copy (1 UTMALDG)") } == [true, false])
        #expect(summary.warnings.map { $0.contains("1 access (1 UTMALDG) has no address but 0") } == [false, true])
        guard case .compute(let work)? = program.operations.first else {
            Issue.record("the instructions are lost")
            return
        }
        #expect(work.instructions == 2)
    }

    @Test("A register count that cannot be is doubted, and --registers replaces it")
    func registers() throws {
        let line = "0010 ffffffff 1 R4 LDG.E 1 R2 4 1 0x7f8000100000 4 0 "
        for (count, threads, taken) in [("21955", 32, 255), ("256", 64, 255), ("4294967295", 1024, 64)] {
            let text = traceg([[[line]]], threads: threads).replacing("-nregs = 32", with: "-nregs = \(count)")
            let result = try imported(text, as: .accelSim)
            #expect(result.summary.warnings.count == 1)
            let warning = result.summary.warnings.first ?? ""
            #expect(
                warning.hasPrefix("input, line 6: \(count) registers a thread cannot be")
                    && warning.contains("--registers N"))
            #expect(result.launches[0].launch.registersPerThread == taken)
            var options = ImportOptions()
            options.registers = 40
            let replaced = try imported(text, as: .accelSim, options: options)
            #expect(replaced.summary.warnings.isEmpty && replaced.launches[0].launch.registersPerThread == 40)
        }
        var options = ImportOptions()
        options.registers = 40
        let right = try imported(traceg([[[line]]], threads: 32), as: .accelSim, options: options)
        #expect(right.launches[0].launch.registersPerThread == 32)
    }

    @Test(
        "A block that CUDA refuses is refused with file, line and limit",
        arguments: [
            ("(32,1,65)", "input, line 4: the block's z is 65, and CUDA launches at most 64"),
            ("(1025,1,1)", "input, line 4: the block's x is 1025, and CUDA launches at most 1024"),
            ("(32,32,2)", "input, line 4: the block has 2048 threads, and CUDA launches at most 1024"),
        ])
    func blocks(shape: String, expected: String) throws {
        let text = traceg([[["0010 ffffffff 0 EXIT 0 0 0 "]]], threads: 32).replacing("(32,1,1)", with: shape)
        #expect(try #require(failure(of: text, as: .accelSim)).hasPrefix(expected))
        let launch = NVBitTests.launch.replacing("64,1,1", with: shape.dropFirst().dropLast())
        #expect(try #require(failure(of: launch, as: .nvbit)).hasPrefix(expected.replacing("line 4", with: "line 1")))
    }
}
