extension MachineSettings {
    /// The SM: residency limits first, then time constants.
    static let smFields: [MachineField] = [
        MachineField("sm.warps", .count, .integer(\.sm.warps), in: 1...4096, "Resident warps"),
        MachineField("sm.threads", .count, .integer(\.sm.threads), in: 32...131072, "Resident threads"),
        MachineField("sm.blocks", .count, .integer(\.sm.blocks), in: 1...4096, "Resident blocks"),
        MachineField("sm.registers", .count, .integer(\.sm.registers), in: 256...16_777_216, "32-bit registers"),
        MachineField(
            "sm.registerGranularity", .count, .integer(\.sm.registerGranularity), in: 1...65536,
            "A warp's registers are rounded up to this many"),
        MachineField(
            "sm.registersPerThread", .count, .integer(\.sm.registersPerThread), in: 1...65536,
            "Most registers of a thread"),
        MachineField(
            "sm.threadsPerBlock", .count, .integer(\.sm.threadsPerBlock), in: 1...131072, "Most threads of a block"),
        MachineField(
            "sm.schedulers", .count, .integer(\.sm.schedulers), in: 1...64,
            "Warp schedulers, each with its share of the registers"),
        MachineField(
            "sm.unifiedCapacity", .bytes, .integer(\.sm.unifiedBytes), in: 1024...1_073_741_824,
            "L1 and shared memory together"),
        MachineField(
            "sm.sharedReserve", .bytes, .integer(\.sm.sharedReserveBytes), in: 0...1_048_576,
            "Shared memory that the system takes of each block"),
        MachineField(
            "sm.sharedGranularity", .bytes, .integer(\.sm.sharedGranularityBytes), in: 1...1_048_576,
            "A block's shared memory is rounded up to this"),
        MachineField(
            "sm.sharedPerBlock", .bytes, .integer(\.sm.sharedPerBlockBytes), in: 0...1_073_741_824,
            "Most shared memory of a block, without the reserve"),
        MachineField(
            "sm.carveOuts", .byteList, .integers(\.sm.carveOutBytes), in: 0...1_073_741_824,
            "Shared-memory carve-outs, ascending"),
        MachineField(
            "sm.carveOutDoubling", .bytes, .integer(\.sm.carveOutDoublingBytes), in: 0...1_073_741_824,
            "Up to this size the driver doubles the carve-out that the resident blocks need"),
        MachineField(
            "sm.carveOutWithoutShared", .bytes, .integer(\.sm.carveOutWithoutSharedBytes), in: 0...1_073_741_824,
            "The largest carve-out for blocks without shared memory of their own"),
        MachineField(
            "sm.preferSharedAbove", .bytes, .integer(\.sm.preferSharedBytes), in: 0...1_073_741_824,
            "Blocks with more shared memory than this, reserve excluded, get the largest carve-out"),
        MachineField(
            "sm.issueInterval", .cycles, .real(\.sm.issueIntervalCycles), in: 0.01...1e6,
            "Cycles between the instructions of a lone warp (c) in launches without tensor products, besides what the mix adds; at least 1 in all"
        ),
        MachineField(
            "sm.memoryInstruction", .cycles, .real(\.sm.memoryInstructionCycles), in: 0...1e6,
            "Cycles of the SM's memory-instruction pipe per warp instruction (m)"),
        MachineField(
            "sm.shuffleShare", .share, .real(\.sm.shuffleShare), in: 0...1000,
            "A shuffle's share of memoryInstruction"),
        MachineField(
            "sm.aluInstruction", .cycles, .real(\.sm.aluInstructionCycles), in: 0...1e6,
            "Cycles of a scheduler's ALU pipe per integer, compare, select or convert warp instruction"),
        MachineField(
            "sm.controlInterval", .cycles, .real(\.sm.controlIntervalCycles), in: 0...1e6,
            "What issueInterval grows by for instructions of no class: branches, barriers, moves, the uniform datapath"),
        MachineField(
            "sm.specialInterval", .cycles, .real(\.sm.specialIntervalCycles), in: 0...1e6,
            "What issueInterval grows by for special functions"),
        MachineField(
            "sm.productInterval", .cycles, .real(\.sm.productIntervalCycles), in: 0.01...1e6,
            "Cycles between the instructions of a lone warp in launches with tensor products, besides what special functions add"
        ),
        MachineField(
            "sm.productSpecialInterval", .cycles, .real(\.sm.productSpecialIntervalCycles), in: 0...1e6,
            "What productInterval grows by for special functions"),
        MachineField(
            "sm.fp32Instruction", .cycles, .real(\.sm.fp32InstructionCycles), in: 0...1e6,
            "Cycles of a scheduler's fp32 pipe per warp instruction"),
        MachineField(
            "sm.specialInstruction", .cycles, .real(\.sm.specialInstructionCycles), in: 0...1e6,
            "Cycles of a scheduler's special-function pipe per warp instruction"),
        MachineField(
            "sm.tensorProduct", .cycles, .real(\.sm.productCycles), in: 0...1e6,
            "Cycles of a scheduler's tensor core per product of 16 x 8 by 16 two-byte elements"),
        MachineField(
            "sm.pipeExponent", .number, .real(\.sm.pipeExponent), in: 1...64,
            "Exponent of the soft maximum of interval, issue and pipes"),
        MachineField(
            "sm.greedyShare", .share, .real(\.sm.greedyShare), in: 0...0.99,
            "Share of an SM's issue that goes to computing blocks in turn, fewest instructions left first; the rest goes to all alike"
        ),
        MachineField(
            "sm.stepJitter", .share, .real(\.sm.stepJitter), in: 0...1,
            "Width of the random part of a compute step's time while several blocks are on the SM"),
        MachineField(
            "sm.fence", .cycles, .real(\.sm.fenceCycles), in: 0...1e9,
            "Least cycles of a fence and its L1 invalidation, nothing written since the last"),
        MachineField(
            "sm.fenceWrites", .cycles, .real(\.sm.fenceWriteCycles), in: 0...1e9,
            "Cycles of a fence behind writes and its L1 invalidation, besides the way to the L2 and back"),
        MachineField(
            "sm.pollPause", .cycles, .real(\.sm.pollPauseCycles), in: 1...1e9,
            "Cycles between the answer to a poll of a flag and the block's next poll"),
        MachineField(
            "sm.signal", .cycles, .real(\.sm.signalCycles), in: 0...1e9,
            "Cycles between the end of a signal's fence and the first lookup of its flag that shows it"),
    ]
}
