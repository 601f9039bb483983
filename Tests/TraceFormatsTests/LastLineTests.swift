import TestSupport
import Testing
import Trace
import TraceFormats

@Suite("Last lines that may be cut, and the account of all lines")
struct LastLineTests {
    @Test(
        "A last line without line break is taken where it parses, with a warning that --strict makes an error",
        arguments: [
            (ImportFormat.din, "0 1000\n0 1f40\n0 2a", 3, 3), (.din, "r 8 4", 1, 1),
            (.lackey, "I  04001090,3\n L 04222c88,1", 2, 2),
            (.lackey, "I  04001090,3\n==12== Coun", 1, 2), (.ramulator, "LD 0x40\nST 0x8", 2, 2),
            (.ramulator, "3 64\n5 128", 2, 2),
            (
                .nvbit, nvbit + "CTA 0,0,0 - warp 0 - LDG.E -" + String(repeating: " 0x0000000000001000", count: 32), 1,
                2
            ),
            (.accelSim, traceg([[["0000 00000001 1 R4 LDG.E 1 R2 4 1 0x1000 0"]]], threads: 32).trimmed, 1, 0),
        ])
    func warning(format: ImportFormat, text: String, accesses: Int, line: Int) throws {
        let summary = try imported(text, as: format).summary
        #expect(summary.accesses == UInt64(accesses))
        let warning = try #require(summary.warnings.first)
        #expect(
            summary.warnings.count == 1
                && warning.contains("the last line has no line break, so that it may have been cut"))
        #expect(warning.hasPrefix("input, line \(line == 0 ? Int(summary.lines) : line): "), "\(warning)")
        #expect(try imported(text + "\n", as: format).summary.warnings.isEmpty)
        var options = ImportOptions()
        options.isStrict = true
        #expect(throws: TraceFormatError.self) { try imported(text, as: format, options: options) }
        #expect(try imported(text + "\r\n", as: format, options: options).summary.accesses == UInt64(accesses))
    }

    @Test(
        "A last line without line break that does not parse says that the input ends within it",
        arguments: [
            (ImportFormat.din, "0 1000\n0", "the address is missing"), (.din, "0 1000\nr 1000 ", "the size is missing"),
            (.lackey, "I  04001090,3\n L 0422", "the address is '0422'"),
            (.lackey, "I  04001090,3\n L 04222c88,", "the size is '04222c88,'"),
            (.ramulator, "LD 64\nS", "the operation is 'S'"), (.ramulator, "0x40 R\n0x80 ", "the operation is missing"),
        ])
    func broken(format: ImportFormat, text: String, cause: String) throws {
        let message = try #require(failure(of: text, as: format))
        #expect(
            message.hasPrefix("input, line 2: the input ends within its last line, which has no line break: \(cause)"),
            "\(message)")
        #expect(message.contains("It was cut or its writer failed"))
        // With a line break it is an error of the line.
        #expect(try #require(failure(of: text + "\n", as: format)).hasPrefix("input, line 2: \(cause)"))
    }

    @Test(
        "Of random inputs of random lines, cut anywhere, every line is taken or skipped, and a lost line break is never silent"
    )
    func accounts() throws {
        let seed = SeededGenerator.printedSeed("accounts of CPU traces")
        var generator = SeededGenerator(seed: seed)
        let lines: [ImportFormat: [String]] = [
            .din: [
                "0 1000", "1 2000 x", "2 44", "3 8", "4 40", "4", "5 40", "r 7 2", "W 80 40", "i 0 4", "M 3 1", "c 0 0",
                "v 40 4", "", "# r", " \t",
            ],
            .lackey: [
                "I  04001090,3", " L 04222c88,8", " S 1ffefffe18,8", " M 0421c7f0,4", "==1== x", "SB 04001090", "text",
                "", "a L 04222c88,8",
            ],
            .ramulator: ["LD 0x40", "ST 64", "ld 0", "", "# x"],
        ]
        for round in 0..<150 {
            let format = [ImportFormat.din, .lackey, .ramulator][round % 3]
            var text = lines[format]!.first! + "\n"
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                text +=
                    lines[format]!.randomElement(using: &generator)! + ["\n", "\r\n"].randomElement(using: &generator)!
            }
            let isCut = Bool.random(using: &generator)
            if isCut {
                let kept = Int.random(in: lines[format]!.first!.count...text.unicodeScalars.count, using: &generator)
                text = String(text.unicodeScalars.prefix(kept))
            }
            let endsWithBreak = text.unicodeScalars.last == "\n"
            let pieces = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).count
            var options = ImportOptions()
            options.keepsFetches = Bool.random(using: &generator)
            do {
                let summary = try imported(text, as: format, options: options).summary
                #expect(summary.accountedLines == summary.lines, "seed \(seed), round \(round): \(text)")
                #expect(summary.lines == UInt64(endsWithBreak ? pieces - 1 : pieces))
                #expect(summary.warnings.count == (endsWithBreak ? 0 : 1), "seed \(seed), round \(round): \(text)")
            } catch let error as TraceFormatError {
                // Only a cut line can be an error here, or a trace of which only fetches are left.
                let isExpected =
                    isCut && error.description.contains("the input ends within its last line")
                    || !options.keepsFetches && error.description.contains("--no-fetches leaves out")
                #expect(isExpected, "seed \(seed), round \(round): \(error)")
            }
        }
    }

    private static let nvbit =
        "Kernel name k(float*) - grid size 1,1,1 - block size 32,1,1 - nregs 8 - shmem 0 - cuda stream id 0\n"
}

extension String {
    /// The text without its last line breaks.
    fileprivate var trimmed: String {
        var text = self
        while text.unicodeScalars.last == "\n" { text.unicodeScalars.removeLast() }
        return text
    }
}
