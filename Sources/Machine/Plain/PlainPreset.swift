/// The machines of plain caches that are described in full.
package enum PlainPreset: String, SettingsPreset {
    /// A common desktop's caches as cachegrind sees them.
    case oneCore = "one-core"

    /// The preset's values.
    package var settings: PlainSettings {
        switch self {
        case .oneCore: .oneCore
        }
    }

    package func source(of field: SettingField<PlainSettings>) -> FieldSource { field.source }
}

extension PlainSettings {
    /// Two first levels of 32 KiB and 8 ways, a last level of 8 MiB and 16 ways, 64-byte lines, cachegrind's rules.
    static let oneCore = PlainSettings(
        preset: .oneCore, core: CoreSettings(name: "One core", straddle: .once, hasInstructionCache: true),
        i1: CacheGeometry(capacityBytes: 32 << 10, lineBytes: 64, ways: 8, replacement: .lru, seed: 1),
        d1: CacheGeometry(capacityBytes: 32 << 10, lineBytes: 64, ways: 8, replacement: .lru, seed: 1),
        d1Writes: CacheWrites(policy: .writeBack, allocates: true), d1WritesAreAccesses: false,
        ll: CacheGeometry(capacityBytes: 8 << 20, lineBytes: 64, ways: 16, replacement: .lru, seed: 1),
        llWrites: CacheWrites(policy: .writeBack, allocates: true))
}
