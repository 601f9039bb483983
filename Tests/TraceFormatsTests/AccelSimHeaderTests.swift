import Testing
import Trace
import TraceFormats

@Suite("What the header of an Accel-Sim kernel says, and what cannot be")
struct AccelSimHeaderTests {
    private func kernel(grid: String = "(1,1,1)", threads: Int = 32, registers: Int = 32) -> String {
        traceg([[["0010 ffffffff 0 EXIT 0 0 0 "]]], grid: grid, threads: threads).replacing(
            "-nregs = 32", with: "-nregs = \(registers)")
    }

    @Test(
        "A grid that cannot be is told with the extent and whose limit it is",
        arguments: [
            ("(2147483648,1,1)", "the grid's x is 2147483648, expected a number from 1 to 2147483647"),
            ("(0,1,1)", "the grid's x is 0, expected a number from 1 to"), ("(1,0,1)", "the grid's y is 0"),
            ("(1,1,4294967296)", "the grid's z is 4294967296"), ("(1,1)", "the grid is '(1,1)', expected '(x,y,z)'"),
            ("(1,65536,1)", "the launch's grid y is 65536, expected at most 65535, CUDA's limit"),
            (
                "(65536,65535,1)",
                "the launch's grid x * y * z is 4294901760, expected at most 2147483647, a limit of Weir's own: CUDA launches more"
            ),
            (
                "(65536,32767,2)",
                "the launch's grid x * y * z is 4294836224, expected at most 2147483647, a limit of Weir's own"
            ),
        ])
    func grids(grid: String, expected: String) throws {
        let message = try #require(failure(of: kernel(grid: grid), as: .accelSim))
        #expect(message.hasPrefix("input, line 3: \(expected)"), "\(message)")
    }

    @Test("Registers that a block's threads cannot have together name their line, and --registers replaces them")
    func registers() throws {
        let text = kernel(threads: 1024, registers: 255)
        let message = try #require(failure(of: text, as: .accelSim))
        #expect(
            message.hasPrefix(
                "input, line 6: the launch's registers per block (255 a thread) is 262144, expected at most 65536"))
        #expect(message.hasSuffix("or give the real count with --registers N, at most 64 for a block of 1024 threads"))
        var options = ImportOptions()
        options.registers = 64
        #expect(try imported(text, as: .accelSim, options: options).launches[0].launch.registersPerThread == 64)
        // What can be stays as it is.
        #expect(
            try imported(kernel(threads: 1024, registers: 48), as: .accelSim, options: options).launches[0].launch
                .registersPerThread == 48)
        options.registers = 100
        let worse = try #require(failure(of: Array(text.utf8), as: .accelSim, options: options))
        #expect(
            worse.hasPrefix("input, line 6: the launch's registers per block (100 a thread)")
                && worse.contains("at most 64 for"))
    }

    @Test("NVBit's launches say the same")
    func nvbit() throws {
        func launch(_ grid: String, _ registers: Int) -> String {
            "Kernel name k - grid size \(grid) - block size 1024,1,1 - nregs \(registers) - shmem 0\n"
                + "CTA 0,0,0 - warp 0 - LDG.E - " + String(repeating: "0x0000000000001000 ", count: 32) + "\n"
        }
        let message = try #require(failure(of: launch("1,1,1", 128), as: .nvbit))
        #expect(
            message.contains("line 1: the launch's registers per block (128 a thread)")
                && message.contains("--registers N, at most 64"))
        var options = ImportOptions()
        options.registers = 64
        #expect(
            try imported(launch("1,1,1", 128), as: .nvbit, options: options).launches[0].launch.registersPerThread == 64
        )
        #expect(
            try #require(failure(of: launch("65536,65535,1", 16), as: .nvbit)).contains(
                "a limit of Weir's own: CUDA launches more"))
    }

    private static let copy = "0010 ffffffff 0 LDGSTS.E.BYPASS.128 2 R12 R14 16 1 ADDRESS 16 0 "
    private static let windowLine = "-shmem base_addr = 0x00007f4000000000\n"

    @Test(
        "Of a copy's two lines that are both plainly global each is a request; where no window is given, that does not tell",
        arguments: [3, 5, 6])
    func globalCopies(version: Int) throws {
        let lines = ["0x7f8000100000", "0x7f8000200000"].map { Self.copy.replacing("ADDRESS", with: $0) }
        let text = traceg([[lines]], threads: 32, version: version)
        let both = try imported(text, as: .accelSim)
        let starts: [UInt64] = both.launches[0].programs[0].operations.compactMap {
            if case .tile(let tile) = $0 { tile.address } else { nil }
        }
        #expect(both.summary.accesses == 2 && starts == [0x7f80_0010_0000, 0x7f80_0020_0000])
        #expect(
            account(both.summary).contains("2 LDGSTS")
                && !account(both.summary).contains { $0.contains("shared-memory side") })
        let without = try imported(text.replacing(Self.windowLine, with: ""), as: .accelSim)
        #expect(
            without.summary.accesses == 1
                && account(without.summary).contains("skipped 1 LDGSTS (shared-memory side of a copy)"))
        // Two copies of two lines each: global, shared, global, shared.
        let shared = Self.copy.replacing("ADDRESS", with: "0x7f4000000400")
        let pairs = try imported(
            traceg([[[lines[0], shared, lines[1], shared]]], threads: 32, version: version), as: .accelSim)
        #expect(
            pairs.summary.accesses == 2
                && account(pairs.summary).contains("skipped 2 LDGSTS (shared-memory side of a copy)"))
    }

    @Test(
        "A bulk copy with fewer addresses than its line says is an error",
        arguments: ["4 0x7f8000100000 5 16 16 16 0", "3 2 0x7f8000100000 0"])
    func bulk(addresses: String) throws {
        let text = traceg(
            [[["0010 ffffffff 0 UTMALDG.2D 0 16 0x7f4000000010 0 2048 0 \(addresses)"]]], threads: 32, version: 6)
        let message = try #require(failure(of: text, as: .accelSim))
        #expect(
            message.contains("the immediate is missing, expected a number behind as many addresses as the line says"),
            "\(message)")
        let whole = text.replacing("100000 5", with: "100000 4").replacing("3 2", with: "3 1")
        #expect(try imported(whole, as: .accelSim).summary.accesses == 1)
    }
}
