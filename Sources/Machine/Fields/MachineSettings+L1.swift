extension MachineSettings {
    /// The L1 and the coalescer behind it.
    static let l1Fields: [MachineField] = [
        MachineField(
            "l1.line", .bytes, .integer(\.l1.lineBytes), in: 1...65536, "Line length", .cited("Nsight Compute (hopper.md 1.2)")),
        MachineField(
            "l1.sector", .bytes, .integer(\.l1.sectorBytes), in: 1...65536, "Sector length; 1 to 8 sectors a line",
            .cited("Nsight Compute (hopper.md 1.2)")),
        MachineField(
            "l1.ways", .count, .integer(\.l1.ways), in: 1...64, "Ways of a set",
            .estimated("not public; 16 divides the L1 at every carve-out into whole sets")),
        MachineField(
            "l1.replacement", .choice, .choice(\.l1.replacement), "Which line of a full set leaves",
            .estimated("not public; as in the L2")),
        MachineField(
            "l1.seed", .count, .integer(\.l1.seed), in: 0...9e15, "Seed of random replacement and of scrambled sets",
            .estimated("any number will do")),
        MachineField(
            "l1.hash", .choice, .choice(\.l1.hash), "How lines choose sets",
            .estimated("not public; 224 KB hit fully (hardware.md finding 7), so contiguous ranges spread evenly")),
        MachineField(
            "l1.writePolicy", .choice, .choice(\.l1.writePolicy), "What happens to stores",
            .measured("l1_to_l2_write_sectors equals l1_st_sectors in all launches of h200_ssd.csv")),
        MachineField(
            "l1.allocatesOnWrite", .flag, .flag(\.l1.allocatesOnWrite), "Whether a store that misses allocates its line",
            .measured("docs/validation/h200_home.md: a load after a store hits, so does a store to a line just stored to")),
        MachineField(
            "l1.hitLatency", .cycles, .integer(\.l1.hitLatencyCycles), in: 1...1e6, "Load-to-use latency of a hit",
            .cited("RRZE gpu-latency: 32.0-33.5 on GH200 (hopper.md 1.2)")),
        MachineField(
            "l1.fillBandwidth", .bytesPerCycle, .real(\.l1.fillBytesPerCycle), in: 0.001...1e6,
            "Bytes that one SM asks of the L2 side per cycle: its L1 takes no further line before",
            .measured("docs/validation/h200_rounds.md: 36.1 to 36.9 for rows of 64 to 256 bytes; latency_bandwidth_launch.txt: 33.5")),
        MachineField(
            "l1.storeBandwidth", .bytesPerCycle, .real(\.l1.storeBytesPerCycle), in: 0.001...1e6,
            "Bytes that one SM sends towards the L2 per cycle (bst)",
            .measured("latency_bandwidth_launch.txt bw,write: 63.3 GB/s by one SM")),
        MachineField(
            "l1.backlog", .cycles, .real(\.l1.backlogCycles), in: 0...1e6,
            "Cycles that the port may be booked ahead before a block's next load, copy or store waits",
            .fitted("durations and lifetimes of 133 launches in docs/validation: 6.6 and 8.9 %; 6.8 and 9.0 with 500, 6.9 and 9.5 with 1000")),
        MachineField(
            "l1.hitBandwidth", .bytesPerCycle, .real(\.l1.hitBytesPerCycle), in: 0.001...1e6, "Bytes that hits deliver per cycle",
            .cited("RRZE gpu-strides: 126-128 on GH200 (hopper.md 1.2)")),
        MachineField(
            "l1.missesInFlight", .count, .integer(\.l1.missesInFlight), in: 1...1e6, "Lines on their way from the L2 at a time",
            .measured("docs/validation/h200_rounds.md: at least 430 half lines, the most that the port asks for within a latency; no limit seen")),
    ]

    static let coalescerFields: [MachineField] = [
        MachineField(
            "coalescer.enabled", .flag, .flag(\.coalescer.enabled), "Whether each GPC merges its L1s' reads of one line",
            .measured("l2_to_l1_read_sectors exceeds cold_l2_tex_read_sectors in h200_ssd.csv")),
        MachineField(
            "coalescer.entries", .count, .integer(\.coalescer.entries), in: 16...1e6,
            "Lines whose reads one GPC's unit can follow at a time",
            .estimated("more than are on their way at once; the limit was not reached in any measurement")),
        MachineField(
            "coalescer.passage", .cycles, .real(\.coalescer.passageCycles), in: 0...1e6,
            "Cycles from an SM to the coalescer and back; answers so near to the SM merge nothing any more",
            .measured("docs/validation/h200_coalescer.md: merging ends 195 to 215 cycles before the answer's arrival")),
        MachineField(
            "coalescer.requesters", .count, .integer(\.coalescer.requesters), in: 1...8,
            "Most requesters of one entry, the first included",
            .measured("docs/validation/h200_scheduling.md: 2, 3, 4 SMs make one request a line, 5 make two")),
    ]
}
