import Testing
import Trace
import TraceFormats

@Suite("Ramulator's kinds of traces")
struct RamulatorTests {
    @Test(
        "Each kind is known by the file's first line",
        arguments: [
            ("LD 0x12351\nST 4096\n", ["load 12340 32", "store 1000 32"], ["1 LD", "1 ST"]),
            (
                "0x12345680 R\n0x4cbd56c0 W\n0X35D46F00 r\n",
                ["load 12345680 32", "store 4cbd56c0 32", "load 35d46f00 32"], ["2 R", "1 W"]
            ),
            ("12345680 R\n4cbd56c0 W\n", ["load 12345680 32", "store 4cbd56c0 32"], ["1 R", "1 W"]),
            ("0x40 READ\n0x80 write 17\n", ["load 40 32", "store 80 32"], ["1 R", "1 W"]),
            ("R 0x12351\nW 4096\nw 0\n", ["load 12340 32", "store 1000 32", "store 0 32"], ["1 R", "2 W"]),
            (
                "3 20734016\n0 4096 8192\n8 0x2000 0x1000\n",
                [
                    "compute 3", "load 13c6040 32", "load 1000 32", "store 2000 32", "compute 8", "load 2000 32",
                    "store 1000 32",
                ],
                ["1 instructions and a read", "2 instructions, a read and a write"]
            ),
            (
                "# from a tool\n\n  LD\t64 \r\n\tld 128\r\n", ["load 40 32", "load 80 32"],
                ["2 LD", "skipped 1 comments", "skipped 1 blank"]
            ),
        ])
    func kinds(text: String, expected: [String], lines: [String]) throws {
        let result = try imported(text, as: .ramulator)
        #expect(steps(of: result.launches[0].programs[0]) == expected)
        #expect(account(result.summary) == lines)
        #expect(result.summary.accesses == UInt64(expected.filter { !$0.hasPrefix("compute") }.count))
        #expect(result.summary.warnings.isEmpty)
    }

    @Test("What was assumed and what only stands between accesses is in the summary")
    func assumptions() throws {
        let bare = try imported("12345680 R\n0x40 W\n80 W\n", as: .ramulator).summary
        #expect(bare.line.contains("2 addresses without 0x taken as hexadecimal"))
        #expect(
            try imported("0x40 R 5\n0x80 R\n", as: .ramulator).summary.line.contains("1 times behind R or W, passed by")
        )
        let instructions = try imported("3 64\n4 128 64\n", as: .ramulator).summary
        #expect(instructions.line.contains("7 instructions without access between the accesses"))
        #expect(
            instructions.line.contains("2 lines taken: 1 instructions and a read, 1 instructions, a read and a write"))
    }

    @Test(
        "A file has one kind of lines, and what cannot be read says why",
        arguments: [
            (
                "LD 64\n0x40 R\n",
                "input, line 2: the operation is '0x40', expected LD or ST; the lines of this file are 'LD 0x12340'"
            ),
            ("0x40 R\nLD 64\n", "line 2: the address is 'LD'"),
            ("0x40 R\n0x80\n", "line 2: the operation is missing, expected R or W"),
            ("0x40 R\n3 0x80\n", "line 2: the operation is '0x80'"),
            ("0x40 R x\n", "what follows the operation is 'x'"),
            ("0x40 R 0x80 W\n", "what follows the operation is '0x80'"),
            ("0x40 R 7 8\n", "what follows the operation is '8'"),
            ("R 0x40\n0x40 R\n", "line 2: the operation is '0x40', expected R or W"),
            ("3 64\n3 64 128\nR 64\n", "line 3: the number of instructions is 'R'"),
            ("3 64\n3\n", "line 2: the address is missing"),
            ("3 64 128 256\n", "what follows the write's address is '256'"),
            ("3 7fff0040\n", "the address is '7fff0040', expected a decimal number, or a hexadecimal one with 0x"),
            ("4294967296 64\n", "the number of instructions is '4294967296'"),
            ("R 0,1,2,100,32\n", "input, line 1: the address is a vector of a memory's coordinates"),
            ("W 0x10,2\n", "the address is a vector"),
            ("12345\n", "the line is '12345', expected 'LD 0x12340'"),
            ("0x123456789abcdef01 R\n", "the address is '0x123456789abcdef01'"),
            ("# nothing\n", "there is nothing to import, expected 'LD 0x12340', '0x12340 R'"),
        ])
    func errors(text: String, expected: String) throws {
        let message = try #require(failure(of: text, as: .ramulator))
        #expect(message.contains(expected), "\(message)")
        #expect(!message.contains("\n"))
    }
}
