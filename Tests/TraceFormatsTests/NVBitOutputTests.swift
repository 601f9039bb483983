import TestSupport
import Testing
import Trace
import TraceFormats

/// NVBit's records among other output, and what is said about what they do not tell.
@Suite("NVBit records among other output")
struct NVBitOutputTests {
    /// As the tool prints an address.
    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A record as the tool prints it: 32 addresses, each with a space behind it.
    private static func record(
        _ block: String, _ warp: Int, _ opcode: String, _ addresses: [UInt64], launch: Int? = 0
    ) -> String {
        let all = addresses + Array(repeating: 0, count: 32 - addresses.count)
        let context = launch.map { "MEMTRACE: CTX 0x000055967fa50640 - grid_launch_id \($0) - " } ?? ""
        return context + "CTA \(block) - warp \(warp) - \(opcode) - " + all.map { hex($0) + " " }.joined()
    }

    private static func launch(_ number: Int?, _ name: String, grid: String = "2,1,1", nregs: Int = 16) -> String {
        let sizes = "grid size \(grid) - block size 64,1,1 - nregs \(nregs) - shmem 0 - cuda stream id 0"
        guard let number else { return "Kernel \(name) - \(sizes)" }
        return
            "MEMTRACE: CTX 0x000055967fa50640 - LAUNCH - Kernel pc 0x00007faedadc0200 - Kernel name \(name) - grid launch id \(number) - \(sizes)"
    }

    private static let lanes = (0..<32).map { 0x7f80_0010_0000 + UInt64($0) * 4 }

    @Test(
        "Records before, behind and between other output are found, in the new form and in the old",
        arguments: [
            "Running step 1 ... ", "done 50%", "CTA 5 is done ", "Kernel launched: ", "0", "f", "Kernel CTX 0x1 - ",
            "\t",
        ], [0, nil])
    func glued(text: String, number: Int?) throws {
        let lines = [
            Self.launch(number, "vecAdd(double*, int)"),
            text + Self.record("0,0,0", 0, "LDG.E", Self.lanes, launch: number),
            Self.record("0,0,0", 1, "LDG.E", Self.lanes, launch: number) + text,
            Self.record("1,0,0", 0, "LDG.E", Self.lanes, launch: number) + text
                + Self.record("1,0,0", 1, "STG.E", Self.lanes, launch: number),
            String(Self.record("1,0,0", 0, "STG.E", Self.lanes, launch: number).dropLast()) + "done",
            text + Self.launch(number.map { $0 + 1 }, "other", grid: "1,1,1"),
            Self.launch(number.map { $0 + 2 }, "third", grid: "1,1,1")
                + Self.record("0,0,0", 0, "LDG.E", Self.lanes, launch: number.map { $0 + 2 }),
        ]
        let result = try imported(lines.joined(separator: "\n") + "\n", as: .nvbit)
        #expect(result.launches.map(\.launch.kernel) == ["vecAdd(double*, int)", "other", "third"])
        #expect(result.launches[0].programs.map { accesses(of: $0).count } == [2, 3])
        #expect(result.launches[2].programs.map { accesses(of: $0).count } == [1])
        #expect(result.summary.accesses == 6)
        #expect(result.summary.accountedLines == result.summary.lines && result.summary.lines == 7)
        #expect(result.summary.counted.first { $0.what == "records behind another on its line" }?.count == 2)
    }

    @Test(
        "Whatever is printed around records and launches, the same launches come out, and every line is accounted for")
    func gluedLaw() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of 'records among other output': \(seed)")
        var generator = SeededGenerator(seed: seed)
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        let words = [
            "step ", "0xbeef ", "CTA ", "CTX ", "Kernel ", "MEMTRACE: ", "100%", " - warp", "- grid siz ", "\t", "é",
            "a1", "CTA 1,2 ", "",
            "CTX 0x7 - done ", "grid_launch_id 0 ",
        ]
        func noise() -> String { (0..<number(0...4)).map { _ in words[number(0...words.count - 1)] }.joined() }
        let opcodes = [
            "LDG.E", "STG.E.64", "LDL", "LDS", "RED.E.ADD", "LDGSTS.E.128", "UTMALDG.2D", "ATOMG.E.ADD", "LD.E",
        ]
        for _ in 0..<40 {
            let isNew = number(0...1) == 0
            var items: [String] = []
            for launch in 0..<number(1...3) {
                items.append(Self.launch(isNew ? launch : nil, "k\(launch)<int, 3>(float*)"))
                for _ in 0..<number(0...12) {
                    let addresses = (0..<number(0...32)).map { _ in
                        UInt64(number(0...1) == 0 ? number(0...0xFFFF) : 0x7f00_0000_0000 + number(0...9999))
                    }
                    items.append(
                        Self.record(
                            "\(number(0...1)),0,0", number(0...3), opcodes[number(0...opcodes.count - 1)], addresses,
                            launch: isNew ? launch : nil))
                }
            }
            let clean = try imported(items.joined(separator: "\n") + "\n", as: .nvbit)
            var text = ""
            for item in items {
                while number(0...3) == 0 { text += noise() + "\n" }
                if number(0...2) == 0 { text += "\n" + noise() + " " }
                text += item + " "
                if number(0...2) == 0 { text += noise() }
                if number(0...3) > 0 { text += "\n" }
            }
            let mixed = try imported(text + "\n", as: .nvbit)
            #expect(mixed.launches.map(\.launch) == clean.launches.map(\.launch), "seed \(seed)")
            #expect(mixed.launches.map(\.programs) == clean.launches.map(\.programs), "seed \(seed)")
            for summary in [clean.summary, mixed.summary] {
                #expect(summary.accountedLines == summary.lines, "seed \(seed): \(summary.line)")
            }
            #expect(mixed.summary.accesses == clean.summary.accesses)
        }
    }

    @Test("Of a copy's two lines the one with global memory's addresses is the request, whichever comes first")
    func copies() throws {
        let copy = "LDGSTS.E.BYPASS.128"
        let shared = Self.record("0,0,0", 3, copy, [0x400, 0x410])
        let first = Self.record("0,0,0", 3, copy, [0])
        let global = Self.record("0,0,0", 3, copy, [0x7f80_0000_0000, 0x7f80_0000_0010])
        let otherWarp = Self.record("0,0,0", 5, "LDG.E", [0x7f80_0000_2000])
        for lines in [
            [shared, global], [global, shared], [first, global], [global, first], [shared, otherWarp, global],
        ] {
            let text = ([Self.launch(0, "k")] + lines + lines).joined(separator: "\n") + "\n"
            let result = try imported(text, as: .nvbit)
            let copies = result.launches[0].programs[0].operations.filter {
                if case .lanes(let access) = $0 { access.kind == .copyBypass } else { false }
            }
            #expect(copies.count == 2, "\(lines)")
            #expect(result.launches[0].programs[0].laneAddresses.allSatisfy { $0 >= 0x7f80_0000_0000 })
            #expect(result.summary.skipped.map(\.what) == ["LDGSTS (shared-memory side of a copy)"])
            #expect(result.summary.skipped[0].count == 2 && result.summary.accountedLines == result.summary.lines)
        }
    }

    @Test("Local memory is placed as the hardware places it, a block's and a warp's apart")
    func local() throws {
        let offsets = Array(repeating: UInt64(0xfff72c), count: 32)
        let text =
            [
                Self.launch(0, "k"), Self.record("0,0,0", 40, "LDL", offsets), Self.record("0,0,0", 17, "STL", offsets),
                Self.record("1,0,0", 40, "LDL.64", offsets.map { $0 & ~7 }),
                Self.record("1,0,0", 40, "LDL.128", [0, 0, 0xfff720]),
            ].joined(separator: "\n") + "\n"
        let result = try imported(text, as: .nvbit)
        let programs = result.launches[0].programs
        #expect(sectors(of: programs[0]).read == 4 && sectors(of: programs[0]).written == 4)
        #expect(sectors(of: programs[1]).read == 8 + 4)
        #expect(Set((programs[0].laneAddresses + programs[1].laneAddresses).map { $0 / 128 }).count == 2 + 4)
        #expect(programs[1].laneAddresses.suffix(4).allSatisfy { $0 % 128 == 8 })
        #expect(result.summary.accesses == 4)
    }

    @Test("Bulk copies, and accesses whose every address is 0, are counted and warned about")
    func untold() throws {
        let text =
            [
                Self.launch(0, "k"), Self.record("0,0,0", 0, "UTMALDG.2D", []), Self.record("0,0,0", 0, "LDG.E", []),
                Self.record("0,0,0", 0, "LDGSTS.E.128", []), Self.record("0,0,0", 0, "STG.E", Self.lanes),
                Self.record("0,0,0", 0, "LDL", []),
            ].joined(separator: "\n") + "\n"
        let result = try imported(text, as: .nvbit)
        #expect(result.summary.accesses == 1 && result.summary.accountedLines == result.summary.lines)
        #expect(result.summary.warnings.count == 2)
        #expect(
            result.summary.warnings[0].hasPrefix("input, line 2: the trace has no addresses of 1 bulk copy (1 UTMALDG)")
        )
        #expect(
            result.summary.warnings[1].hasPrefix(
                "input, line 3: 3 accesses (1 LDG, 1 LDGSTS, 1 LDL) have no address but 0"))
    }

    @Test("Launches are chosen by name and number, and the records of others are in the account")
    func choice() throws {
        let names = ["void gemm<float>(float*)", "scan(int*)", "void gemm<half>(half*)"]
        let text =
            names.indices.flatMap {
                [Self.launch($0, names[$0]), Self.record("0,0,0", 0, "LDG.E", [UInt64(0x1000 * ($0 + 1))], launch: $0)]
            }.joined(separator: "\n") + "\n"
        func taken(_ kernels: [String], _ launches: [String]) throws -> [String] {
            var options = ImportOptions()
            options.kernels = kernels
            options.launches = launches.compactMap { LaunchRange($0) }
            let result = try imported(text, as: .nvbit, options: options)
            #expect(result.summary.accountedLines == result.summary.lines)
            #expect(
                (result.summary.skipped.first { $0.what == "LDG (launch left out)" }?.count ?? 0)
                    == UInt64(3 - result.launches.count))
            return result.launches.flatMap { $0.programs.flatMap { accesses(of: $0) } }
        }
        #expect(try taken(["scan(int*)"], []) == ["load 2000 4"])
        #expect(try taken(["*gemm*"], []) == ["load 1000 4", "load 3000 4"])
        #expect(try taken(["*gemm*"], ["2.."]) == ["load 3000 4"])
        #expect(try taken([], ["1", "3"]) == ["load 1000 4", "load 3000 4"])
        #expect(throws: TraceFormatError.self) { try taken(["gemm"], []) }
        #expect(throws: TraceFormatError.self) { try taken([], ["4"]) }
    }

    @Test("--keep-whole leaves out launches with damaged lines, and says where")
    func keepWhole() throws {
        func text(_ number: Int?) -> String {
            [
                Self.launch(number, "a"), Self.record("0,0,0", 0, "LDG.E", [0x1000], launch: number),
                Self.launch(number.map { $0 + 1 }, "b"),
                Self.record("0,0,0", 0, "LDG.E", [0x2000], launch: number.map { $0 + 1 }),
                Self.record("7,0,0", 0, "LDG.E", [0x2000], launch: number.map { $0 + 1 }),
                Self.launch(number.map { $0 + 2 }, "c", grid: "1,1"),
                Self.record("0,0,0", 0, "LDG.E", [0x3000], launch: number.map { $0 + 2 }),
                Self.launch(number.map { $0 + 3 }, "d"),
                Self.record("0,0,0", 0, "STG.E", [0x4000], launch: number.map { $0 + 3 }),
            ].joined(separator: "\n") + "\n"
        }
        for number in [0, nil] {
            let error = try #require(failure(of: text(number), as: .nvbit))
            #expect(error.hasPrefix("input, line 5: ") && error.contains("--keep-whole"))
            var options = ImportOptions()
            options.keepsWhole = true
            let result = try imported(text(number), as: .nvbit, options: options)
            #expect(result.launches.map(\.launch.kernel) == ["a", "d"])
            #expect(
                result.launches.flatMap { $0.programs.flatMap { accesses(of: $0) } } == ["load 1000 4", "store 4000 4"])
            #expect(result.summary.accountedLines == result.summary.lines)
            // The record of the launch whose line is damaged has no launch where records go by numbers.
            #expect(result.summary.warnings.count == (number == nil ? 2 : 3))
            #expect(result.summary.warnings[0].contains("launch 2 (b) is damaged and left out"))
            #expect(
                number == nil
                    || result.summary.warnings[2].hasPrefix(
                        "input, line 7: a damaged record of no launch that is named above")
            )
            #expect(result.summary.warnings[0].contains("input, line 5: the thread block is (7,0,0)"))
            #expect(result.summary.warnings[1].contains("input, line 6: the launch's grid size is '1,1'"))
        }
    }

    @Test("A last line that was cut is a warning with its number, and an error where the import is strict")
    func cutLastLine() throws {
        let whole = [Self.launch(0, "k"), Self.record("0,0,0", 0, "LDG.E", Self.lanes)].joined(separator: "\n") + "\n"
        let last = Self.record("1,0,0", 0, "STG.E", Self.lanes)
        for length in [last.count - 2, last.count - 40, 95, 75, 60] {
            let text = whole + last.prefix(length)
            let result = try imported(text, as: .nvbit)
            #expect(result.summary.accesses == 1 && result.summary.accountedLines == result.summary.lines)
            #expect(
                result.summary.warnings.count == 1
                    && result.summary.warnings[0].hasPrefix("input, line 3: the last line was cut"))
            var options = ImportOptions()
            options.isStrict = true
            #expect(throws: TraceFormatError.self) { try imported(text, as: .nvbit, options: options) }
        }
        for text in [whole + last, whole + last.dropLast(), whole + "The end"] {
            let warnings = try imported(text, as: .nvbit).summary.warnings
            #expect(warnings.count == 1 && warnings[0].hasPrefix("input, line 3: the last line has no line break"))
        }
    }

    @Test("Registers that cannot be are doubted")
    func registers() throws {
        let text = Self.launch(0, "k", nregs: 4096) + "\n" + Self.record("0,0,0", 0, "LDG.E", Self.lanes) + "\n"
        let result = try imported(text, as: .nvbit)
        #expect(result.launches[0].launch.registersPerThread == 255)
        #expect(
            result.summary.warnings.map { $0.hasPrefix("input, line 1: 4096 registers a thread cannot be") } == [true])
        var options = ImportOptions()
        options.registers = 24
        #expect(try imported(text, as: .nvbit, options: options).launches[0].launch.registersPerThread == 24)
    }
}
