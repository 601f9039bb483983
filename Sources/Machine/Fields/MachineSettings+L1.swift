extension MachineSettings {
    /// The L1 and the coalescer behind it.
    static let l1Fields: [MachineField] = [
        MachineField("l1.line", .bytes, .integer(\.l1.lineBytes), in: 1...65536, "Line length"),
        MachineField(
            "l1.sector", .bytes, .integer(\.l1.sectorBytes), in: 1...65536, "Sector length; 1 to 8 sectors a line"),
        MachineField("l1.ways", .count, .integer(\.l1.ways), in: 1...64, "Ways of a set"),
        MachineField(
            "l1.tags", .bytes, .integer(\.l1.tagBytes), in: 0...1_073_741_824,
            "Bytes of the lines that the tags can name, whatever the carve-out; 0B: those that the carve-out leaves"),
        MachineField(
            "l1.reserve", .bytes, .integer(\.l1.reserveBytes), in: 0...1_073_741_824,
            "Bytes of what the carve-out leaves that hold no lines"),
        MachineField("l1.replacement", .choice, .choice(\.l1.replacement), "Which line of a full set leaves"),
        MachineField(
            "l1.seed", .count, .integer(\.l1.seed), in: 0...9e15, "Seed of random replacement and of scrambled sets"),
        MachineField("l1.hash", .choice, .choice(\.l1.hash), "How lines choose sets"),
        MachineField("l1.writePolicy", .choice, .choice(\.l1.writePolicy), "What happens to stores"),
        MachineField(
            "l1.allocatesOnWrite", .flag, .flag(\.l1.allocatesOnWrite),
            "Whether a store that misses allocates its line"),
        MachineField(
            "l1.hitLatency", .cycles, .integer(\.l1.hitLatencyCycles), in: 1...1e6, "Load-to-use latency of a hit"),
        MachineField(
            "l1.fillBandwidth", .bytesPerCycle, .real(\.l1.fillBytesPerCycle), in: 0.001...1e6,
            "Bytes that one SM asks of the L2 side per cycle: its L1 takes no further line before"),
        MachineField(
            "l1.bulkFillBandwidth", .bytesPerCycle, .real(\.l1.bulkFillBytesPerCycle), in: 0.001...1e6,
            "As l1.fillBandwidth, for bulk copies"),
        MachineField(
            "l1.storeBandwidth", .bytesPerCycle, .real(\.l1.storeBytesPerCycle), in: 0.001...1e6,
            "Bytes that one SM sends towards the L2 per cycle (bst)"),
        MachineField(
            "l1.backlog", .cycles, .real(\.l1.backlogCycles), in: 0...1e6,
            "Cycles that the port may be booked ahead before a block's next load, copy or store waits"),
        MachineField(
            "l1.hitBandwidth", .bytesPerCycle, .real(\.l1.hitBytesPerCycle), in: 0.001...1e6,
            "Bytes that hits deliver per cycle: one sector of each place in a line"),
        MachineField(
            "l1.lineInterval", .cycles, .real(\.l1.lineIntervalCycles), in: 0...1e6,
            "Least cycles of the port for each line of a warp request"),
        MachineField(
            "l1.missesInFlight", .count, .integer(\.l1.missesInFlight), in: 1...1e6,
            "Lines on their way from the L2 at a time"),
    ]

    static let coalescerFields: [MachineField] = [
        MachineField(
            "coalescer.enabled", .flag, .flag(\.coalescer.enabled),
            "Whether each GPC merges its L1s' reads of one line"),
        MachineField(
            "coalescer.entries", .count, .integer(\.coalescer.entries), in: 16...1e6,
            "Lines whose reads one GPC's unit can follow at a time"),
        MachineField(
            "coalescer.passage", .cycles, .real(\.coalescer.passageCycles), in: 0...1e6,
            "Cycles from an SM to the coalescer and back; answers so near to the SM merge nothing any more"),
        MachineField(
            "coalescer.requesters", .count, .integer(\.coalescer.requesters), in: 1...8,
            "Most requesters of one entry, the first included"),
    ]
}
