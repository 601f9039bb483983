import TestSupport
import Testing
import Trace

@Suite("Tiles in pieces")
struct TilePiecesTests {
    @Test(
        "The pieces of a tile are its requests and its coverage in their order, and none is much longer than the limit or one request"
    )
    func law() {
        let seed = SeededGenerator.printedSeed("pieces")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let laneBytes = Int.random(in: 1...300, using: &generator)
            let tile = TileAccess(
                kind: .load, tensor: 0, elementBytes: 4, address: UInt64.random(in: 0...1 << 20, using: &generator),
                rows: Int.random(in: 1...20, using: &generator), rowBytes: Int.random(in: 1...900, using: &generator),
                pitchBytes: Int.random(in: -300...900, using: &generator),
                requestRows: Int.random(in: 1...6, using: &generator),
                lanesPerRow: Int.random(in: 1...32, using: &generator), laneBytes: laneBytes,
                laneStrideBytes: laneBytes * Int.random(in: 1...3, using: &generator)
                    + (Bool.random(using: &generator) ? 0 : 7),
                replicas: Int.random(in: 1...3, using: &generator))
            var whole = RequestExpander(geometry: .nvidia, measuresCoverage: true)
            whole.expand(tile)
            let limit = Int.random(in: 1...60, using: &generator)
            var pieces = TilePieces(tile, geometry: .nvidia, lines: limit)
            var expander = RequestExpander(geometry: .nvidia, measuresCoverage: true)
            var requests: [LineRequest] = []
            var covered: [UInt64] = []
            while pieces.expandNext(with: &expander) {
                let starts = expander.requests.filter(\.startsRequest).count
                #expect(expander.requests.count <= 2 * limit || starts == 1, "seed \(seed), \(tile), limit \(limit)")
                requests += expander.requests
                covered += expander.coveredBytes
            }
            #expect(
                requests == whole.requests && covered == whole.coveredBytes, "seed \(seed), \(tile), limit \(limit)")
        }
    }
}
