import Replacement

/// One core behind plain caches, as Dinero, cachegrind and similar programs simulate it. These settings are not yet
/// validated.
package struct PlainSettings: DescribedSettings {
    /// The preset that these settings started from.
    package var preset: PlainPreset
    package var core: CoreSettings
    /// The instructions' first level, where `core.hasInstructionCache`.
    package var i1: CacheGeometry
    /// The first level of data. It also serves instructions where these have no level of their own.
    package var d1: CacheGeometry
    package var d1Writes: CacheWrites
    /// Whether data that the first level writes back or through count as accesses of the last level.
    package var d1WritesAreAccesses: Bool
    /// The last level.
    package var ll: CacheGeometry
    package var llWrites: CacheWrites

    /// Settings that a datasheet will fill. Every number is 0.
    package init(blank preset: PlainPreset) {
        let cache = CacheGeometry(capacityBytes: 0, lineBytes: 0, ways: 0)
        let writes = CacheWrites(policy: .writeBack, allocates: false)
        self.preset = preset
        core = CoreSettings(name: "", straddle: .once, hasInstructionCache: false)
        (i1, d1, ll) = (cache, cache, cache)
        (d1Writes, llWrites) = (writes, writes)
        d1WritesAreAccesses = false
    }

    package static let optionExample = "d1.capacity=64KiB"
    package static let fields: [SettingField<PlainSettings>] = coreFields + i1Fields + d1Fields + llFields

    /// Changes nothing, because no value follows from another.
    package mutating func settle(from original: Self, isGiven: (String) -> Bool) {}
}

/// The only requester.
package struct CoreSettings: Equatable, Sendable {
    /// Name of the machine in results.
    package var name: String
    package var straddle: StraddleRule
    /// Whether instructions have a first level of their own.
    package var hasInstructionCache: Bool
    /// Whether dirty lines are written to memory when a launch ends, as Dinero IV does at its end. The lines stay in
    /// the caches.
    package var flushesAtEnd: Bool

    package init(name: String, straddle: StraddleRule, hasInstructionCache: Bool, flushesAtEnd: Bool = false) {
        self.name = name
        self.straddle = straddle
        self.hasInstructionCache = hasInstructionCache
        self.flushesAtEnd = flushesAtEnd
    }
}

/// How an access that touches several lines is counted.
package enum StraddleRule: String, CaseIterable, Sendable {
    /// It counts as one access and at most one miss. If any line was missing, the next level is asked for the whole
    /// access. An access that is longer than the shortest line of all levels counts as one of that length. *Source:*
    /// cachegrind (cg_sim.c, cg_main.c).
    case once
    /// Every line counts as an access of its own, and the level below is asked only for missing lines. *Source:* Dinero
    /// IV.
    case each
}

/// The lines of one cache, and the rule for which of them leaves.
package struct CacheGeometry: Equatable, Sendable {
    package var capacityBytes: Int
    /// Length of a line, a power of two.
    package var lineBytes: Int
    package var ways: Int
    package var replacement: ReplacementPolicy
    /// Seed of random replacement.
    package var seed: Int

    package init(capacityBytes: Int, lineBytes: Int, ways: Int, replacement: ReplacementPolicy = .lru, seed: Int = 1) {
        self.capacityBytes = capacityBytes
        self.lineBytes = lineBytes
        self.ways = ways
        self.replacement = replacement
        self.seed = seed
    }

    /// Sets, for a geometry that `PlainSettings.validate` has accepted.
    package var sets: Int { capacityBytes / (lineBytes * ways) }
}

/// What a cache does with stores.
package struct CacheWrites: Equatable, Sendable {
    package var policy: WritePolicy
    /// Whether a store that misses brings in its line.
    package var allocates: Bool

    package init(policy: WritePolicy, allocates: Bool) {
        self.policy = policy
        self.allocates = allocates
    }
}
