extension MachineSettings {
    /// The L2 of one or two partitions.
    static let l2Fields: [MachineField] = [
        MachineField(
            "l2.capacity", .bytes, .integer(\.l2.capacityBytes), in: 1...1_099_511_627_776, "All partitions together",
            .measured("hardware.md: 62,914,560 B"), h100SXM: .cited("hopper.md 1.0: 50 MiB = 2 x 25")),
        MachineField(
            "l2.partitions", .count, .integer(\.l2.partitions), in: 1...2, "Partitions; with two, each line has a home side",
            .measured("hardware.md finding 1")),
        MachineField(
            "l2.slices", .count, .integer(\.l2.slices), in: 1...65536, "Slices of all partitions",
            .measured("hardware.md: 96 slices of 640 KiB"), h100SXM: .cited("GPUNetBench (hopper.md 1.0): 80 slices of 640 KiB")),
        MachineField(
            "l2.ways", .count, .integer(\.l2.ways), in: 1...64, "Ways of a set",
            .fitted("l2_capacity_counters.csv, l2-mechanism.md: 12 and 16 fit equally, 20 a little and 32 clearly worse")),
        MachineField(
            "l2.line", .bytes, .integer(\.l2.lineBytes), in: 1...65536, "Line length", .cited("NVIDIA forum 290065 (hopper.md 1.3)")),
        MachineField(
            "l2.sector", .bytes, .integer(\.l2.sectorBytes), in: 1...65536, "Sector length; 1 to 8 sectors a line",
            .cited("Nsight Compute")),
        MachineField(
            "l2.replacement", .choice, .choice(\.l2.replacement), "Which line of a full set leaves",
            .fitted("l2_capacity_counters.csv, l2-mechanism.md: LRU 29.3, random 60.6; FIFO about as good")),
        MachineField(
            "l2.seed", .count, .integer(\.l2.seed), in: 0...9e15, "Seed of random replacement and of scrambled sets",
            .estimated("any number will do")),
        MachineField(
            "l2.hash", .choice, .choice(\.l2.hash), "How lines choose sets",
            .fitted("l2_capacity_counters.csv, l2-mechanism.md item 2; modulo adds 14 % fabric traffic to ch_scan_fwd")),
        MachineField(
            "l2.homeChunk", .bytes, .integer(\.l2.homeChunkBytes), in: 1...1_099_511_627_776,
            "Consecutive bytes with one home partition", .measured("docs/validation/h200_home.md: 4 KiB")),
        MachineField(
            "l2.writePolicy", .choice, .choice(\.l2.writePolicy), "What happens to written sectors",
            .measured("hardware.md finding 4")),
        MachineField(
            "l2.dirtyShare", .share, .real(\.l2.dirtyShare), in: 0...1,
            "Share of a set's ways that may be dirty; the oldest dirty line above it is written out",
            .fitted("granularity_and_writes.csv writes and DRAM writes of h200_ssd.csv, l2-mechanism.md item 6: 7/16")),
        MachineField(
            "l2.cleanAge", .share, .real(\.l2.cleanAge), in: 0...1,
            "Age in its set, as a share of the ways, from which a dirty line is written out ahead of its eviction; 1: never",
            .fitted("DRAM writes of 75 launches above 4 MB in h200_ssd.csv, h200_tilings.csv and h200_holdout.csv: 5.1 % mean "
                + "error with it, 10.7 % without")),
        MachineField(
            "l2.copiesFarReads", .flag, .flag(\.l2.copiesFarReads), "Whether a far read leaves a copy on the reader's side",
            .measured("hardware.md finding 1: lines read from both partitions fit up to half of the capacity; without copies the score of l2_capacity_counters.csv is 149, with them 29.3")),
        MachineField(
            "l2.copiesFarWrites", .flag, .flag(\.l2.copiesFarWrites), "Whether a far write leaves a copy on the writer's side",
            .fitted("DRAM writes of twelve launches: error 1.17 MB with, 2.18 without")),
        MachineField(
            "l2.fabricHitRefreshesHome", .flag, .flag(\.l2.fabricHitRefreshesHome),
            "Whether the far side's lookup makes the home line young again",
            .fitted("l2_capacity_counters.csv, l2-mechanism.md item 4")),
        MachineField(
            "l2.fetch", .bytes, .integer(\.l2.fetchBytes), in: 1...65536, "Aligned bytes fetched from HBM at a time",
            .measured("granularity_and_writes.csv rdstride_*: 64-byte pieces")),
        MachineField(
            "l2.nearLatency", .cycles, .integer(\.l2.nearLatencyCycles), in: 1...1e6, "Least load-to-use latency of a near hit",
            .measured("latency_bandwidth_launch.txt lat_cg, 10 % quantile: 255")),
        MachineField(
            "l2.farLatency", .cycles, .integer(\.l2.farLatencyCycles), in: 1...1e6, "Least load-to-use latency of a far hit",
            .measured("latency_bandwidth_launch.txt lat_cg, 75 % quantile: 406")),
        MachineField(
            "l2.nearSpread", .cycles, .real(\.l2.nearSpreadCycles), in: 0...1e6, "Width of the spread of near hits over slices",
            .measured("latency_bandwidth_launch.txt lat_cg: 255 to 290")),
        MachineField(
            "l2.farSpread", .cycles, .real(\.l2.farSpreadCycles), in: 0...1e6, "Width of the spread of far hits over slices",
            .measured("latency_bandwidth_launch.txt lat_cg: 406 to 486")),
        MachineField(
            "l2.sliceBandwidth", .bytesPerCycle, .real(\.l2.sliceBytesPerCycle), in: 0.001...1e6,
            "Bytes that one slice delivers per cycle", .cited("two sectors a cycle (hopper.md 1.3, A100 reading)")),
        MachineField(
            "l2.fabricBandwidth", .bytesPerCycle, .real(\.l2.fabricBytesPerCycle), in: 0.001...1e9,
            "Bytes that cross between partitions per cycle, each way",
            .measured("docs/validation/h200_rounds.md: 590 to 655 where blocks read twice what they write and memory is not the limit"),
            h100SXM: .estimated("as on the H200, less a sixth of the slices")),
        MachineField(
            "l2.fabricBacklog", .cycles, .real(\.l2.fabricBacklogCycles), in: 0...1e9,
            "Cycles that the fabric may be booked ahead before stores wait, or an atomic unit before reductions do, half as many or half "
                + "more by chance",
            .estimated("some hundred kilobytes a side; bmm_ch_fwd with 16 MB of output is 8 to 20 % short without")),
        MachineField(
            "l2.reductionSector", .cycles, .real(\.l2.reductionSectorCycles), in: 0...1e6,
            "Cycles of a slice's atomic unit per sector of a reduction or atomic",
            .measured("docs/validation/h200_atomics.md: 4.7 cycles a line where all add to one, one L2 cycle a sector")),
        MachineField(
            "l2.reductionRepeat", .cycles, .real(\.l2.reductionRepeatCycles), in: 0...1e6,
            "Least cycles between two reductions or atomics on one sector",
            .measured("docs/validation/h200_atomics.md: 3.49 for f32, three L2 cycles; integers take 1.47")),
    ]
}
