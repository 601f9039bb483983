extension H200 {
    /// The L1 of an SM.
    static let l1: [Entry] = [
        Entry("l1.line", "128B", .cited("Nsight Compute (hopper.md 1.2)")),
        Entry("l1.sector", "32B", .cited("Nsight Compute (hopper.md 1.2)")),
        Entry(
            "l1.ways", "4",
            .measured("docs/validation/h200_reread.md: the fifth line of a set drives one out, at every carve-out")),
        Entry(
            "l1.tags", "256KiB",
            .measured("docs/validation/h200_reread.md: 512 sets at carve-outs of 8 to 164 KiB")),
        Entry(
            "l1.reserve", "8KiB",
            .measured("docs/validation/h200_reread.md: 8 KiB less than the L1 hit fully, at carve-outs of 8 to 164 KiB")
        ),
        Entry(
            "l1.replacement", "slru",
            .measured(
                "docs/validation/h200_reread.md: 193,000 loads of random lines hit and miss just as it says")),
        Entry("l1.seed", "1", .estimated("any number will do")),
        Entry(
            "l1.hash", "hopper-xor",
            .measured("docs/validation/h200_reread.md: lines that drive each other out, bits 7 to 27 of the address")),
        Entry(
            "l1.writePolicy", "write-through",
            .measured("l1_to_l2_write_sectors equals l1_st_sectors in all launches of h200_ssd.csv")),
        Entry(
            "l1.allocatesOnWrite", "true",
            .measured(
                "docs/validation/h200_home.md: a load after a store hits, so does a store to a line just "
                    + "stored to")),
        Entry("l1.hitLatency", "33cycles", .cited("RRZE gpu-latency: 32.0-33.5 on GH200 (hopper.md 1.2)")),
        Entry(
            "l1.fillBandwidth", "64B/cycle",
            .fitted(
                "durations of h200_ssd.csv: 6.3 %, with 94 6.7; one SM alone takes 61 by bulk copies, 67 by cp.async.ca, 81 by "
                    + "cp.async.cg, 94 by loads (docs/validation/h200_fill.md)")),
        Entry(
            "l1.bulkFillBandwidth", "86B/cycle",
            .fitted(
                "durations of three matrix products of cuBLAS whose tiles ask for 77 to 96 bytes a cycle: within 8 %; with 64 "
                    + "they take 15 to 23 % too long")),
        Entry(
            "l1.storeBandwidth", "32B/cycle",
            .measured("latency_bandwidth_launch.txt bw,write: 63.3 GB/s by one SM")),
        Entry(
            "l1.backlog", "250cycles",
            .fitted(
                "durations and lifetimes of 133 launches in docs/validation: 6.6 and 8.9 %; 6.8 and 9.0 with "
                    + "500, 6.9 and 9.5 with 1000")),
        Entry("l1.hitBandwidth", "128B/cycle", .cited("RRZE gpu-strides: 126-128 on GH200 (hopper.md 1.2)")),
        Entry(
            "l1.lineInterval", "0.3125cycles",
            .measured(
                "docs/validation/h200_lines.md: loads of 16 and 32 lines whose sectors lie at different places take 5 "
                    + "and 10 cycles")),
        Entry(
            "l1.missesInFlight", "1024",
            .measured(
                "docs/validation/h200_rounds.md: at least 430 half lines, the most that the port asks for "
                    + "within a latency; no limit seen")),
    ]

    /// The coalescer of a GPC.
    static let coalescer: [Entry] = [
        Entry(
            "coalescer.enabled", "true",
            .measured("l2_to_l1_read_sectors exceeds cold_l2_tex_read_sectors in h200_ssd.csv")),
        Entry(
            "coalescer.entries", "1024",
            .estimated("more than are on their way at once; the limit was not reached in any measurement")),
        Entry(
            "coalescer.passage", "205cycles",
            .measured("docs/validation/h200_coalescer.md: merging ends 195 to 215 cycles before the answer's arrival")),
        Entry(
            "coalescer.requesters", "4",
            .measured("docs/validation/h200_scheduling.md: 2, 3, 4 SMs make one request a line, 5 make two")),
    ]

    /// The L2 of two partitions.
    static let l2: [Entry] = [
        Entry("l2.capacity", "60MiB", .measured("hardware.md: 62,914,560 B")),
        Entry("l2.partitions", "2", .measured("hardware.md finding 1")),
        Entry("l2.slices", "96", .measured("hardware.md: 96 slices of 640 KiB")),
        Entry(
            "l2.ways", "16",
            .fitted(
                "l2_capacity_counters.csv, l2-mechanism.md: 12 and 16 fit equally, 20 a little and 32 clearly "
                    + "worse")),
        Entry("l2.line", "128B", .cited("NVIDIA forum 290065 (hopper.md 1.3)")),
        Entry("l2.sector", "32B", .cited("Nsight Compute")),
        Entry(
            "l2.replacement", "lru",
            .fitted("l2_capacity_counters.csv, l2-mechanism.md: LRU 29.3, random 60.6; FIFO about as good")),
        Entry("l2.seed", "1", .estimated("any number will do")),
        Entry(
            "l2.hash", "block-xor",
            .fitted("l2_capacity_counters.csv, l2-mechanism.md item 2; modulo adds 14 % fabric traffic to ch_scan_fwd")),
        Entry("l2.homeChunk", "4KiB", .measured("docs/validation/h200_home.md: 4 KiB")),
        Entry("l2.writePolicy", "write-back", .measured("hardware.md finding 4")),
        Entry(
            "l2.dirtyShare", "0.4375",
            .fitted("granularity_and_writes.csv writes and DRAM writes of h200_ssd.csv, l2-mechanism.md item 6: 7/16")),
        Entry(
            "l2.cleanAge", "0.8125",
            .fitted(
                "DRAM writes of 75 launches above 4 MB in h200_ssd.csv, h200_tilings.csv and h200_holdout.csv: "
                    + "5.1 % mean error with it, 10.7 % without")),
        Entry(
            "l2.copiesFarReads", "true",
            .measured(
                "hardware.md finding 1: lines read from both partitions fit up to half of the capacity; "
                    + "without copies the score of l2_capacity_counters.csv is 149, with them 29.3")),
        Entry(
            "l2.copiesFarWrites", "true",
            .fitted("DRAM writes of twelve launches: error 1.17 MB with, 2.18 without")),
        Entry("l2.fabricHitRefreshesHome", "false", .fitted("l2_capacity_counters.csv, l2-mechanism.md item 4")),
        Entry("l2.fetch", "64B", .measured("granularity_and_writes.csv rdstride_*: 64-byte pieces")),
        Entry("l2.nearLatency", "255cycles", .measured("latency_bandwidth_launch.txt lat_cg, 10 % quantile: 255")),
        Entry("l2.farLatency", "406cycles", .measured("latency_bandwidth_launch.txt lat_cg, 75 % quantile: 406")),
        Entry("l2.nearSpread", "35cycles", .measured("latency_bandwidth_launch.txt lat_cg: 255 to 290")),
        Entry("l2.farSpread", "80cycles", .measured("latency_bandwidth_launch.txt lat_cg: 406 to 486")),
        Entry("l2.sliceBandwidth", "64B/cycle", .cited("two sectors a cycle (hopper.md 1.3, A100 reading)")),
        Entry(
            "l2.fabricBandwidth", "620B/cycle",
            .measured(
                "docs/validation/h200_rounds.md: 590 to 655 where blocks read twice what they write and memory "
                    + "is not the limit")),
        Entry(
            "l2.fabricBacklog", "1000cycles",
            .estimated("some hundred kilobytes a side; bmm_ch_fwd with 16 MB of output is 8 to 20 % short without")),
        Entry(
            "l2.reductionSector", "1.17cycles",
            .measured("docs/validation/h200_atomics.md: 4.7 cycles a line where all add to one, one L2 cycle a sector")),
        Entry(
            "l2.reductionRepeat", "3.49cycles",
            .measured("docs/validation/h200_atomics.md: 3.49 for f32, three L2 cycles; integers take 1.47")),
    ]

    /// The memory behind the L2.
    static let hbm: [Entry] = [
        Entry("hbm.bandwidth", "4.814TB/s", .measured("hardware.md: 6016 bit x 2 x 3201 MHz")),
        Entry("hbm.channels", "96", .cited("16 a stack, six stacks (hopper.md 1.0)")),
        Entry(
            "hbm.interleave", "4KiB",
            .fitted(
                "durations of 152 launches in docs/validation: 8.3 % mean error, 8.8 with 512 B; the length of "
                    + "an L2 home chunk")),
        Entry(
            "hbm.nearLatency", "522cycles",
            .measured("latency_bandwidth_launch.txt lat_cg at 1 GiB, 10 % quantile 526")),
        Entry("hbm.farLatency", "688cycles", .measured("latency_bandwidth_launch.txt lat_cg at 1 GiB, median 685")),
        Entry("hbm.readEfficiency", "0.962", .measured("latency_bandwidth_launch.txt bw,read: 4.63 TB/s")),
        Entry("hbm.writeEfficiency", "0.922", .measured("latency_bandwidth_launch.txt bw,write: 4.44 TB/s")),
        Entry(
            "hbm.turnaround", "14.1ns",
            .fitted("latency_bandwidth_launch.txt bw,copy: 3.9 TB/s; only its ratio to directionBurst is determined")),
        Entry(
            "hbm.directionBurst", "4KiB",
            .estimated("makes the turnaround 14 ns, the order of a DRAM bus turn with its recovery")),
        Entry(
            "hbm.backlog", "2000cycles",
            .fitted(
                "durations of 25 state_pass_fwd launches in docs/validation: 4.8 % mean error from 2000 on, 5.5 "
                    + "with 1000")),
        Entry(
            "hbm.jitter", "100cycles",
            .fitted(
                "quantiles of lat_cg at 134 MB and 1 GiB in latency_bandwidth_launch.txt: 554, 751 and 828 at "
                    + "25, 75 and 90 %")),
        Entry(
            "hbm.slowShare", "0.04",
            .fitted(
                "99 % quantiles of lat_cg at 134 MB and 1 GiB, 1154 and 1275 cycles, and durations as "
                    + "sm.memoryInstruction")),
        Entry("hbm.slowDelay", "550cycles", .fitted("as hbm.slowShare")),
    ]
}
