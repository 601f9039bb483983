/// The settings of one kind of machine, described by a table of fields. Machine files, `--set` and printing use the
/// table.
package protocol DescribedSettings: Equatable, Sendable {
    associatedtype Preset: SettingsPreset where Preset.Settings == Self

    /// The preset that these settings started from.
    var preset: Preset { get set }
    /// Settings that a datasheet will fill. Every number is 0.
    init(blank preset: Preset)
    /// Every field, group by group, in the order in which machines are printed.
    static var fields: [SettingField<Self>] { get }
    /// An example of a `--set` option, for errors.
    static var optionExample: String { get }

    /// Adjusts values that follow from changed ones. Values that are given themselves stay.
    /// - Parameters:
    ///   - original: the settings before the change.
    ///   - isGiven: whether the field with this name was written.
    mutating func settle(from original: Self, isGiven: (String) -> Bool)

    /// Checks everything that the simulator relies on.
    /// - Throws: `MachineError.impossible` with the first contradiction found.
    func validate() throws(MachineError)
}

/// The fully described machines of one kind.
package protocol SettingsPreset: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
    associatedtype Settings: DescribedSettings

    /// The preset's values, each with its source.
    var sheet: Datasheet<Settings> { get }
}

extension SettingsPreset {
    /// The preset's values.
    package var settings: Settings { sheet.settings }
}
