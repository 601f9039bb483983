extension MachineSettings {
    /// The chip.
    static let gpuFields: [MachineField] = [
        MachineField(
            "gpu.name", .text, .text(\.gpu.name), "What reports call the machine",
            .cited("NVIDIA's product name")),
        MachineField(
            "gpu.clock", .hertz, .real(\.gpu.clockHertz), in: 1e6...1e11, "Clock of launches without tensor instructions",
            .measured("cold_cycles over cold_duration_ns in h200_ssd.csv and h200_tilings.csv: 1.95-1.98 GHz")),
        MachineField(
            "gpu.tensorClock", .hertz, .real(\.gpu.tensorClockHertz), in: 1e6...1e11,
            "Clock of launches with tensor instructions",
            .measured("cold_cycles over cold_duration_ns in h200_ssd.csv and h200_tilings.csv: 1.72-1.83 GHz")),
        MachineField(
            "gpu.smCount", .count, .integer(\.gpu.smCount), in: 1...4096, "Streaming multiprocessors",
            .measured("hardware.md"), h100SXM: .cited("hopper.md 1.0")),
    ]

    /// What launches and blocks cost apart from their work.
    static let launchFields: [MachineField] = [
        MachineField(
            "launch.overhead", .nanoseconds, .real(\.launch.overheadNanoseconds), in: 0...1e9,
            "Time by which a launch outlasts its blocks' span",
            .fitted("durations of 133 launches in docs/validation with launch.firstWave and launch.blockBase; hardware.md finding 6 says 1.5-2 us")),
        MachineField(
            "launch.blockInterval", .cycles, .real(\.launch.blockIntervalCycles), in: 0...1e9,
            "Cycles between two block starts of the whole GPU",
            .measured("latency_bandwidth_launch.txt: one block every 0.605 ns; 1.2 ns where one fits an SM")),
        MachineField(
            "launch.turnaround", .cycles, .real(\.launch.turnaroundCycles), in: 0...1e9,
            "Cycles from a block's end to the next start in its slot",
            .fitted("241 launches, time-mechanism.md; time lines show 500-1030, empty blocks 264-350; trades off with blockBase")),
        MachineField(
            "launch.blockBase", .cycles, .real(\.launch.blockBaseCycles), in: 0...1e9,
            "Cycles of every block besides its stages", .fitted("as launch.overhead; stall counters show 80 to 200 for instructions and constants")),
        MachineField(
            "launch.firstWave", .cycles, .real(\.launch.firstWaveCycles), in: 0...1e9,
            "Further cycles of a first-wave block, besides its code: constants and arguments",
            .fitted("as launch.overhead; h200_stalls.csv shows 100 to 600 cycles of constant misses in one-wave launches")),
        MachineField(
            "launch.firstWaveSpread", .cycles, .real(\.launch.firstWaveSpreadCycles), in: 0...1e6,
            "Width of the spread of launch.firstWave over clusters of SMs",
            .fitted("tex sectors of h200_ssd.csv, h200_tilings.csv and h200_holdout.csv: 2.9 % mean error, 3.3 without; 1200 as good")),
        MachineField(
            "launch.fetch", .cycles, .real(\.launch.fetchCyclesPerInstruction), in: 0...1e6,
            "Further cycles per instruction of the code for the first blocks of each SM",
            .measured("docs/validation/h200_instructions.md: stalls for instructions of one-wave launches, 0.1 to 1.0")),
        MachineField(
            "launch.fetchReach", .bytes, .integer(\.launch.fetchReachBytes), in: 0...1_073_741_824,
            "Bytes of code that come at launch.fetch",
            .measured("docs/validation/h200_instructions.md: between 64 and 96 KiB of straight-line code")),
        MachineField(
            "launch.farFetch", .cycles, .real(\.launch.farFetchCyclesPerInstruction), in: 0...1e6,
            "Further cycles per instruction beyond launch.fetchReach",
            .measured("docs/validation/h200_instructions.md: 8.4 to 9.0 from 96 to 192 KiB; 9.5 in ch_cumsum_fwd")),
        MachineField(
            "launch.constantSectors", .count, .integer(\.launch.constantSectors), in: 0...1e9,
            "L2 sectors a launch reads for instructions, constants and arguments",
            .measured("lower envelope of cold_l2 - tex - fabric sectors over active SMs in h200_tilings.csv; many launches lie above")),
        MachineField(
            "launch.constantSectorsPerSM", .count, .integer(\.launch.constantSectorsPerSM), in: 0...1e9,
            "The same per active SM", .measured("lower envelope of cold_l2 - tex - fabric sectors in h200_tilings.csv")),
        MachineField(
            "launch.constantFabricSectors", .count, .integer(\.launch.constantFabricSectors), in: 0...1e9,
            "Sectors of the same kind that cross between the L2 partitions",
            .measured("fabric sectors beyond half of the data's, ch_cumsum_fwd on 24 to 132 SMs in h200_tilings.csv")),
        MachineField(
            "launch.constantFabricSectorsPerSM", .count, .integer(\.launch.constantFabricSectorsPerSM), in: 0...1e9,
            "The same per active SM", .measured("as launch.constantFabricSectors")),
    ]

    private static let otherChip = FieldSource.estimated("as on the one H200 that was measured; which SMs a chip lacks differs")

    /// The GPCs.
    static let gpcFields: [MachineField] = [
        MachineField(
            "gpcs.count", .count, .integer(\.gpcs.count), in: 1...256, "Graphics processing clusters",
            .measured("latency_bandwidth_launch.txt, order1cta, with SM 0's eight and 124-131 as one"), h100SXM: otherChip),
        MachineField(
            "gpcs.clusterSize", .count, .integer(\.gpcs.clusterSize), in: 1...4096, "SMs of a cluster (CPC) within a GPC",
            .cited("MICRO'24 NoC study: a CPC has six SMs (hopper.md 1.3)")),
        MachineField(
            "gpcs.requestInterval", .cycles, .real(\.gpcs.requestCycles), in: 0...1e6,
            "Least cycles between two requests of a GPC to the L2; 0: no limit",
            .measured("docs/validation/h200_rounds.md: 132 SMs pass a one-sector line in 1.6 cycles each, one SM alone in 1.0")),
        MachineField(
            "gpcs.members", .idGroups, .groups(\.gpcs.members), in: 0...4095,
            "SM ids of each GPC; [] deals them in even, contiguous runs",
            .measured("latency_bandwidth_launch.txt, order1cta; that SM 0's eight and 124-131 are one GPC is inferred"),
            h100SXM: otherChip),
        MachineField(
            "gpcs.partitions", .ids, .integers(\.gpcs.partitions), in: 0...1,
            "L2 partition of each GPC; [] gives each partition a run of GPCs",
            .measured("docs/validation/h200_home.md: atomic latencies of 132 SMs to 96 lines fall into two groups"),
            h100SXM: otherChip),
        MachineField(
            "gpcs.dispatchOrder", .ids, .integers(\.gpcs.dispatchOrder), in: 0...4095,
            "SM ids in the order in which an empty GPU gets its first blocks; [] goes GPC after GPC",
            .measured("latency_bandwidth_launch.txt, first 132 entries of order1cta"), h100SXM: otherChip),
    ]
}
