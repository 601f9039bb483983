/// The machines with plain caches that are fully described here.
package enum PlainPreset: String, SettingsPreset {
    /// A common desktop's caches as cachegrind sees them.
    case oneCore = "one-core"

    package var sheet: Datasheet<PlainSettings> {
        switch self {
        case .oneCore: OneCore.sheet
        }
    }
}
