extension H200 {
    private static let guide = FieldSource.cited("NVIDIA Hopper tuning guide, compute capability 9.0 (hopper.md 1.1)")
    private static let timeFit = "241 launches of h200_ssd.csv and h200_tilings.csv, time-mechanism.md"

    /// The SM: residency limits first, then time constants.
    static let sm: [Entry] = [
        Entry("sm.warps", "64", guide),
        Entry("sm.threads", "2048", guide),
        Entry("sm.blocks", "32", guide),
        Entry("sm.registers", "65536", guide),
        Entry(
            "sm.registerGranularity", "256",
            .measured(
                "limit_blocks_regs of all 253 launches of h200_ssd.csv, h200_tilings.csv and h200_others.csv, "
                    + "with a scheduler's share per warp")),
        Entry("sm.registersPerThread", "255", guide),
        Entry("sm.threadsPerBlock", "1024", guide),
        Entry("sm.schedulers", "4", guide),
        Entry("sm.unifiedCapacity", "256KiB", guide),
        Entry("sm.sharedReserve", "1KiB", guide),
        Entry(
            "sm.sharedGranularity", "128B",
            .measured("limit_blocks_shared of all 253 launches of h200_ssd.csv, h200_tilings.csv and h200_others.csv")),
        Entry("sm.sharedPerBlock", "227KiB", guide),
        Entry(
            "sm.carveOuts", "[0B, 8KiB, 16KiB, 32KiB, 64KiB, 100KiB, 132KiB, 164KiB, 196KiB, 228KiB]",
            .cited("CUDA programming guide, compute capability 9.0; 16 KiB and more seen in shared_config_bytes")),
        Entry(
            "sm.carveOutDoubling", "132KiB",
            .measured(
                "shared_config_bytes of h200_ssd.csv, h200_tilings.csv and h200_others.csv: with "
                    + "preferSharedAbove 240 of 253 launches")),
        Entry(
            "sm.carveOutWithoutShared", "32KiB",
            .measured("shared_config_bytes of all launches in h200_ssd.csv, h200_tilings.csv and h200_triton_dev.csv")),
        Entry(
            "sm.preferSharedAbove", "48KiB",
            .measured(
                "shared_config_bytes of h200_ssd.csv, h200_tilings.csv and h200_others.csv; Triton's launcher "
                    + "prefers shared memory above 49,152 B")),
        Entry(
            "sm.issueInterval", "0.9",
            .measured(
                "docs/validation/h200_stalls.csv, h200_stalls_backward.csv: issue, fixed-latency and "
                    + "short-scoreboard cycles an instruction of 16 such launches in which warps seldom wait for each "
                    + "other, against their mix; 10 % mean error")),
        Entry("sm.memoryInstruction", "2.84cycles", .fitted(timeFit)),
        Entry("sm.shuffleShare", "0.36", .fitted(timeFit)),
        Entry(
            "sm.aluInstruction", "2cycles",
            .cited("16 lanes per scheduler; kept fixed in the fit, time-mechanism.md")),
        Entry("sm.controlInterval", "12cycles", .measured("docs/validation/h200_stalls.csv: as sm.issueInterval")),
        Entry("sm.specialInterval", "29cycles", .measured("docs/validation/h200_stalls.csv: as sm.issueInterval")),
        Entry(
            "sm.productInterval", "2.54cycles",
            .measured(
                "docs/validation/h200_stalls.csv, h200_stalls_backward.csv: as sm.issueInterval, 52 launches; "
                    + "9 % mean error")),
        Entry(
            "sm.productSpecialInterval", "15.1cycles",
            .measured("docs/validation/h200_stalls.csv, h200_stalls_backward.csv: as sm.productInterval")),
        Entry(
            "sm.fp32Instruction", "1cycles",
            .cited("CUDA programming guide, compute capability 9.0: 128 lanes an SM")),
        Entry(
            "sm.specialInstruction", "8cycles",
            .cited("CUDA programming guide, compute capability 9.0: 16 lanes an SM")),
        Entry(
            "sm.tensorProduct", "4cycles",
            .cited("H100 datasheet: 989 TFLOP/s dense bf16, 1024 operations a scheduler and cycle")),
        Entry("sm.pipeExponent", "3", .fitted("\(timeFit): chosen by hand; 9.0 % for a hard maximum against 6.9 %")),
        Entry(
            "sm.greedyShare", "0.3",
            .fitted(
                "durations of 241 launches in h200_ssd.csv and h200_tilings.csv: 7.1 % mean error, 7.3 with 0.15 "
                    + "or 0.99, 7.5 with 0, which keeps blocks in step")),
        Entry(
            "sm.stepJitter", "0.25",
            .fitted(
                "tex sectors of ten products and attentions in h200_triton_dev.csv: 9.3 % mean error, 9.2 with 0.35; "
                    + "10.7 with 0.15, 10.5 with 0.5, 14.9 with 0")),
        Entry("sm.fence", "279cycles", .measured("docs/validation/h200_atomics.md: 265 and 14")),
        Entry(
            "sm.fenceWrites", "134cycles",
            .measured("docs/validation/h200_atomics.md: 386 cycles behind a near store, 580 behind a far one, and 14")),
        Entry(
            "sm.pollPause", "60cycles",
            .measured(
                "docs/validation/h200_flags.md: a spinning block polls every 326 to 341 cycles, of which a "
                    + "load takes 270 to 305")),
        Entry(
            "sm.signal", "535cycles",
            .measured(
                "docs/validation/h200_flags.md: another block has seen it after 885, the poll's own part left "
                    + "out")),
    ]
}
