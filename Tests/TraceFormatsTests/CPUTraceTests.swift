import Testing
import Trace
import TraceFormats

@Suite("Traces of one requester")
struct CPUTraceTests {
    @Test("Traditional din lines are aligned words, and what follows the address is comment")
    func traditionalDin() throws {
        let result = try imported("0 1001 a comment\r\n1 0x2000\n\n2 400\n3 0\n", as: .din)
        #expect(result.launches.count == 1)
        #expect(accesses(of: result.launches[0].programs[0]) == ["load 1000 4", "store 2000 4", "fetch 400 4"])
        #expect(result.summary.accesses == 3)
        #expect(result.summary.counted.map(\.what) == ["miscellaneous records"])
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
        #expect(result.summary.counted.map(\.count) == [2])
        #expect(result.summary.lines == 6)
    }

    @Test("Ramulator's addresses are decimal or hexadecimal, and an access is the sector that holds them")
    func ramulator() throws {
        let result = try imported("LD 0x12351\nST 4096\n", as: .ramulator)
        #expect(accesses(of: result.launches[0].programs[0]) == ["load 12340 32", "store 1000 32"])
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
            (.din, "0 10000000000000000\n", "line 1: the address is '10000000000000000', expected a hexadecimal number of up to 64 bits"),
            (.din, "r 10\n", "the size is missing"),
            (.din, "r 10 0\n", "the size is '0', expected a hexadecimal number from 1 to ffff"),
            (.din, "r 10 10000\n", "the size is '10000'"),
            (.din, "0 -10\n", "the address is '-10'"),
            (.din, "0 1\u{0}0\n", "the address is '1\\00'"),
            (.din, "", "there is nothing to import"),
            (.lackey, " L 10;8\n", "the address is '10;8'"),
            (.lackey, " L 10,8x\n", "the size is '10,8x'"),
            (.lackey, "hello\n", "the line is 'hello'"),
            (.lackey, "==1== only\n", "there is nothing to import"),
            (.ramulator, "LD 0x10 7\n", "what follows the address is '7'"),
            (.ramulator, "LD 18446744073709551616\n", "the address is '18446744073709551616'"),
            (.ramulator, "MV 1\n", "the operation is 'MV'"),
        ])
    func errors(format: ImportFormat, text: String, expected: String) throws {
        let message = try #require(failure(of: text, as: format))
        #expect(message.contains(expected), "\(message)")
        #expect(!message.contains("\n"))
    }
}
