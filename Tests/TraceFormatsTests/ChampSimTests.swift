import TestSupport
import Testing
import Trace
import TraceFormats

@Suite("ChampSim's instruction records")
struct ChampSimTests {
    private let records =
        champSim(0x40_1003, loads: [0x7FFE_1009]) + champSim(0x40_1007, stores: [0x60_1044])
        + champSim(0x40_100C, branch: 1)
        + champSim(0x40_1010, loads: [0x1000, 0x2007], stores: [0x1000, 0xFFFF_8880_0000_0FFF])

    @Test("An instruction is a fetch of four bytes, then its loads and its stores of eight, each aligned")
    func accessesOfInstructions() throws {
        let result = try imported(records, as: .champsim)
        #expect(
            accesses(of: result.launches[0].programs[0]) == [
                "fetch 401000 4", "load 7ffe1008 8", "fetch 401004 4", "store 601040 8", "fetch 40100c 4",
                "fetch 401010 4",
                "load 1000 8", "load 2000 8", "store 1000 8", "store ffff888000000ff8 8",
            ])
        #expect(result.summary.lines == 4 && result.summary.accountedLines == 4 && result.summary.accesses == 10)
        #expect(
            texts(result.summary.taken) == [
                "1 instructions with loads", "1 with stores", "1 with both", "1 with neither",
            ])
        #expect(
            result.summary.line.hasPrefix(
                "1 launches, 1 blocks, 10 accesses from 4 records, 256 bytes; 4 records taken: 1 instr"))
    }

    @Test("Fetches are left out where asked for, and accesses have the size asked for")
    func options() throws {
        var options = ImportOptions()
        options.keepsFetches = false
        options.accessBytes = 64
        let result = try imported(records, as: .champsim, options: options)
        #expect(
            accesses(of: result.launches[0].programs[0]) == [
                "load 7ffe1000 64", "store 601040 64", "load 1000 64", "load 2000 64", "store 1000 64",
                "store ffff888000000fc0 64",
            ])
        #expect(texts(result.summary.skipped) == ["1 instructions without loads and stores"])
        #expect(texts(result.summary.counted) == ["4 instruction fetches left out"])
        #expect(result.summary.accountedLines == 4)
    }

    @Test("CloudSuite's records have four addresses written and are 96 bytes long")
    func cloudSuite() throws {
        var options = ImportOptions()
        options.isCloudSuite = true
        let bytes =
            champSim(0x1_0000, loads: [8], stores: [16, 24, 32, 40], cloudSuite: true)
            + champSim(0x1_0004, cloudSuite: true)
        #expect(bytes.count == 192)
        let result = try imported(bytes, as: .champsim, options: options)
        #expect(
            accesses(of: result.launches[0].programs[0]) == [
                "fetch 10000 4", "load 8 8", "store 10 8", "store 18 8", "store 20 8", "store 28 8", "fetch 10004 4",
            ])
        let message = try #require(failure(of: bytes, as: .champsim))
        #expect(message.hasPrefix("input, record 2: ") && message.contains("Add --cloudsuite"), "\(message)")
        let other = try #require(failure(of: records, as: .champsim, options: options))
        #expect(other.contains("Leave --cloudsuite out"), "\(other)")
    }

    @Test("A last record that was cut is a warning with its number, and an error where the import is strict")
    func cut() throws {
        let result = try imported(Array(records.dropLast(10)), as: .champsim)
        #expect(
            result.summary.warnings == [
                "input, record 4: the last record has 54 of 64 bytes and is left out. The trace was cut; copy or record it again"
            ])
        #expect(result.summary.accesses == 5 && result.summary.lines == 4 && result.summary.accountedLines == 4)
        var strict = ImportOptions()
        strict.isStrict = true
        let message = failure(of: Array(records.dropLast(10)), as: .champsim, options: strict)
        #expect(message?.hasPrefix("input, record 4: the last record has 54 of 64 bytes") == true)
        #expect(failure(of: records, as: .champsim, options: strict) == nil)
    }

    @Test(
        "What is no instruction is refused with its record and its bytes",
        arguments: [
            (champSim(0), "input, record 1: it begins with 00 00"),
            (champSim(0x40, branch: 2), "input, record 1: it begins with 40 00"),
            (champSim(0x40) + champSim(0x44, loads: [1 << 60]), "input, record 2: it begins with 44 00"),
            (Array("LD 0x1000\n".utf8), "input: it has 10 bytes, less than one record of 64"),
            ([], "input: there is nothing to import"),
        ])
    func refused(bytes: [UInt8], beginning: String) throws {
        let message = try #require(failure(of: bytes, as: .champsim))
        #expect(message.hasPrefix(beginning), "\(message)")
    }

    @Test("Blocks have 65,536 accesses or a few more, as those of other CPU formats")
    func blocks() throws {
        let seed = SeededGenerator.printedSeed("blocks of ChampSim")
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        var expected = 0
        for number in 0..<40_000 {
            let loads = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                UInt64.random(in: 1...1 << 47, using: &random)
            }
            bytes += champSim(0x40_0000 + 4 * UInt64(number), loads: loads)
            expected += 1 + loads.count
        }
        let result = try imported(bytes, as: .champsim)
        #expect(result.summary.accesses == UInt64(expected))
        let counts = result.launches[0].programs.map(\.operations.count)
        #expect(
            counts.dropLast().allSatisfy { (65_536..<65_543).contains($0) } && counts.reduce(0, +) == expected,
            "seed \(seed)")
    }
}
