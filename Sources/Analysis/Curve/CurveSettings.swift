import Simulator
import Trace

/// Which cache a curve is of.
package enum CurveLevel: String, CaseIterable, Sendable {
    /// The L1 of each SM, summed over SMs.
    case l1
    /// One cache below all SMs.
    case l2
}

/// What a miss brings in.
package enum CurveGranularity: String, CaseIterable, Sendable {
    /// The sectors asked for. An access is a sector; it hits if its line is there and the sector was asked for since
    /// the line came.
    case sector
    /// The whole line. An access is a line of a request.
    case line
}

/// In which order the operations of a launch's blocks reach the cache.
package enum BlockOrder: String, CaseIterable, Sendable {
    /// The blocks resident at once take turns, an operation each, until all have ended; then the next wave begins.
    case waves
    /// One block after another.
    case blocks
}

/// How the lines of a cache are divided.
package enum CurveOrganization: Equatable, Sendable {
    /// A line may lie anywhere: every capacity in one pass.
    case fullyAssociative
    /// Line `n` lies in set `n mod sets`: for each number of sets a curve over 1 to `ways` ways.
    case waysOfSets(sets: [Int], ways: Int)
    /// The same with a fixed number of ways: a point for each number of sets.
    case setsOfWays(sets: [Int], ways: Int)
}

/// Which capacities of a fully associative cache are reported.
package enum CurveCapacities: Equatable, Sendable {
    /// Four an octave from 1 KiB up to where only compulsory misses are left.
    case ladder
    /// These, in bytes.
    case listed([UInt64])
    /// Every capacity at which a launch's misses change.
    case every
}

/// A spatially hashed sample of lines.
package struct CurveSampling: Equatable, Sendable {
    /// Share of the lines, above 0 and below 1.
    package let rate: Double
    /// Chooses the lines.
    package let seed: UInt64

    package init(rate: Double, seed: UInt64) {
        self.rate = rate
        self.seed = seed
    }
}

/// What a curve is of.
package struct CurveSettings: Equatable, Sendable {
    package var level = CurveLevel.l2
    package var granularity = CurveGranularity.sector
    /// A power of two; of sectored lines 32, 64 or 128.
    package var lineBytes = Int(LineGeometry.nvidia.lineBytes)
    package var organization = CurveOrganization.fullyAssociative
    package var capacities = CurveCapacities.ladder
    package var order = BlockOrder.waves
    package var cacheMode = CacheMode.cold
    /// Whether loads reach the L2 only where the machine's L1, here plain LRU, lacks their sectors.
    package var isBehindL1 = false
    /// Nil for all lines. Only a fully associative cache is sampled.
    package var sampling: CurveSampling?

    /// Bytes that the accounts of lines, the counts by distance and the programs of blocks at once may hold together.
    package var byteLimit = 768 << 20

    package init() {}
}

extension CurveSettings {
    /// What a miss brings in.
    var sectorBytes: Int { granularity == .sector ? Int(LineGeometry.nvidia.sectorBytes) : lineBytes }

    /// The lines of a stack that stand for a cache of so many lines: of a sample fewer.
    func stackLines(of lines: Double) -> Int {
        Int((lines * (sampling?.rate ?? 1)).rounded(.up))
    }

    func stackLines(ofCapacity bytes: UInt64) -> Int { stackLines(of: Double(bytes / UInt64(lineBytes))) }

    /// The numbers of a fully associative stack's lines at which a curve is wanted, ascending; empty for all.
    var stackSizes: [UInt32] {
        let capacities: [UInt64] =
            switch capacities {
            case .ladder: Self.ladder(lineBytes: UInt64(lineBytes))
            case .listed(let listed): listed
            case .every: []
            }
        return Set(capacities.map { UInt32(clamping: stackLines(ofCapacity: $0)) }).filter { $0 > 0 }.sorted()
    }

    /// Four capacities an octave from 1 KiB to 4 GiB, whole lines each and each once.
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
