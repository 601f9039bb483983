import Machine

/// The memory that a simulation may use, and the memory that parts of machines take. Both are known before anything is
/// allocated.
enum MemoryBudget {
    /// The limit in bytes for each part of a machine's state: eighty times the parts of the largest preset.
    static let machineBytes = 8 << 30
    /// The limit in bytes for the programs of all blocks that are resident at a time.
    static let programBytes = 512 << 20

    /// - Parameter fields: the settings that make the part smaller.
    static func require(_ bytes: Int, for part: String, fields: String) throws(SimulatorError) {
        guard bytes <= machineBytes else {
            throw .machineTooLarge(part: part, bytes: bytes, limit: machineBytes, fields: fields)
        }
    }

    /// Checks the parts that do not depend on a launch: the L2 and the coalescers.
    static func require(_ machine: MachineDescription) throws(SimulatorError) {
        let l2 = machine.l2
        let sets = machine.derived.l2SetsPerPartition * l2.partitions
        try require(
            TagStore.byteCount(sets: sets, ways: l2.ways, replacement: l2.replacement), for: "the tags of the L2",
            fields: "l2.capacity, or raise l2.line or l2.ways")
        let entries = machine.settings.gpcs.count * machine.coalescer.entries
        try require(entries * 32, for: "the entries of the coalescers", fields: "coalescer.entries or gpcs.count")
    }

    /// Checks the parts that depend on a launch's occupancy: the L1s and the slots of blocks.
    static func require(_ machine: MachineDescription, occupancy: Occupancy) throws(SimulatorError) {
        let sets = machine.l1Sets(capacityBytes: occupancy.l1CapacityBytes) * machine.gpu.smCount
        try require(
            TagStore.byteCount(sets: sets, ways: machine.l1.ways, replacement: machine.l1.replacement),
            for: "the tags of the L1s",
            fields: "sm.unifiedCapacity or gpu.smCount, or raise l1.line or l1.ways")
        let slotBytes = MemoryLayout<SlotState>.stride + 512
        try require(
            machine.gpu.smCount * occupancy.blocksPerSM * slotBytes, for: "the places of resident blocks",
            fields: "sm.blocks or gpu.smCount")
    }
}
