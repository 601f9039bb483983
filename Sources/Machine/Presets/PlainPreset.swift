/// The machines of plain caches that are described in full.
package enum PlainPreset: String, SettingsPreset {
    /// A common desktop's caches as cachegrind sees them.
    case oneCore = "one-core"

    package var sheet: Datasheet<PlainSettings> {
        switch self {
        case .oneCore: OneCore.sheet
        }
    }
}
