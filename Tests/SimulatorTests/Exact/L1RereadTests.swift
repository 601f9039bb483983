import Foundation
import Machine
import Simulator
import TestSupport
import Testing
import Trace

/// Which lines the H200's L1 keeps when they are read again, against single reads on the device
/// (docs/validation/h200_reread.md).
@Suite struct L1RereadTests {
    /// The lines that hit when one block reads ranges of lines, one after the other, on an SM with the H200's L1.
    private func hits(_ ranges: [Range<Int>], carveOutKiB: Int = 16) throws -> Int {
        let machine = try smallMachine {
            $0.l1 = MachineSettings.h200.l1
            $0.sm.carveOutBytes = [carveOutKiB << 10]
            $0.sm.sharedPerBlockBytes = 1 << 10
        }
        let launch = launch(threads: 512, sharedMemoryBytes: 0)
        let operations = ranges.flatMap {
            [access(.load, at: $0.lowerBound * 128, bytes: $0.count * 128), .awaitLoads]
        }
        let counters = try Simulation(machine: machine, cacheMode: .cold).run(
            SyntheticSource(launch: launch) { _, program in program.operations = operations }
        ).counters
        #expect(counters.l1LoadSectors == UInt64(ranges.reduce(0) { $0 + $1.count * 4 }))
        return Int(counters.l1LoadHitSectors / 4)
    }

    private struct Reading {
        var pattern: String
        var carveOutKiB: Int
        var kib: Int
        var share: Double
    }

    /// The rows of h200_reread_lines.csv: the share of a pattern's last pass that hit.
    private static func readings() throws -> [Reading] {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let text = try String(
            contentsOf: root.appending(path: "docs/validation/h200_reread_lines.csv"), encoding: .utf8)
        return try text.split(separator: "\n").dropFirst().map {
            let fields = $0.split(separator: ",")
            return Reading(
                pattern: String(fields[0]), carveOutKiB: try #require(Int(fields[1])),
                kib: try #require(Int(fields[2])), share: try #require(Double(fields[3])))
        }
    }

    @Test func `Rows read in a circle, and rows behind a stream, keep the measured share of lines`() throws {
        let readings = try Self.readings().filter { $0.kib % 36 == 0 }
        #expect(readings.count > 100)
        var sum = 0.0
        for reading in readings {
            let row = 0..<reading.kib * 8
            let before: [Range<Int>]
            switch reading.pattern {
            case "cycle": before = [row, row]
            case "stream": before = [row, row, 1 << 16..<(1 << 16) + 4096]
            default:
                Issue.record("\(reading.pattern)")
                continue
            }
            let carveOut = reading.carveOutKiB
            let share =
                Double(
                    try hits(before + [row], carveOutKiB: carveOut) - hits(before, carveOutKiB: carveOut))
                / Double(row.count)
            #expect(abs(share - reading.share) < 0.15, "\(reading): \(share)")
            sum += abs(share - reading.share)
        }
        #expect(sum / Double(readings.count) < 0.01)
    }

    @Test func `A stream leaves alone the half that was hit last, and new rows have the other half`() throws {
        let rows = { (kib: Int) in
            (0..<12).flatMap { row in
                Array(repeating: row * kib * 8..<(row + 1) * kib * 8, count: 3)
            }
        }
        func share(_ kib: Int) throws -> Double { Double(try hits(rows(kib))) / Double(24 * kib * 8) }
        #expect(try share(64) == 1)
        // Measured: 0.99, 0.73, 0.33 and 0.08.
        #expect(try share(96) > 0.9)
        #expect(try (0.5..<0.8).contains(share(128)))
        #expect(try (0.15..<0.4).contains(share(160)))
        #expect(try share(192) < 0.1)
    }

    @Test func `No order of reads finds more lines than the L1 has room for`() throws {
        let seed = SeededGenerator.printedSeed("room of the L1")
        var generator = SeededGenerator(seed: seed)
        for carveOut in [16, 100, 228] {
            let room = (256 - carveOut - 8) * 8
            let lines = (0..<room + Int.random(in: 1...200, using: &generator)).map { line in line..<line + 1 }
            let reads = lines.shuffled(using: &generator)
            // Each line is looked for once, so that a line that is brought in again is not found.
            let found = try hits(reads + reads.reversed(), carveOutKiB: carveOut)
            #expect(found <= room, "seed \(seed)")
            #expect(found > room / 2, "seed \(seed)")
        }
    }

    @Test func `Room that tags do not outnumber changes nothing`() throws {
        let wide = try smallMachine { $0.l1.tagBytes = 0 }
        let equal = try smallMachine { $0.l1.tagBytes = 28 << 10 }
        let narrow = try smallMachine { $0.l1.tagBytes = 14 << 10 }
        #expect(wide.l1Lines(capacityBytes: 28 << 10) == 224)
        #expect(equal.l1Sets(capacityBytes: 28 << 10) == wide.l1Sets(capacityBytes: 28 << 10))
        // Tags for fewer lines than there is room for limit the lines.
        #expect(narrow.l1Lines(capacityBytes: 28 << 10) == 112)
        let reads = (0..<300).map { access(.load, at: $0 * 7 % 250 * 128, bytes: 128) }
        let found = try [wide, equal, narrow].map { machine in
            try result([reads], on: machine).counters.l1LoadHitSectors
        }
        #expect(found[0] == found[1] && found[2] < found[0])
    }
}
