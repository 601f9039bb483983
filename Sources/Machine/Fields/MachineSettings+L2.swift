extension MachineSettings {
    /// The L2 of one or two partitions.
    static let l2Fields: [MachineField] = [
        MachineField(
            "l2.capacity", .bytes, .integer(\.l2.capacityBytes), in: 1...1_099_511_627_776, "All partitions together"),
        MachineField(
            "l2.partitions", .count, .integer(\.l2.partitions), in: 1...2,
            "Partitions; with two, each line has a home side"),
        MachineField("l2.slices", .count, .integer(\.l2.slices), in: 1...65536, "Slices of all partitions"),
        MachineField("l2.ways", .count, .integer(\.l2.ways), in: 1...64, "Ways of a set"),
        MachineField("l2.line", .bytes, .integer(\.l2.lineBytes), in: 1...65536, "Line length"),
        MachineField(
            "l2.sector", .bytes, .integer(\.l2.sectorBytes), in: 1...65536, "Sector length; 1 to 8 sectors a line"),
        MachineField("l2.replacement", .choice, .choice(\.l2.replacement), "Which line of a full set leaves"),
        MachineField(
            "l2.seed", .count, .integer(\.l2.seed), in: 0...9e15, "Seed of random replacement and of scrambled sets"),
        MachineField("l2.hash", .choice, .choice(\.l2.hash), "How lines choose sets"),
        MachineField(
            "l2.homeChunk", .bytes, .integer(\.l2.homeChunkBytes), in: 1...1_099_511_627_776,
            "Consecutive bytes with one home partition"),
        MachineField("l2.writePolicy", .choice, .choice(\.l2.writePolicy), "What happens to written sectors"),
        MachineField(
            "l2.dirtyShare", .share, .real(\.l2.dirtyShare), in: 0...1,
            "Share of a set's ways that may be dirty; the oldest dirty line above it is written out"),
        MachineField(
            "l2.cleanAge", .share, .real(\.l2.cleanAge), in: 0...1,
            "Age in its set, as a share of the ways, from which a dirty line is written out ahead of its eviction; 1: never"
        ),
        MachineField(
            "l2.copiesFarReads", .flag, .flag(\.l2.copiesFarReads),
            "Whether a far read leaves a copy on the reader's side"),
        MachineField(
            "l2.copiesFarWrites", .flag, .flag(\.l2.copiesFarWrites),
            "Whether a far write leaves a copy on the writer's side"),
        MachineField(
            "l2.fabricHitRefreshesHome", .flag, .flag(\.l2.fabricHitRefreshesHome),
            "Whether the far side's lookup makes the home line young again"),
        MachineField(
            "l2.fetch", .bytes, .integer(\.l2.fetchBytes), in: 1...65536, "Aligned bytes fetched from HBM at a time"),
        MachineField(
            "l2.nearLatency", .cycles, .integer(\.l2.nearLatencyCycles), in: 1...1e6,
            "Least load-to-use latency of a near hit"),
        MachineField(
            "l2.farLatency", .cycles, .integer(\.l2.farLatencyCycles), in: 1...1e6,
            "Least load-to-use latency of a far hit"),
        MachineField(
            "l2.nearSpread", .cycles, .real(\.l2.nearSpreadCycles), in: 0...1e6,
            "Width of the spread of near hits over slices"),
        MachineField(
            "l2.farSpread", .cycles, .real(\.l2.farSpreadCycles), in: 0...1e6,
            "Width of the spread of far hits over slices"),
        MachineField(
            "l2.sliceBandwidth", .bytesPerCycle, .real(\.l2.sliceBytesPerCycle), in: 0.001...1e6,
            "Bytes that one slice delivers per cycle"),
        MachineField(
            "l2.fabricBandwidth", .bytesPerCycle, .real(\.l2.fabricBytesPerCycle), in: 0.001...1e9,
            "Bytes that cross between partitions per cycle, each way"),
        MachineField(
            "l2.fabricBacklog", .cycles, .real(\.l2.fabricBacklogCycles), in: 0...1e9,
            "Cycles that the fabric may be booked ahead before stores wait, or an atomic unit before reductions do, half as many or half "
                + "more by chance"),
        MachineField(
            "l2.reductionSector", .cycles, .real(\.l2.reductionSectorCycles), in: 0...1e6,
            "Cycles of a slice's atomic unit per sector of a reduction or atomic"),
        MachineField(
            "l2.reductionRepeat", .cycles, .real(\.l2.reductionRepeatCycles), in: 0...1e6,
            "Least cycles between two reductions or atomics on one sector"),
    ]
}
