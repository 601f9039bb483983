import Analysis
import ArgumentParser
import Machine

extension CurveLevel: ExpressibleByArgument {}
extension CurveGranularity: ExpressibleByArgument {}
extension BlockOrder: ExpressibleByArgument {}

/// The options of the curve that `weir curve` draws.
package struct CurveOptions: ParsableArguments {
    @Option(help: "The cache: l1 (of each SM, summed) or l2 (one below all SMs).") package var level = CurveLevel.l2
    @Option(help: "What a miss brings in and an access is: sector or line.") package var granularity = CurveGranularity
        .sector
    @Option(help: "Bytes of a line: 32, 64 or 128; with --granularity line a power of two from 4 to 4096.") package
        var line = 128
    @Flag(help: "A line may lie anywhere; otherwise the cache has as many sets as the machine's.")
    package var fullyAssociative = false
    @Option(
        help: ArgumentHelp(
            "Numbers of sets, such as 64 or 64,128: for each a curve over 1 to --ways ways (64 unless given). Line n lies in set "
                + "n mod sets.",
            valueName: "sets"))
    package var sets: String?
    @Option(help: "Without --sets: exactly this many ways, over numbers of sets that are powers of two.") package
        var ways: Int?
    @Option(
        help: ArgumentHelp(
            "Capacities of a fully associative cache, such as 256KiB,25MiB, instead of four an octave.",
            valueName: "sizes"))
    package var capacities: String?
    @Flag(help: "Every capacity at which misses change; fully associative, json or csv.") package var every = false
    @Option(
        help: "Operations of blocks: waves (those resident at once take turns) or blocks (one block after another).")
    package var order = BlockOrder.waves
    @OptionGroup package var cache: CacheOption
    @Flag(help: "L2: behind L1s of the machine's capacity, here plain LRU.") package var behindL1 = false
    @Option(
        help: "Share of the lines to look at, such as 0.01; fully associative, with a standard error for each point.")
    package var sample: Double?
    @Option(help: "Chooses the lines of --sample.") package var seed: UInt64 = 1

    package init() {}

    package func validate() throws {
        if fullyAssociative, sets != nil || ways != nil {
            throw ValidationError("--fully-associative has neither --sets nor --ways; leave one or the other out")
        }
        if capacities != nil, every {
            throw ValidationError("--every and --capacities exclude each other; leave one out")
        }
        if let capacities { _ = try Self.sizes(capacities) }
        if let sets { _ = try Self.counts(sets) }
        if let ways, !(1...65536).contains(ways) { throw ValidationError("--ways \(ways): give 1 to 65536") }
    }

    /// The settings. The machine gives the sets unless an option does.
    package func settings(_ machine: MachineDescription) throws -> CurveSettings {
        var settings = CurveSettings()
        settings.level = level
        settings.granularity = granularity
        settings.lineBytes = line
        settings.order = order
        settings.cacheMode = cache.mode
        settings.isBehindL1 = behindL1
        settings.sampling = sample.map { CurveSampling(rate: $0, seed: seed) }
        if let capacities { settings.capacities = .listed(try Self.sizes(capacities)) }
        if every { settings.capacities = .every }
        if let sets {
            settings.organization = .waysOfSets(sets: try Self.counts(sets), ways: ways ?? Self.usualWays)
        } else if let ways {
            let largest = level == .l1 ? 1 << 20 : 1 << 28
            let powers = (0..<32).map { 1 << $0 }
            let enough = powers.firstIndex { $0 * ways * max(line, 1) >= largest } ?? 0
            settings.organization = .setsOfWays(sets: Array(powers[...enough]), ways: ways)
        } else if !fullyAssociative, sample == nil, settings.capacities == .ladder {
            let number =
                level == .l1
                ? machine.l1Sets(capacityBytes: machine.sm.unifiedBytes)
                : machine.derived.l2SetsPerPartition * machine.l2.partitions
            settings.organization = .waysOfSets(sets: [number], ways: Self.usualWays)
        }
        return settings
    }

    private static let usualWays = 64

    private static func counts(_ text: String) throws -> [Int] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map {
            guard let count = Int($0), count > 0 else {
                throw ValidationError("--sets \(text): write numbers such as 64,128")
            }
            return count
        }
    }

    private static func sizes(_ text: String) throws -> [UInt64] {
        let sizes = try text.split(separator: ",", omittingEmptySubsequences: false).map {
            if let number = Double($0), number > 0 {
                throw ValidationError(
                    "--capacities \(text): the unit of \($0) is missing; write \($0)MiB, or \($0)B for so few bytes")
            }
            guard let bytes = FieldUnit.byteCount(from: String($0)) else {
                throw ValidationError("--capacities \(text): write sizes with units, such as 256KiB,25MiB")
            }
            return UInt64(bytes)
        }
        return Set(sizes).sorted()
    }
}
