import TestSupport
import Testing
import Trace

@Suite("Bytes that requests cover")
struct CoverageTests {
    private func covered(_ kind: AccessKind, laneBytes: Int, _ addresses: [UInt64]) -> [UInt64] {
        var expander = RequestExpander(geometry: .nvidia, measuresCoverage: true)
        expander.expand(
            LaneAccess(kind: kind, tensor: 0, laneBytes: laneBytes, firstLane: 0, laneCount: addresses.count),
            laneAddresses: addresses)
        return expander.coveredBytes
    }

    private func covered(rows: Int, rowBytes: Int, pitch: Int, address: UInt64 = 4096, replicas: Int = 1) -> [UInt64] {
        var expander = RequestExpander(geometry: .nvidia, measuresCoverage: true)
        expander.expand(
            TileAccess(
                kind: .load, tensor: 0, elementBytes: 4, address: address, rows: rows, rowBytes: rowBytes,
                pitchBytes: pitch,
                requestRows: 4, lanesPerRow: 8, laneBytes: 4, laneStrideBytes: 4, replicas: replicas))
        return expander.coveredBytes
    }

    @Test("Lanes that touch the same bytes count them once, in any order, also in an atomic's passes")
    func lanes() {
        #expect(covered(.load, laneBytes: 4, [0, 4, 8, 12]) == [16])
        #expect(covered(.load, laneBytes: 4, [0, 0, 0, 0]) == [4])
        // Bytes 0 to 7, 4 to 11 and 100 to 107.
        #expect(covered(.load, laneBytes: 8, [100, 4, 0]) == [20])
        #expect(covered(.atomic, laneBytes: 4, [0, 4096, 0, 32, 4096, 0]) == [12])
        #expect(covered(.store, laneBytes: 4, []) == [])
    }

    @Test("A request's rows count overlapping bytes once, and each replica is a request")
    func tiles() {
        #expect(covered(rows: 8, rowBytes: 32, pitch: 1024) == [128, 128])
        #expect(covered(rows: 4, rowBytes: 32, pitch: 32, replicas: 3) == [128, 128, 128])
        // Bytes 0 to 31, 16 to 47, 32 to 63, 48 to 79.
        #expect(covered(rows: 4, rowBytes: 32, pitch: 16) == [80])
        #expect(covered(rows: 4, rowBytes: 32, pitch: 0) == [32])
        #expect(covered(rows: 6, rowBytes: 12, pitch: -12) == [48, 24])
    }

    @Test("Bytes on both sides of 2^64 are counted once each")
    func wrap() {
        // Bytes -8 to 7 and 4 to 19.
        #expect(covered(.load, laneBytes: 16, [UInt64.max - 7, 4]) == [28])
        #expect(covered(.load, laneBytes: 4, [UInt64.max - 3, 0, UInt64.max - 3]) == [8])
        // Rows 2^63 apart: the third lies on the first, the fourth on the second.
        #expect(covered(rows: 4, rowBytes: 32, pitch: Int.min) == [64])
        #expect(covered(rows: 4, rowBytes: 32, pitch: 1 << 62, address: 0) == [128])
        #expect(covered(rows: 4, rowBytes: 32, pitch: 32, address: UInt64.max - 63) == [128])
    }

    @Test("A range that goes round the end of the address space goes on in line 0, once a request")
    func wrappedLines() {
        var expander = RequestExpander(geometry: .nvidia)
        // Bytes -32 to 31, then 64 to 127.
        expander.expand(
            LaneAccess(kind: .load, tensor: 0, laneBytes: 64, firstLane: 0, laneCount: 2),
            laneAddresses: [UInt64.max - 31, 64])
        #expect(
            expander.requests == [
                LineRequest(line: UInt64.max >> 7, sectors: 0b1000, wholeSectors: 0b1000, startsRequest: true),
                LineRequest(line: 0, sectors: 0b1101, wholeSectors: 0b1101, startsRequest: false),
            ])
    }

    @Test("Without being asked for, coverage is not measured")
    func off() {
        var expander = RequestExpander(geometry: .nvidia)
        expander.expand(
            LaneAccess(kind: .load, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 1), laneAddresses: [0])
        #expect(expander.coveredBytes.isEmpty && expander.requests.count == 1)
    }

    @Test("Random tiles and lanes cover the bytes that a count byte by byte finds, one number a request")
    func random() {
        let seed = SeededGenerator.printedSeed("coverage byte by byte")
        var generator = SeededGenerator(seed: seed)
        var expander = RequestExpander(geometry: .nvidia, measuresCoverage: true)
        for _ in 0..<400 {
            var tile = TraceSamples.tile(&generator, tensors: 1)
            if Bool.random(using: &generator) { tile.laneStrideBytes = tile.laneBytes }
            if Bool.random(using: &generator) {
                tile.pitchBytes = [0, 32, 64, Int64(tile.rowBytes), -16, 512][Int.random(in: 0...5, using: &generator)]
            }
            tile.requestRows = UInt16.random(in: 1...12, using: &generator)
            expander.expand(tile)
            let starts = expander.requests.count { $0.startsRequest }
            let naive = NaiveExpansion.bytes(of: tile).map { UInt64($0.count) }
            if expander.coveredBytes != naive || starts != naive.count { Issue.record("seed \(seed): \(tile)") }

            let laneBytes = [1, 3, 4, 16][Int.random(in: 0...3, using: &generator)]
            let range = [64, 512, 4096][Int.random(in: 0...2, using: &generator)]
            // Around 2^64, half of the time.
            let base = Bool.random(using: &generator) ? 1 << 20 : UInt64(bitPattern: Int64(-range / 2))
            let addresses = (0..<32).map { _ in base &+ UInt64(Int.random(in: 0...range, using: &generator)) }
            let bytes = Set(addresses.flatMap { start in (0..<laneBytes).map { start &+ UInt64($0) } })
            for kind in [AccessKind.load, .reduction] {
                #expect(
                    covered(kind, laneBytes: laneBytes, addresses) == [UInt64(bytes.count)],
                    "seed \(seed): \(addresses)")
            }
        }
    }
}
