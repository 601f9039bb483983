import Testing
import Trace
import TraceFormats

@Suite("Traces of one requester")
struct CPUTraceTests {
    @Test("Traditional din lines are aligned words, and what follows the address is comment")
    func traditionalDin() throws {
        let text = "0 1001 a comment\r\n1 0x2000\n\n2 400\n3 0\n# a remark\n\t 0x1 \t 0XFF ; more\n4 43\n5 44\n4\n05\n"
        let result = try imported(text, as: .din)
        #expect(result.launches.count == 1)
        #expect(
            steps(of: result.launches[0].programs[0]) == [
                "load 1000 4", "store 2000 4", "fetch 400 4", "load 0 4 miscellaneous", "store fc 4", "copyBack 40 1",
                "invalidate 44 1",
                "copyBack all", "invalidate all",
            ])
        #expect(result.summary.accesses == 5)
        #expect(
            account(result.summary) == [
                "1 reads", "2 writes", "1 fetches", "1 of unknown type", "2 copy-backs", "2 invalidations",
                "skipped 1 blank",
                "skipped 1 comments",
            ])
    }

    @Test("Types may be capitals, and 0 bytes of a copy-back or invalidation are the whole cache")
    func types() throws {
        let text = "R 1000 4\nW 1000 0x8\nI 2000 4\nM 7 2\nC 40 0\nc 40 4 of a line\nV 0 0\nv 80 200\n"
        let result = try imported(text, as: .din)
        #expect(
            steps(of: result.launches[0].programs[0]) == [
                "load 1000 4", "store 1000 8", "fetch 2000 4", "load 7 2 miscellaneous", "copyBack all",
                "copyBack 40 1", "invalidate all",
                "invalidate 80 1",
            ])
        #expect(result.summary.accesses == 4)
    }

    @Test("Fetches that are left out are accounted for, and a trace of nothing else says why it is empty")
    func noFetches() throws {
        var options = ImportOptions()
        options.keepsFetches = false
        let result = try imported("2 400\n0 400\n2 404\n", as: .din, options: options)
        #expect(steps(of: result.launches[0].programs[0]) == ["load 400 4"])
        #expect(account(result.summary) == ["1 reads", "skipped 2 instruction fetches left out"])
        let error = try #require(throws: TraceFormatError.self) {
            try imported("I  04000a10,3\n", as: .lackey, options: options)
        }
        #expect(error.description.contains("all 1 accesses are instruction fetches, which --no-fetches leaves out"))
    }

    @Test("Extended din lines have hexadecimal sizes and keep their addresses")
    func extendedDin() throws {
        let result = try imported("r 1001 10\nw ffffffffffffffff 2\ni 7 1", as: .din)
        #expect(
            accesses(of: result.launches[0].programs[0]) == ["load 1001 16", "store ffffffffffffffff 2", "fetch 7 1"])
    }

    @Test("A modification of lackey's is a load and a store; valgrind's own lines are counted")
    func lackey() throws {
        let text = "==7== Lackey\nI  04000a10,3\n L 1ffeffe7e0,8\n S 1ffeffe7d8,8\n M 0421a000,4\n==7== end\n"
        let result = try imported(text, as: .lackey)
        #expect(
            accesses(of: result.launches[0].programs[0]) == [
                "fetch 4000a10 3", "load 1ffeffe7e0 8", "store 1ffeffe7d8 8", "load 421a000 4", "store 421a000 4",
            ])
        // The store of the modification says that it is no access of its own.
        let hints = result.launches[0].programs[0].operations.map { operation -> CacheHint? in
            if case .lanes(let access) = operation { access.hint } else { nil }
        }
        #expect(hints == [.normal, .normal, .normal, .normal, .modify])
        #expect(account(result.summary) == ["1 I", "1 L", "1 S", "1 M", "skipped 2 valgrind's own"])
        #expect(result.summary.lines == 6)
    }

    @Test("A trace of more than one block is one launch, in order")
    func blocks() throws {
        let count = 150_000
        let text = (0..<count).map { "r \(String($0 * 8, radix: 16)) 8\n" }.joined()
        let result = try imported(text, as: .din)
        #expect(result.launches.count == 1)
        #expect(result.launches[0].launch.grid == Grid(x: 3))
        let addresses = result.launches[0].programs.flatMap(\.laneAddresses)
        #expect(addresses == (0..<count).map { UInt64($0) * 8 })
    }

    @Test(
        "Bad lines give their number, the cause and the cure",
        arguments: [
            (ImportFormat.din, "0 10\n9 10\n", "input, line 2: the label is '9'"),
            (.din, "0\n", "input, line 1: the address is missing"),
            (
                .din, "0 10000000000000000\n",
                "line 1: the address is '10000000000000000', expected a hexadecimal number of up to 64 bits"
            ),
            (.din, "r 10\n", "the size is missing"),
            (.din, "r 10 0\n", "the size is '0', expected a hexadecimal number from 1 to ffff"),
            (.din, "r 10 10000\n", "the size is '10000'"),
            (.din, "0 -10\n", "the address is '-10'"),
            (.din, "0 1\u{0}0\n", "the address is '1\\00'"),
            (.din, "", "there is nothing to import"),
            (.lackey, " L 10;8\n", "the address is '10;8'"),
            (.lackey, " L 10,8x\n", "the size is '10,8x'"),
            (.din, "q 10 4\n", "the label is 'q', expected 0 to 5, or one of r, w, i, m, c and v"),
            (.din, "6 10\n", "the label is '6'"),
            (.din, "rw 10 4\n", "the label is 'rw'"),
            (.din, "-1 10\n", "the label is '-1'"),
            (.din, "c 10\n", "the size is missing, expected a hexadecimal number from 0 to ffff"),
            (.din, "v\n", "the address is missing"),
            (.din, "# remarks\n\n", "there is nothing to import"),
            (.lackey, "hello\n", "there is nothing to import, expected 'I  04000a10,3'"),
            (.lackey, "==1== only\n", "there is nothing to import"),
            (.ramulator, "LD 0x10 7\n", "what follows the address is '7'"),
            (.ramulator, "LD 18446744073709551616\n", "the address is '18446744073709551616'"),
            (
                .ramulator, "MV 1\n",
                "the operation is 'MV', expected 'LD 0x12340', '0x12340 R', 'R 0x12340' or '3 74560'"
            ),
        ])
    func errors(format: ImportFormat, text: String, expected: String) throws {
        let message = try #require(failure(of: text, as: format))
        #expect(message.contains(expected), "\(message)")
        #expect(!message.contains("\n"))
    }
}
