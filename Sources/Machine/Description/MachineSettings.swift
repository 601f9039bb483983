/// Every number that describes a machine, before validation. Presets fill it and overrides change it.
///
/// The simulator never reads it. It reads the `MachineDescription` that is made from it.
package struct MachineSettings: DescribedSettings {
    /// The preset that these settings started from.
    package var preset: MachinePreset
    package var gpu = GPUSettings()
    package var sm = SMSettings()
    package var launch = LaunchSettings()
    package var l1 = L1Settings()
    package var coalescer = CoalescerSettings()
    package var l2 = L2Settings()
    package var hbm = HBMSettings()
    package var gpcs = GPCSettings()

    /// Settings that a datasheet will fill. Every number is 0.
    package init(blank preset: MachinePreset) { self.preset = preset }

    package static let optionExample = "l2.capacity=25MiB"
    package static let fields: [MachineField] =
        gpuFields + smFields + launchFields + l1Fields + coalescerFields + l2Fields + hbmFields + gpcFields
}
