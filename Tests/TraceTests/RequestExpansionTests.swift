import TestSupport
import Testing
import Trace

@Suite struct RequestExpansionTests {
    private func tile(
        address: UInt64, rows: Int, rowBytes: Int, pitch: Int, requestRows: Int, lanes: Int, laneBytes: Int,
        stride: Int,
        replicas: Int = 1
    ) -> TileAccess {
        TileAccess(
            kind: .load, tensor: 0, elementBytes: 2, address: address, rows: rows, rowBytes: rowBytes,
            pitchBytes: pitch,
            requestRows: requestRows, lanesPerRow: lanes, laneBytes: laneBytes, laneStrideBytes: stride,
            replicas: replicas)
    }

    private func expand(_ tile: TileAccess) -> [LineRequest] {
        var expander = RequestExpander(geometry: .nvidia)
        expander.expand(tile)
        return expander.requests
    }

    private func line(_ number: UInt64, _ sectors: UInt8, whole: UInt8? = nil, starts: Bool = true) -> LineRequest {
        LineRequest(line: number, sectors: sectors, wholeSectors: whole ?? sectors, startsRequest: starts)
    }

    @Test func `two rows of 64 bytes, a kilobyte apart, are one request of two lines`() {
        let requests = expand(
            tile(address: 1024, rows: 2, rowBytes: 64, pitch: 1024, requestRows: 2, lanes: 16, laneBytes: 4, stride: 4))
        #expect(requests == [line(8, 0b0011), line(16, 0b0011, starts: false)])
    }

    @Test func `rows that follow each other share lines within a request`() {
        let requests = expand(
            tile(address: 96, rows: 4, rowBytes: 32, pitch: 32, requestRows: 4, lanes: 8, laneBytes: 4, stride: 4))
        #expect(requests == [line(0, 0b1000), line(1, 0b0111, starts: false)])
    }

    @Test func `rows half a line apart are joined to lines`() {
        let requests = expand(
            tile(address: 0, rows: 4, rowBytes: 16, pitch: 64, requestRows: 4, lanes: 8, laneBytes: 2, stride: 2))
        #expect(requests == [line(0, 0b0101, whole: 0), line(1, 0b0101, whole: 0, starts: false)])
    }

    @Test func `strided lanes take two requests that each touch every sector in part`() {
        // 8 lanes own 32 bytes each, read as two times 16 bytes.
        let requests = expand(
            tile(address: 0, rows: 1, rowBytes: 256, pitch: 256, requestRows: 1, lanes: 8, laneBytes: 16, stride: 32))
        let half = [line(0, 0b1111, whole: 0), line(1, 0b1111, whole: 0, starts: false)]
        #expect(requests == half + half)
    }

    @Test func `the valid part alone is touched where the last strided lane is cut`() {
        // The second lane has 4 of its first 16 bytes, up to byte 36, and nothing of the second 16.
        let requests = expand(
            tile(address: 28, rows: 1, rowBytes: 36, pitch: 64, requestRows: 1, lanes: 2, laneBytes: 16, stride: 32))
        #expect(requests == [line(0, 0b0011, whole: 0), line(0, 0b0010, whole: 0)])
    }

    @Test func `a row wider than a request takes several, and each is repeated by its replicas`() {
        let requests = expand(
            tile(
                address: 0, rows: 1, rowBytes: 160, pitch: 256, requestRows: 1, lanes: 32, laneBytes: 4, stride: 4,
                replicas: 2))
        #expect(requests == [line(0, 0b1111), line(0, 0b1111), line(1, 0b0001), line(1, 0b0001)])
    }

    @Test func `an empty tile makes no request`() {
        #expect(
            expand(tile(address: 0, rows: 0, rowBytes: 4, pitch: 4, requestRows: 1, lanes: 1, laneBytes: 4, stride: 4))
                .isEmpty)
        #expect(
            expand(tile(address: 0, rows: 4, rowBytes: 0, pitch: 4, requestRows: 1, lanes: 1, laneBytes: 4, stride: 4))
                .isEmpty)
    }

    @Test func `lanes in descending order fill whole sectors together`() {
        var expander = RequestExpander(geometry: .nvidia)
        let addresses = (0..<32).map { UInt64(4096 + 124 - 4 * $0) }
        expander.expand(
            LaneAccess(kind: .store, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 32), laneAddresses: addresses)
        #expect(expander.requests == [line(32, 0b1111)])
    }

    @Test func `scattered lanes give lines in order of first touch`() {
        var expander = RequestExpander(geometry: .nvidia)
        expander.expand(
            LaneAccess(kind: .load, tensor: 0, laneBytes: 8, firstLane: 1, laneCount: 4),
            laneAddresses: [0, 1024, 128, 1084, 128, 0])
        #expect(
            expander.requests == [line(8, 0b0111, whole: 0), line(1, 0b0001, whole: 0, starts: false)])
    }

    @Test(arguments: [AccessKind.reduction, .atomic]) func `lanes that share words add in passes of one request`(
        kind: AccessKind
    ) {
        var expander = RequestExpander(geometry: .nvidia)
        // Three lanes on word 0, two on word 4096, one on word 32.
        expander.expand(
            LaneAccess(kind: kind, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 6),
            laneAddresses: [0, 4096, 0, 32, 4096, 0])
        #expect(
            expander.requests == [
                line(0, 0b0011, whole: 0), line(32, 0b0001, whole: 0, starts: false),
                line(0, 0b0001, whole: 0, starts: false),
                line(32, 0b0001, whole: 0, starts: false), line(0, 0b0001, whole: 0, starts: false),
            ])
    }

    @Test func `random tiles touch the bytes that a count byte by byte finds`() {
        let seed = SeededGenerator.printedSeed("tiles byte by byte")
        var generator = SeededGenerator(seed: seed)
        var expander = RequestExpander(geometry: .nvidia)
        for _ in 0..<3000 {
            var tile = TraceSamples.tile(&generator, tensors: 1)
            tile.laneStrideBytes =
                tile.laneBytes
                + [0, 0, UInt16.random(in: 0...40, using: &generator)][Int.random(in: 0...2, using: &generator)]
            if Bool.random(using: &generator) {
                tile.pitchBytes = [0, 32, 64, Int64(tile.rowBytes), 128, 512][Int.random(in: 0...5, using: &generator)]
            }
            if Bool.random(using: &generator) { tile.requestRows = UInt16.random(in: 1...12, using: &generator) }
            if Bool.random(using: &generator) {
                // Whole lines, as bulk copies move them, also across the end of the address space.
                tile.address = UInt64.random(in: 0...8, using: &generator) &* 128 &- 512
                tile.pitchBytes = Int64.random(in: -3...9, using: &generator) * 128
                tile.rowBytes = UInt32.random(in: 1...4, using: &generator) * 128
                tile.requestRows = 1
            }
            expander.expand(tile)
            expect(expander.requests, NaiveExpansion.requests(of: tile), "seed \(seed): \(tile)")
        }
    }

    @Test func `random lanes touch the bytes that a count byte by byte finds`() {
        let seed = SeededGenerator.printedSeed("lanes byte by byte")
        var generator = SeededGenerator(seed: seed)
        var expander = RequestExpander(geometry: .nvidia)
        for _ in 0..<3000 {
            let laneBytes = [1, 2, 4, 8, 16][Int.random(in: 0...4, using: &generator)]
            let range = [128, 512, 4096][Int.random(in: 0...2, using: &generator)]
            let addresses = (0..<32).map { _ in UInt64(1 << 20 + Int.random(in: 0...range, using: &generator)) }
            expander.expand(
                LaneAccess(kind: .load, tensor: 0, laneBytes: laneBytes, firstLane: 0, laneCount: 32),
                laneAddresses: addresses)
            let bytes = Set(addresses.flatMap { start in (0..<laneBytes).map { start + UInt64($0) } })
            expect(expander.requests, [NaiveExpansion.lines(of: bytes)], "seed \(seed): \(addresses) \(laneBytes)")
        }
    }

    @Test func `random lanes touch the bytes that a count byte by byte finds, in lines of any length`() {
        let seed = SeededGenerator.printedSeed("lanes on odd lines")
        var generator = SeededGenerator(seed: seed)
        for (lineBytes, sectorBytes) in [(96, 32), (128, 16), (100, 20), (33, 11), (64, 64), (24, 3)] {
            var expander = RequestExpander(geometry: LineGeometry(lineBytes: lineBytes, sectorBytes: sectorBytes))
            for _ in 0..<100 {
                let laneBytes = Int.random(in: 1...40, using: &generator)
                let addresses = (0..<32).map { _ in UInt64(Int.random(in: 0...(12 * lineBytes), using: &generator)) }
                expander.expand(
                    LaneAccess(kind: .load, tensor: 0, laneBytes: laneBytes, firstLane: 0, laneCount: 32),
                    laneAddresses: addresses)
                let bytes = Set(addresses.flatMap { start in (0..<laneBytes).map { Int(start) + $0 } })
                var naive: [UInt64: NaiveExpansion.Masks] = [:]
                for line in Set(bytes.map { $0 / lineBytes }) {
                    var masks = NaiveExpansion.Masks(sectors: 0, whole: 0)
                    for sector in 0..<(lineBytes / sectorBytes) {
                        let start = line * lineBytes + sector * sectorBytes
                        let touched = (start..<(start + sectorBytes)).count { bytes.contains($0) }
                        if touched > 0 { masks.sectors |= 1 << UInt8(sector) }
                        if touched == sectorBytes { masks.whole |= 1 << UInt8(sector) }
                    }
                    naive[UInt64(line)] = masks
                }
                expect(
                    expander.requests, [naive],
                    "seed \(seed): \(lineBytes) / \(sectorBytes), \(addresses) of \(laneBytes)")
            }
        }
    }

    @Test func `lanes that touch more than 256 lines, in mixed order and again, still name each line once`() {
        var expander = RequestExpander(geometry: .nvidia)
        // A lane's 65,535 bytes touch 512 lines; the second lane's lie half on them, the third's in front of both.
        let addresses: [UInt64] = [1 << 20, (1 << 20) + 256 * 128, (1 << 20) - 300 * 128]
        expander.expand(
            LaneAccess(kind: .load, tensor: 0, laneBytes: 65_535, firstLane: 0, laneCount: 3), laneAddresses: addresses)
        let first = (1 << 20) / 128
        let order = Array(first..<(first + 512)) + Array((first + 512)..<(first + 768)) + Array((first - 300)..<first)
        #expect(expander.requests.map { Int($0.line) } == order)
        #expect(expander.requests.count { $0.startsRequest } == 1)
        // All bytes but the very last are touched.
        #expect(expander.requests.allSatisfy { $0.sectors == 0b1111 })
        #expect(expander.requests.filter { $0.wholeSectors != 0b1111 }.map { Int($0.line) } == [first + 767])
    }

    private func expect(_ requests: [LineRequest], _ naive: [[UInt64: NaiveExpansion.Masks]], _ what: String) {
        var found: [[UInt64: NaiveExpansion.Masks]] = []
        for request in requests {
            if request.startsRequest { found.append([:]) }
            guard !found.isEmpty else {
                Issue.record("the first line starts no request: \(what)")
                return
            }
            let masks = NaiveExpansion.Masks(sectors: request.sectors, whole: request.wholeSectors)
            let old = found[found.count - 1].updateValue(masks, forKey: request.line)
            if old != nil { Issue.record("a line twice in a request: \(what)") }
        }
        if found != naive { Issue.record("the lines differ: \(what)") }
    }
}
