extension MachineSettings {
    /// The memory behind the L2.
    static let hbmFields: [MachineField] = [
        MachineField("hbm.bandwidth", .bytesPerSecond, .real(\.hbm.bytesPerSecond), in: 1e6...1e16, "Peak at the pins"),
        MachineField("hbm.channels", .count, .integer(\.hbm.channels), in: 1...65536, "Channels of equal bandwidth"),
        MachineField(
            "hbm.interleave", .bytes, .integer(\.hbm.interleaveBytes), in: 1...1_099_511_627_776,
            "Consecutive bytes of one channel"),
        MachineField(
            "hbm.nearLatency", .cycles, .integer(\.hbm.nearLatencyCycles), in: 1...1e6,
            "Least load-to-use latency, home on the SM's side"),
        MachineField(
            "hbm.farLatency", .cycles, .integer(\.hbm.farLatencyCycles), in: 1...1e6,
            "Least load-to-use latency, home on the other side"),
        MachineField(
            "hbm.readEfficiency", .share, .real(\.hbm.readEfficiency), in: 0.001...1,
            "Share of the peak that pure reading reaches"),
        MachineField(
            "hbm.writeEfficiency", .share, .real(\.hbm.writeEfficiency), in: 0.001...1,
            "Share of the peak that pure writing reaches"),
        MachineField(
            "hbm.turnaround", .nanoseconds, .real(\.hbm.turnaroundNanoseconds), in: 0...1e6,
            "Time a channel loses when it changes between reading and writing"),
        MachineField(
            "hbm.directionBurst", .bytes, .integer(\.hbm.directionBurstBytes), in: 1...1_073_741_824,
            "Bytes a channel serves in one direction while both wait"),
        MachineField(
            "hbm.backlog", .cycles, .real(\.hbm.backlogCycles), in: 0...1e6,
            "Cycles that channels may be booked ahead before stores wait"),
        MachineField(
            "hbm.jitter", .cycles, .real(\.hbm.jitterCycles), in: 0...1e6,
            "Width of the even spread of delays above the least latency"),
        MachineField(
            "hbm.slowShare", .share, .real(\.hbm.slowShare), in: 0...1, "Share of accesses with a further delay"),
        MachineField(
            "hbm.slowDelay", .cycles, .real(\.hbm.slowCycles), in: 0...1e6,
            "Width of the even spread of that further delay"),
    ]
}
