/// The settings of a kind of machine, described by a table of fields: what machine files, `--set` and printing work on.
package protocol DescribedSettings: Equatable, Sendable {
    associatedtype Preset: SettingsPreset where Preset.Settings == Self

    /// The preset that these settings started from.
    var preset: Preset { get set }
    /// Settings that a datasheet fills: every number is 0.
    init(blank preset: Preset)
    /// Every field, group by group, in the order in which machines are printed.
    static var fields: [SettingField<Self>] { get }
    /// A `--set` option, for errors.
    static var optionExample: String { get }

    /// Mends values that follow from changed ones, unless they are given themselves.
    /// - Parameters:
    ///   - original: the settings before the change.
    ///   - isGiven: whether the field of this name was written.
    mutating func settle(from original: Self, isGiven: (String) -> Bool)

    /// Checks everything that the simulator relies on.
    /// - Throws: `MachineError.impossible` with the first contradiction found.
    func validate() throws(MachineError)
}

/// The machines of a kind that are described in full.
package protocol SettingsPreset: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
    associatedtype Settings: DescribedSettings

    /// The preset's values, each with its source.
    var sheet: Datasheet<Settings> { get }
}

extension SettingsPreset {
    /// The preset's values.
    package var settings: Settings { sheet.settings }
}
