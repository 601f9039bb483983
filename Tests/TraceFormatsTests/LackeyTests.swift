import Testing
import Trace
import TraceFormats

@Suite("Lackey's lines between others")
struct LackeyTests {
    private func steps(_ text: String) throws -> [String] {
        TraceFormatsTests.steps(of: try imported(text, as: .lackey).launches[0].programs[0])
    }

    @Test("The program's own output and valgrind's lines between the accesses are skipped and counted")
    func output() throws {
        let text = """
            ==12== Lackey, an example Valgrind tool
            ==12== Command: ls -l
            ==12==
            I  04001090,3
             S 1ffefffe18,8
            total 48
            -rw-r--r-- 1 root root 12 Nov  1 12:00 notes.txt
            I am a program, and I add, then subtract.
            S 1 2 3
             S 12 items
            M 3.14 x
            L

             L 04222c88,8
            --12-- warning: something
            **12** printed by the program through valgrind
            I  04001093,5
            ==12== Counted 1 call to main()

            """
        let result = try imported(text, as: .lackey)
        #expect(
            TraceFormatsTests.steps(of: result.launches[0].programs[0]) == [
                "fetch 4001090 3", "store 1ffefffe18 8", "load 4222c88 8", "fetch 4001093 5",
            ])
        #expect(
            account(result.summary) == [
                "2 I", "1 S", "1 L", "skipped 6 valgrind's own", "skipped 7 no accesses", "skipped 1 blank",
            ])
        #expect(result.summary.warnings.isEmpty && result.summary.accountedLines == result.summary.lines)
    }

    @Test(
        "Any blanks, line ends, capitals and valgrind's mark before the line are read",
        arguments: [
            "I  0400d7d4,8\n M 0421c7f0,4\n L 04f6b868,8\n S 7ff0005c8,8\n",
            "I  0400d7d4,8\nM 0421c7f0,4\nL 04f6b868,8\nS 7ff0005c8,8\n",
            "I\t0400d7d4,8\r\n\tM\t0421c7f0,4\r\n   L   04f6b868,8  \r\n S  7ff0005c8,8\t\r\n",
            "  I 0x0400D7D4,8\n M 0421C7F0,4\n L 04F6B868,8\n S 7FF0005C8,8\n",
            "==7== I  0400d7d4,8\n==7==  M 0421c7f0,4\n==7== L 04f6b868,8\n==7==  S 7ff0005c8,8\n",
            "\u{FEFF}I 400d7d4,8\n M 421c7f0,4\n L 4f6b868,8\n S 7ff0005c8,8\n",
        ])
    func blanks(text: String) throws {
        #expect(
            try steps(text) == [
                "fetch 400d7d4 8", "load 421c7f0 4", "store 421c7f0 4 modify", "load 4f6b868 8", "store 7ff0005c8 8",
            ])
    }

    @Test("Lines of --trace-superblocks=yes are skipped and counted, short addresses are read")
    func superblocks() throws {
        let result = try imported(
            "SB 04001090\nI  04001090,3\n L 10,1\nSB 04001093\n==1== SB 0400109a\n M 20,1\n", as: .lackey)
        #expect(account(result.summary) == ["1 I", "1 L", "1 M", "skipped 3 superblocks"])
        #expect(result.summary.accesses == 4)
    }

    @Test(
        "An access behind output that has no line break is read and counted, and nothing else is taken from a line of text"
    )
    func behindText() throws {
        let result = try imported(
            "Your name: L 04222c88,8\n-- ask: I  04001093,5\nsee page L 12,8\nat  L 04222c88,8 bytes\n I  04001093,5\n",
            as: .lackey)
        #expect(
            TraceFormatsTests.steps(of: result.launches[0].programs[0]) == [
                "load 4222c88 8", "fetch 4001093 5", "fetch 4001093 5",
            ])
        #expect(account(result.summary) == ["1 L", "2 I", "skipped 2 no accesses"])
        #expect(
            result.summary.counted.map(\.count) == [2] && result.summary.counted[0].what.contains("behind other text"))
    }

    @Test(
        "A line that begins as an access and breaks off is an error with its number",
        arguments: [
            (" L 04222c4\n", "the address is '04222c4'"), ("I  04222c\n", "the address is '04222c'"),
            (" S 0422\n", "the address is '0422'"),
            ("L 04222c4\n", "the address is '04222c4'"), (" L 04222c88,\n", "the size is '04222c88,'"),
            (" L 04222c88,0\n", "the size is '04222c88,0'"), (" L 04222c88,65536\n", "the size is '04222c88,65536'"),
            (" L 04222c88,8 S 1ffefffe18,8\n", "what follows the size is 'S', expected the line's end"),
            ("L 04222c88,8 extra\n", "what follows the size is 'extra'"),
            (" L 04222c88;8\n", "the address is '04222c88;8'"),
            (" M 104222c8804222c88,8\n", "the size is '104222c8804222c88,8'"),
            ("==9== S 1ffefffe18\n", "the address is '1ffefffe18'"),
        ])
    func broken(line: String, expected: String) throws {
        let message = try #require(failure(of: "I  04001090,3\n\n" + line + "I  04001093,5\n", as: .lackey))
        #expect(message.hasPrefix("input, line 3: \(expected)"), "\(message)")
    }
}
