extension MachineSettings {
    /// NVIDIA H100 SXM5: the H200's die with 50 MiB of L2 and five stacks of HBM3. What was measured on the H200 alone is
    /// marked `estimated:` in `MachineField.all`.
    package static let h100SXM: MachineSettings = {
        var settings = MachineSettings.h200
        settings.preset = .h100SXM
        settings.gpu.name = "NVIDIA H100 SXM5"
        settings.l2.capacityBytes = 50 << 20
        settings.l2.slices = 80
        settings.l2.fabricBytesPerCycle = 517
        settings.hbm.bytesPerSecond = 3.352e12
        settings.hbm.channels = 80
        settings.hbm.readEfficiency = 0.949
        settings.hbm.turnaroundNanoseconds = 8.5
        return settings
    }()
}
