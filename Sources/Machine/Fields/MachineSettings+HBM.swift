extension MachineSettings {
    /// The memory behind the L2.
    static let hbmFields: [MachineField] = [
        MachineField(
            "hbm.bandwidth", .bytesPerSecond, .real(\.hbm.bytesPerSecond), in: 1e6...1e16, "Peak at the pins",
            .measured("hardware.md: 6016 bit x 2 x 3201 MHz"),
            h100SXM: .cited("five stacks x 1024 bit x 2 x 2619 MHz (hopper.md 1.0)")),
        MachineField(
            "hbm.channels", .count, .integer(\.hbm.channels), in: 1...65536, "Channels of equal bandwidth",
            .cited("16 a stack, six stacks (hopper.md 1.0)"), h100SXM: .cited("16 a stack, five stacks (hopper.md 1.0)")),
        MachineField(
            "hbm.interleave", .bytes, .integer(\.hbm.interleaveBytes), in: 1...1_099_511_627_776,
            "Consecutive bytes of one channel", .fitted("durations of 152 launches in docs/validation: 8.3 % mean error, 8.8 with 512 B; the length of an L2 home chunk")),
        MachineField(
            "hbm.nearLatency", .cycles, .integer(\.hbm.nearLatencyCycles), in: 1...1e6,
            "Least load-to-use latency, home on the SM's side",
            .measured("latency_bandwidth_launch.txt lat_cg at 1 GiB, 10 % quantile 526")),
        MachineField(
            "hbm.farLatency", .cycles, .integer(\.hbm.farLatencyCycles), in: 1...1e6,
            "Least load-to-use latency, home on the other side",
            .measured("latency_bandwidth_launch.txt lat_cg at 1 GiB, median 685")),
        MachineField(
            "hbm.readEfficiency", .share, .real(\.hbm.readEfficiency), in: 0.001...1, "Share of the peak that pure reading reaches",
            .measured("latency_bandwidth_launch.txt bw,read: 4.63 TB/s"),
            h100SXM: .cited("Azure BabelStream dot: 3.18 TB/s (hopper.md 1.4)")),
        MachineField(
            "hbm.writeEfficiency", .share, .real(\.hbm.writeEfficiency), in: 0.001...1,
            "Share of the peak that pure writing reaches", .measured("latency_bandwidth_launch.txt bw,write: 4.44 TB/s")),
        MachineField(
            "hbm.turnaround", .nanoseconds, .real(\.hbm.turnaroundNanoseconds), in: 0...1e6,
            "Time a channel loses when it changes between reading and writing",
            .fitted("latency_bandwidth_launch.txt bw,copy: 3.9 TB/s; only its ratio to directionBurst is determined"),
            h100SXM: .estimated("from Azure BabelStream copy, 2.90 TB/s (hopper.md 1.4), as on the H200")),
        MachineField(
            "hbm.directionBurst", .bytes, .integer(\.hbm.directionBurstBytes), in: 1...1_073_741_824,
            "Bytes a channel serves in one direction while both wait",
            .estimated("makes the turnaround 14 ns, the order of a DRAM bus turn with its recovery")),
        MachineField(
            "hbm.backlog", .cycles, .real(\.hbm.backlogCycles), in: 0...1e6,
            "Cycles that channels may be booked ahead before stores wait",
            .fitted("durations of 25 state_pass_fwd launches in docs/validation: 4.8 % mean error from 2000 on, 5.5 with 1000")),
        MachineField(
            "hbm.jitter", .cycles, .real(\.hbm.jitterCycles), in: 0...1e6, "Width of the even spread of delays above the least latency",
            .fitted("quantiles of lat_cg at 134 MB and 1 GiB in latency_bandwidth_launch.txt: 554, 751 and 828 at 25, 75 and 90 %")),
        MachineField(
            "hbm.slowShare", .share, .real(\.hbm.slowShare), in: 0...1, "Share of accesses with a further delay",
            .fitted("99 % quantiles of lat_cg at 134 MB and 1 GiB, 1154 and 1275 cycles, and durations as sm.memoryInstruction")),
        MachineField(
            "hbm.slowDelay", .cycles, .real(\.hbm.slowCycles), in: 0...1e6, "Width of the even spread of that further delay",
            .fitted("as hbm.slowShare")),
    ]
}
