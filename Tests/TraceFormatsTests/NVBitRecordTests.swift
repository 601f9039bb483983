import Testing
import Trace
import TraceFormats

/// Which launch a record of NVBit's belongs to, and whether it is whole.
@Suite("NVBit records and their launches")
struct NVBitRecordTests {
    private static let lanes = (0..<32).map { 0x7f80_0010_0000 + UInt64($0) * 4 }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func launch(_ name: String, _ number: Int, context: UInt64 = 0x55) -> String {
        "MEMTRACE: CTX \(hex(context)) - LAUNCH - Kernel pc 0x7f - Kernel name \(name) - grid launch id \(number) - grid size 1,1,1 "
            + "- block size 32,1,1 - nregs 16 - shmem 0 - cuda stream id 0\n"
    }

    /// - Parameter launch: nil in the form whose records name their context alone.
    private static func record(
        _ opcode: String, launch: Int? = 0, context: UInt64 = 0x55, count: Int = 32,
        from first: UInt64 = 0x7f80_0010_0000
    ) -> String {
        "MEMTRACE: CTX \(hex(context)) - " + (launch.map { "grid_launch_id \($0) - " } ?? "")
            + "CTA 0,0,0 - warp 0 - \(opcode) - "
            + (0..<count).map { hex(first + UInt64($0) * 4) + " " }.joined()
    }

    @Test(
        "A record with fewer addresses than the tool writes is damaged, wherever it stands", arguments: [0, 1, 12, 31])
    func short(count: Int) throws {
        let whole = Self.record("STG.E") + "\n"
        let part = Self.record("LDG.E", count: count)
        for split in [part + "\n", part + "\nhello\n", part + "hello\n", part + Self.record("RED.E.ADD") + "\n"] {
            for text in [Self.launch("a", 0) + split + whole, Self.launch("a", 0) + whole + split + whole] {
                let message = try #require(failure(of: text, as: .nvbit))
                #expect(message.contains(": the record's number of addresses is \(count), expected 32"), "\(message)")
                #expect(
                    message.hasPrefix("input, line \(text.hasPrefix(Self.launch("a", 0) + whole) ? 3 : 2): "),
                    "\(message)")
                #expect(message.contains("--keep-whole"))
            }
        }
        var options = ImportOptions()
        options.keepsWhole = true
        let text = Self.launch("a", 0) + part + "\n" + Self.launch("b", 1) + Self.record("STG.E", launch: 1) + "\n"
        let result = try imported(text, as: .nvbit, options: options)
        #expect(result.launches.map(\.launch.kernel) == ["b"])
        #expect(
            result.summary.warnings.count == 1
                && result.summary.warnings[0].contains("launch 1 (a) is damaged and left out"))
        #expect(result.summary.accountedLines == result.summary.lines)
    }

    @Test(
        "Launches of two contexts with the same number stay apart, in both forms of records", arguments: [true, false])
    func contexts(isNumbered: Bool) throws {
        func record(_ opcode: String, _ context: UInt64) -> String {
            Self.record(opcode, launch: isNumbered ? 0 : nil, context: context) + "\n"
        }
        let text =
            Self.launch("a", 0) + Self.launch("b", 0, context: 0x77) + record("LDG.E", 0x55) + record("STG.E.64", 0x77)
            + record("LDG.E.64", 0x55) + record("ATOMG.E.ADD", 0x77)
        let result = try imported(text, as: .nvbit)
        #expect(result.launches.map(\.launch.kernel) == ["a", "b"])
        let found = result.launches.map { $0.programs.flatMap { accesses(of: $0) } }
        #expect(
            found == [
                ["load 7f8000100000 4", "load 7f8000100000 8"], ["store 7f8000100000 8", "atomic 7f8000100000 4"],
            ])
        // A record of a third context belongs to none of them.
        let stray = try #require(failure(of: text + record("LDG.E", 0x99), as: .nvbit))
        #expect(stray.hasPrefix("input, line 7: the "), "\(stray)")
    }

    @Test("With --keep-whole, records without number of a launch whose line is damaged are not another launch's")
    func damagedLaunch() throws {
        func record(_ opcode: String, _ context: UInt64) -> String {
            Self.record(opcode, launch: nil, context: context) + "\n"
        }
        let text =
            Self.launch("a", 0) + record("LDG.E", 0x55) + Self.launch("b", 1).replacing("nregs 16", with: "nregs x")
            + record("STG.E", 0x55) + Self.launch("c", 0, context: 0x77) + record("STG.E.64", 0x55)
            + record("LDG.E.64", 0x77)
        var options = ImportOptions()
        options.keepsWhole = true
        let result = try imported(text, as: .nvbit, options: options)
        #expect(result.launches.map(\.launch.kernel) == ["a", "c"])
        #expect(
            result.launches.flatMap { $0.programs.flatMap { accesses(of: $0) } } == [
                "load 7f8000100000 4", "load 7f8000100000 8",
            ])
        #expect(result.summary.accountedLines == result.summary.lines && result.summary.warnings.count == 1)
    }

    @Test("A number that one context gives twice is refused, with and without --keep-whole")
    func repeated() throws {
        let text = Self.launch("a", 0) + Self.record("LDG.E") + "\n" + Self.launch("b", 0) + Self.record("STG.E") + "\n"
        for keepsWhole in [false, true] {
            var options = ImportOptions()
            options.keepsWhole = keepsWhole
            let message = try #require(failure(of: Array(text.utf8), as: .nvbit, options: options))
            #expect(
                message.hasPrefix(
                    "input, line 3: the launch id 0 of this context (CTX) is named a second time, first by input, line 1"
                ))
            #expect(message.hasSuffix("Import each process's output by itself"))
        }
    }

    @Test("With --keep-whole, records of launches that no line names are left out with a warning that counts them")
    func homeless() throws {
        let text =
            Self.launch("a", 0) + Self.record("LDG.E", launch: 3) + "\n" + Self.record("LDG.E") + "\n"
            + Self.record("STG.E", launch: 4) + "\n"
        #expect(try #require(failure(of: text, as: .nvbit)).hasPrefix("input, line 2: the launch of the record is 3"))
        var options = ImportOptions()
        options.keepsWhole = true
        let result = try imported(text, as: .nvbit, options: options)
        #expect(result.summary.accesses == 1 && result.summary.accountedLines == result.summary.lines)
        #expect(result.summary.warnings.count == 1)
        let expected =
            "input, line 2: 2 damaged records of no launch that is named above are left out. input, line 2: the launch"
        #expect(result.summary.warnings[0].hasPrefix(expected), "\(result.summary.warnings)")
        options.isStrict = true
        #expect(throws: TraceFormatError.self) { try imported(text, as: .nvbit, options: options) }
    }
}
