import Simulator
import Trace

/// The cache whose curve is drawn.
package enum CurveLevel: String, CaseIterable, Sendable {
    /// The L1 of each SM, summed over SMs.
    case l1
    /// One cache below all SMs.
    case l2
}

/// The bytes that a miss brings in.
package enum CurveGranularity: String, CaseIterable, Sendable {
    /// The requested sectors. An access is a sector. It hits if its line is there and the sector was requested since
    /// the line came in.
    case sector
    /// The whole line. An access is a line of a request.
    case line
}

/// The order in which the operations of a launch's blocks reach the cache.
package enum BlockOrder: String, CaseIterable, Sendable {
    /// The resident blocks take turns, one operation each, until all have ended. Then the next wave begins.
    case waves
    /// One block after another.
    case blocks
}

/// How a cache places its lines.
package enum CurveOrganization: Equatable, Sendable {
    /// A line may lie anywhere. One pass gives every capacity.
    case fullyAssociative
    /// Line `n` lies in set `n mod sets`. Each number of sets gives a curve over 1 to `ways` ways.
    case waysOfSets(sets: [Int], ways: Int)
    /// The same with a fixed number of ways. Each number of sets gives a point.
    case setsOfWays(sets: [Int], ways: Int)
}

/// The capacities of a fully associative cache that are reported.
package enum CurveCapacities: Equatable, Sendable {
    /// Four capacities per octave, from 1 KiB up to the least one with only compulsory misses.
    case ladder
    /// The listed capacities in bytes.
    case listed([UInt64])
    /// Every capacity at which a launch's misses change.
    case every
}

/// A spatially hashed sample of lines.
package struct CurveSampling: Equatable, Sendable {
    /// Share of the lines, above 0 and below 1.
    package let rate: Double
    /// The number that chooses the lines.
    package let seed: UInt64

    package init(rate: Double, seed: UInt64) {
        self.rate = rate
        self.seed = seed
    }
}

/// The settings of a curve.
package struct CurveSettings: Equatable, Sendable {
    package var level = CurveLevel.l2
    package var granularity = CurveGranularity.sector
    /// A power of two. Sectored lines have 32, 64 or 128 bytes.
    package var lineBytes = Int(LineGeometry.nvidia.lineBytes)
    package var organization = CurveOrganization.fullyAssociative
    package var capacities = CurveCapacities.ladder
    package var order = BlockOrder.waves
    package var cacheMode = CacheMode.cold
    /// Whether loads reach the L2 only if the machine's L1 lacks their sectors. That L1 is plain LRU here.
    package var isBehindL1 = false
    /// The sample; nil for all lines. Only a fully associative cache is sampled.
    package var sampling: CurveSampling?

    /// Limit in bytes for everything held at once: the accounts of lines, the counts by distance and the programs of
    /// blocks.
    package var byteLimit = 768 << 20

    package init() {}
}

extension CurveSettings {
    /// The bytes that a miss brings in.
    var sectorBytes: Int { granularity == .sector ? Int(LineGeometry.nvidia.sectorBytes) : lineBytes }

    /// The number of a stack's lines that stand for a cache of `lines` lines. A sample has fewer.
    func stackLines(of lines: Double) -> Int {
        Int((lines * (sampling?.rate ?? 1)).rounded(.up))
    }

    func stackLines(ofCapacity bytes: UInt64) -> Int { stackLines(of: Double(bytes / UInt64(lineBytes))) }

    /// The numbers of lines of a fully associative stack at which a curve is wanted, ascending; empty for all.
    var stackSizes: [UInt32] {
        let capacities: [UInt64] =
            switch capacities {
            case .ladder: Self.ladder(lineBytes: UInt64(lineBytes))
            case .listed(let listed): listed
            case .every: []
            }
        return Set(capacities.map { UInt32(clamping: stackLines(ofCapacity: $0)) }).filter { $0 > 0 }.sorted()
    }

    /// Four capacities per octave from 1 KiB to 4 GiB. Each is a whole number of lines and appears once.
    static func ladder(lineBytes: UInt64) -> [UInt64] {
        let steps: [UInt64] = [1024, 1218, 1448, 1722]
        var result: [UInt64] = []
        for octave in 0..<22 {
            for step in steps {
                let capacity = max((step << UInt64(octave)) / lineBytes, 1) * lineBytes
                if capacity != result.last { result.append(capacity) }
            }
        }
        return result + [1 << 32]
    }
}
