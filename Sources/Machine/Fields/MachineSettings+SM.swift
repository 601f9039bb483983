extension MachineSettings {
    private static let guide = FieldSource.cited("NVIDIA Hopper tuning guide, compute capability 9.0 (hopper.md 1.1)")
    private static let timeFit = "241 launches of h200_ssd.csv and h200_tilings.csv, time-mechanism.md"

    /// The SM: residency limits first, then time constants.
    static let smFields: [MachineField] = [
        MachineField("sm.warps", .count, .integer(\.sm.warps), in: 1...4096, "Resident warps", guide),
        MachineField("sm.threads", .count, .integer(\.sm.threads), in: 32...131072, "Resident threads", guide),
        MachineField("sm.blocks", .count, .integer(\.sm.blocks), in: 1...4096, "Resident blocks", guide),
        MachineField("sm.registers", .count, .integer(\.sm.registers), in: 256...16_777_216, "32-bit registers", guide),
        MachineField(
            "sm.registerGranularity", .count, .integer(\.sm.registerGranularity), in: 1...65536,
            "A warp's registers are rounded up to this many",
            .measured("limit_blocks_regs of all 253 launches of h200_ssd.csv, h200_tilings.csv and h200_others.csv, with a scheduler's share per warp")),
        MachineField(
            "sm.registersPerThread", .count, .integer(\.sm.registersPerThread), in: 1...65536, "Most registers of a thread",
            guide),
        MachineField(
            "sm.threadsPerBlock", .count, .integer(\.sm.threadsPerBlock), in: 1...131072, "Most threads of a block", guide),
        MachineField(
            "sm.schedulers", .count, .integer(\.sm.schedulers), in: 1...64,
            "Warp schedulers, each with its share of the registers", guide),
        MachineField(
            "sm.unifiedCapacity", .bytes, .integer(\.sm.unifiedBytes), in: 1024...1_073_741_824,
            "L1 and shared memory together", guide),
        MachineField(
            "sm.sharedReserve", .bytes, .integer(\.sm.sharedReserveBytes), in: 0...1_048_576,
            "Shared memory that the system takes of each block", guide),
        MachineField(
            "sm.sharedGranularity", .bytes, .integer(\.sm.sharedGranularityBytes), in: 1...1_048_576,
            "A block's shared memory is rounded up to this", .measured("limit_blocks_shared of all 253 launches of h200_ssd.csv, h200_tilings.csv and h200_others.csv")),
        MachineField(
            "sm.sharedPerBlock", .bytes, .integer(\.sm.sharedPerBlockBytes), in: 0...1_073_741_824,
            "Most shared memory of a block, without the reserve", guide),
        MachineField(
            "sm.carveOuts", .byteList, .integers(\.sm.carveOutBytes), in: 0...1_073_741_824,
            "Shared-memory carve-outs, ascending",
            .cited("CUDA programming guide, compute capability 9.0; 16 KiB and more seen in shared_config_bytes")),
        MachineField(
            "sm.carveOutDoubling", .bytes, .integer(\.sm.carveOutDoublingBytes), in: 0...1_073_741_824,
            "Up to this size the driver doubles the carve-out that the resident blocks need",
            .measured("shared_config_bytes of h200_ssd.csv, h200_tilings.csv and h200_others.csv: with preferSharedAbove 240 of 253 launches")),
        MachineField(
            "sm.preferSharedAbove", .bytes, .integer(\.sm.preferSharedBytes), in: 0...1_073_741_824,
            "Blocks with more shared memory than this, reserve excluded, get the largest carve-out",
            .measured("shared_config_bytes of h200_ssd.csv, h200_tilings.csv and h200_others.csv; Triton's launcher prefers shared memory above 49,152 B")),
        MachineField(
            "sm.issueInterval", .cycles, .real(\.sm.issueIntervalCycles), in: 0.01...1e6,
            "Cycles between the instructions of a lone warp (c) in launches without tensor products, besides what the mix adds; at least 1 in all",
            .measured(
                "docs/validation/h200_stalls.csv, h200_stalls_backward.csv: issue, fixed-latency and short-scoreboard cycles an instruction of "
                    + "16 such launches in which warps seldom wait for each other, against their mix; 10 % mean error")),
        MachineField(
            "sm.memoryInstruction", .cycles, .real(\.sm.memoryInstructionCycles), in: 0...1e6,
            "Cycles of the SM's memory-instruction pipe per warp instruction (m)",
            .fitted(timeFit)),
        MachineField(
            "sm.shuffleShare", .share, .real(\.sm.shuffleShare), in: 0...1000,
            "A shuffle's share of memoryInstruction", .fitted(timeFit)),
        MachineField(
            "sm.aluInstruction", .cycles, .real(\.sm.aluInstructionCycles), in: 0...1e6,
            "Cycles of a scheduler's ALU pipe per integer, compare, select or convert warp instruction",
            .cited("16 lanes per scheduler; kept fixed in the fit, time-mechanism.md")),
        MachineField(
            "sm.controlInterval", .cycles, .real(\.sm.controlIntervalCycles), in: 0...1e6,
            "What issueInterval grows by for instructions of no class: branches, barriers, moves, the uniform datapath",
            .measured("docs/validation/h200_stalls.csv: as sm.issueInterval")),
        MachineField(
            "sm.specialInterval", .cycles, .real(\.sm.specialIntervalCycles), in: 0...1e6,
            "What issueInterval grows by for special functions",
            .measured("docs/validation/h200_stalls.csv: as sm.issueInterval")),
        MachineField(
            "sm.productInterval", .cycles, .real(\.sm.productIntervalCycles), in: 0.01...1e6,
            "Cycles between the instructions of a lone warp in launches with tensor products, besides what special functions add",
            .measured("docs/validation/h200_stalls.csv, h200_stalls_backward.csv: as sm.issueInterval, 52 launches; 9 % mean error")),
        MachineField(
            "sm.productSpecialInterval", .cycles, .real(\.sm.productSpecialIntervalCycles), in: 0...1e6,
            "What productInterval grows by for special functions",
            .measured("docs/validation/h200_stalls.csv, h200_stalls_backward.csv: as sm.productInterval")),
        MachineField(
            "sm.fp32Instruction", .cycles, .real(\.sm.fp32InstructionCycles), in: 0...1e6,
            "Cycles of a scheduler's fp32 pipe per warp instruction",
            .cited("CUDA programming guide, compute capability 9.0: 128 lanes an SM")),
        MachineField(
            "sm.specialInstruction", .cycles, .real(\.sm.specialInstructionCycles), in: 0...1e6,
            "Cycles of a scheduler's special-function pipe per warp instruction",
            .cited("CUDA programming guide, compute capability 9.0: 16 lanes an SM")),
        MachineField(
            "sm.tensorProduct", .cycles, .real(\.sm.productCycles), in: 0...1e6,
            "Cycles of a scheduler's tensor core per product of 16 x 8 by 16 two-byte elements",
            .cited("H100 datasheet: 989 TFLOP/s dense bf16, 1024 operations a scheduler and cycle")),
        MachineField(
            "sm.pipeExponent", .number, .real(\.sm.pipeExponent), in: 1...64,
            "Exponent of the soft maximum of interval, issue and pipes",
            .fitted("\(timeFit): chosen by hand; 9.0 % for a hard maximum against 6.9 %")),
        MachineField(
            "sm.greedyShare", .share, .real(\.sm.greedyShare), in: 0...0.99,
            "Share of an SM's issue that goes to computing blocks in turn, fewest instructions left first; the rest goes to all alike",
            .fitted(
                "durations of 241 launches in h200_ssd.csv and h200_tilings.csv: 7.1 % mean error, 7.3 with 0.15 or 0.99, 7.5 with 0, "
                    + "which keeps blocks in step")),
        MachineField(
            "sm.fence", .cycles, .real(\.sm.fenceCycles), in: 0...1e9,
            "Least cycles of a fence and its L1 invalidation, nothing written since the last",
            .measured("docs/validation/h200_atomics.md: 265 and 14")),
        MachineField(
            "sm.fenceWrites", .cycles, .real(\.sm.fenceWriteCycles), in: 0...1e9,
            "Cycles of a fence behind writes and its L1 invalidation, besides the way to the L2 and back",
            .measured("docs/validation/h200_atomics.md: 386 cycles behind a near store, 580 behind a far one, and 14")),
        MachineField(
            "sm.pollPause", .cycles, .real(\.sm.pollPauseCycles), in: 1...1e9,
            "Cycles between the answer to a poll of a flag and the block's next poll",
            .measured("docs/validation/h200_flags.md: a spinning block polls every 326 to 341 cycles, of which a load takes 270 to 305")),
        MachineField(
            "sm.signal", .cycles, .real(\.sm.signalCycles), in: 0...1e9,
            "Cycles between the end of a signal's fence and the first lookup of its flag that shows it",
            .measured("docs/validation/h200_flags.md: another block has seen it after 885, the poll's own part left out")),
    ]
}
