/// An immutable, validated machine with its derived values. The simulator reads it.
///
/// It is made from a preset and overrides. Making one validates it, so every instance is a possible machine.
package struct MachineDescription: Equatable, Sendable {
    /// The settings as given, for printing.
    package let settings: MachineSettings
    package let gpu: GPUSettings
    package let sm: SMSettings
    package let launch: LaunchSettings
    package let l1: L1Settings
    package let coalescer: CoalescerSettings
    package let l2: L2Settings
    package let hbm: HBMSettings
    /// GPC, partition and place in the dispatch order of every SM.
    package let gpcs: GPCLayout
    /// What follows from the settings.
    package let derived: DerivedValues

    /// Validates `settings` and derives the other values.
    /// - Throws: `MachineError.impossible` with the first contradiction.
    package init(_ settings: MachineSettings) throws(MachineError) {
        try settings.validate()
        self.settings = settings
        gpu = settings.gpu
        sm = settings.sm
        launch = settings.launch
        l1 = settings.l1
        coalescer = settings.coalescer
        l2 = settings.l2
        hbm = settings.hbm
        gpcs = GPCLayout(settings.gpcs, smCount: settings.gpu.smCount, partitions: settings.l2.partitions)
        derived = DerivedValues(settings)
    }

    /// A preset without changes. A test makes sure that all presets are valid.
    package init(preset: MachinePreset) throws(MachineError) {
        try self.init(preset.settings)
    }

    /// The clock of a launch in Hz.
    package func clockHertz(usesTensorCores: Bool) -> Double {
        usesTensorCores ? gpu.tensorClockHertz : gpu.clockHertz
    }

    /// The mean clock of a launch that begins at `clock`, in Hz.
    /// - Parameter tensorUse: the share of the time in which the tensor cores of all SMs are busy.
    package func clockHertz(of clock: Double, tensorUse: Double) -> Double {
        let square = min(1, tensorUse) * min(1, tensorUse)
        return clock * (1 - gpu.tensorClockDrop * square * square)
    }

    /// The occupancy of a launch on this machine's SMs, as `SMSettings.occupancy` computes it.
    package func occupancy(
        threadsPerBlock: Int, registersPerThread: Int, sharedMemoryBytesPerBlock: Int
    ) throws(MachineError) -> Occupancy {
        try sm.occupancy(
            threadsPerBlock: threadsPerBlock, registersPerThread: registersPerThread,
            sharedMemoryBytesPerBlock: sharedMemoryBytesPerBlock)
    }

    /// Sets of an L1 to which the carve-out leaves `capacityBytes`, at least one.
    package func l1Sets(capacityBytes: Int) -> Int {
        let named = l1.tagBytes > 0 ? l1.tagBytes : capacityBytes - l1.reserveBytes
        return max(1, named / (l1.lineBytes * l1.ways))
    }

    /// The most lines that such an L1 holds at a time. There may be fewer than its sets have ways.
    package func l1Lines(capacityBytes: Int) -> Int {
        let room = max(1, (capacityBytes - l1.reserveBytes) / l1.lineBytes)
        return min(room, l1Sets(capacityBytes: capacityBytes) * l1.ways)
    }
}
