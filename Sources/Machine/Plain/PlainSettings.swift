import Replacement

/// One core behind plain caches: what Dinero, cachegrind and the like simulate. Before validation.
package struct PlainSettings: DescribedSettings {
    /// The preset that these settings started from.
    package var preset: PlainPreset
    package var core: CoreSettings
    /// The instructions' first level, where `core.hasInstructionCache`.
    package var i1: CacheGeometry
    /// The data's first level; also the instructions' where they have none of their own.
    package var d1: CacheGeometry
    package var d1Writes: CacheWrites
    /// Whether data that the first level writes back or through are accesses of the last level.
    package var d1WritesAreAccesses: Bool
    /// The last level.
    package var ll: CacheGeometry
    package var llWrites: CacheWrites

    /// Settings that a datasheet fills: every number is 0.
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

    /// Nothing follows from anything else.
    package mutating func settle(from original: Self, isGiven: (String) -> Bool) {}
}

/// The one requester.
package struct CoreSettings: Equatable, Sendable {
    /// What results call the machine.
    package var name: String
    package var straddle: StraddleRule
    /// Whether instructions have a first level of their own.
    package var hasInstructionCache: Bool
    /// Whether what is dirty when a launch ends is written to memory, as Dinero IV does at its end; the lines stay.
    package var flushesAtEnd: Bool

    package init(name: String, straddle: StraddleRule, hasInstructionCache: Bool, flushesAtEnd: Bool = false) {
        self.name = name
        self.straddle = straddle
        self.hasInstructionCache = hasInstructionCache
        self.flushesAtEnd = flushesAtEnd
    }
}

/// What an access that touches several lines counts as.
package enum StraddleRule: String, CaseIterable, Sendable {
    /// One access, at most one miss, and the next level is asked for the whole access if any line was missing. An
    /// access longer than the shortest line of all levels counts as one of that length. *Source:* cachegrind (cg_sim.c,
    /// cg_main.c).
    case once
    /// Every line is an access of its own, and only missing lines are asked for below. *Source:* Dinero IV.
    case each
}

/// Lines of one cache and which of them leaves.
package struct CacheGeometry: Equatable, Sendable {
    package var capacityBytes: Int
    /// A power of two.
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
    /// Whether a store that misses brings its line in.
    package var allocates: Bool

    package init(policy: WritePolicy, allocates: Bool) {
        self.policy = policy
        self.allocates = allocates
    }
}
