import Testing
import Trace
import TraceFormats

@Suite("NVBit traces")
struct NVBitTests {
    static let launch =
        "MEMTRACE: CTX 0x000055d1 - LAUNCH - Kernel pc 0x7f50 - Kernel name f(int*, long) - grid launch id 0 - grid size 2,2,1 "
        + "- block size 64,1,1 - nregs 24 - shmem 128 - cuda stream id 0\n"

    static func record(_ block: String, _ opcode: String, _ addresses: [UInt64], launch: Int = 0) -> String {
        let all = addresses + Array(repeating: 0, count: 32 - addresses.count)
        return "MEMTRACE: CTX 0x000055d1 - grid_launch_id \(launch) - CTA \(block) - warp 7 - \(opcode) - "
            + all.map { "0x" + String($0, radix: 16) + " " }.joined() + "\n"
    }

    @Test("Records of interleaved blocks are put in the grid's order, each block's in their own")
    func sorting() throws {
        let text =
            "NVBit loaded\n" + Self.launch + Self.record("1,1,0", "LDG.E.64", [0x1000, 0x1008])
            + Self.record("0,0,0", "LDG.E", [0x2000])
            + Self.record("1,1,0", "STG.E.64", [0x3000]) + Self.record("1,1,0", "LDS", [0x10])
            + Self.record("0,0,0", "LDG.E", [0x2040])
        let result = try imported(text, as: .nvbit)
        let launch = result.launches[0].launch
        #expect(launch.kernel == "f(int*, long)" && launch.grid == Grid(x: 2, y: 2) && launch.threadsPerBlock == 64)
        let programs = result.launches[0].programs
        #expect(accesses(of: programs[0]) == ["load 2000 4", "load 2040 4"])
        #expect(programs[1].operations.isEmpty && programs[2].operations.isEmpty)
        #expect(accesses(of: programs[3]) == ["load 1000 8", "store 3000 8"])
        #expect(programs[3].operations.contains(.awaitLoads))
        #expect(programs[3].laneAddresses == [0x1000, 0x1008, 0x3000])
        #expect(result.summary.taken.map(\.what) == ["launches", "LDG", "STG"])
        #expect(result.summary.skipped.map(\.what) == ["LDS (shared memory)", "other output"])
    }

    @Test("Of an asynchronous copy's two lines the one with offsets in shared memory is counted alone")
    func asynchronousCopies() throws {
        let copy = "LDGSTS.E.BYPASS.LTC128B.128"
        let text =
            Self.launch + Self.record("0,0,0", copy, [0x400, 0x410])
            + Self.record("0,0,0", copy, [0x7f00_0000_0000, 0x7f00_0000_0010])
            + Self.record("0,0,0", "LDG.E", [0x7f00_0000_1000]) + Self.record("0,0,0", copy, [0x800])
        let result = try imported(text, as: .nvbit)
        #expect(
            result.launches[0].programs[0].laneAddresses == [
                0x7f00_0000_0000, 0x7f00_0000_0010, 0x7f00_0000_1000, 0x800,
            ])
        #expect(result.summary.accesses == 3)
        #expect(result.summary.skipped.map(\.what) == ["LDGSTS (shared-memory side of a copy)"])
    }

    @Test("The old form, without context and launch number, belongs to the kernel named last")
    func oldForm() throws {
        func zeros(_ count: Int) -> String { String(repeating: "0x0000000000000000 ", count: count) }
        let text = """
            Kernel name k - grid size 1,1,1 - block size 32,1,1 - nregs 16 - shmem 0 - cuda stream id 0
            CTA 0,0,0 - warp 0 - LDG.E.128 - 0x0000000000001000 0x0000000000001010 \(zeros(30))
            Kernel name k2 - grid size 1,1,1 - block size 32,1,1 - nregs 16 - shmem 0 - cuda stream id 0
            CTA 0,0,0 - warp 0 - ATOMG.E.ADD - 0x0000000000002000 \(zeros(31))

            """
        let result = try imported(text, as: .nvbit)
        #expect(result.launches.map(\.launch.kernel) == ["k", "k2"])
        #expect(sectors(of: result.launches[0].programs[0]).read == 1)
        #expect(accesses(of: result.launches[1].programs[0]) == ["atomic 2000 4"])
    }

    @Test("Bad lines give their number, the cause and the cure", arguments: Self.badTraces)
    func errors(text: String, expected: String) throws {
        let message = try #require(failure(of: text, as: .nvbit))
        #expect(message.contains(expected), "\(message)")
        #expect(!message.contains("\n"))
    }

    static let badTraces: [(String, String)] = [
        (Self.record("0,0,0", "LDG.E", [1]), "the launch of the record is 0"),
        ("CTA 0,0,0 - warp 0 - LDG.E - 0x10\n", "the record is without a launch"),
        (Self.launch + Self.record("2,0,0", "LDG.E", [1]), "line 2: the thread block is (2,0,0)"),
        (Self.launch + "CTA 0,0 - warp 0 - LDG.E - 0x10\n", "the record is"),
        (Self.launch + "CTA 0,0,0 - warp 0 - LDG.E 0x10\n", "the opcode is"),
        (Self.launch + "CTA 0,0,0 - warp 0 - LDG.E - 0xzz\n", "an address is '0xzz'"),
        (
            Self.launch + "CTA 0,0,0 - warp 0 - LDG.E - " + String(repeating: "0x1 ", count: 33) + "\n",
            "an address is '0x1'"
        ),
        (Self.launch.replacing("2,2,1", with: "2,2"), "the launch's grid size is '2,2'"),
        (Self.launch.replacing("2,2,1", with: "2147483647,2,1"), "the launch's grid size is"),
        (Self.launch.replacing("64,1,1", with: "64,64,1"), "line 1: the block has 4096 threads"),
        (Self.launch.replacing("2,2,1", with: "1000000000,1,1"), "recorded nothing"),
        ("hello\n", "there is nothing to import"),
    ]
}
