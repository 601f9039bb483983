/// NVIDIA H200 SXM: GH100 with 132 SMs, 60 MiB of L2 and six stacks of HBM3e. This is the machine that was measured.
enum H200 {
    typealias Entry = Datasheet<MachineSettings>.Entry

    static let sheet = Datasheet(of: .h200, gpu + sm + launch + l1 + coalescer + l2 + hbm + gpcs)

    /// The chip.
    static let gpu: [Entry] = [
        Entry("gpu.name", "NVIDIA H200 SXM", .cited("NVIDIA's product name")),
        Entry(
            "gpu.clock", "1.975GHz",
            .measured("cold_cycles over cold_duration_ns in h200_ssd.csv and h200_tilings.csv: 1.95-1.98 GHz")),
        Entry(
            "gpu.tensorClock", "1.775GHz",
            .measured("cold_cycles over cold_duration_ns in h200_ssd.csv and h200_tilings.csv: 1.72-1.83 GHz")),
        Entry(
            "gpu.tensorClockDrop", "0.118",
            .fitted(
                "cold_cycles over cold_duration_ns of 30 matrix products, within 1.5 %: 1.62 GHz at 92 % use of the "
                    + "tensor cores, 1.71 at 74, 1.76 at 50, 1.78 at 25")),
        Entry("gpu.smCount", "132", .measured("hardware.md")),
    ]

    /// What launches and blocks cost in addition to their work.
    static let launch: [Entry] = [
        Entry(
            "launch.overhead", "1740ns",
            .fitted(
                "durations of 133 launches in docs/validation with launch.firstWave and launch.blockBase; "
                    + "hardware.md finding 6 says 1.5-2 us")),
        Entry(
            "launch.blockInterval", "1.1cycles",
            .measured("latency_bandwidth_launch.txt: one block every 0.605 ns; 1.2 ns where one fits an SM")),
        Entry(
            "launch.turnaround", "767cycles",
            .fitted(
                "241 launches, time-mechanism.md; time lines show 500-1030, empty blocks 264-350; trades off "
                    + "with blockBase")),
        Entry(
            "launch.blockBase", "220cycles",
            .fitted("as launch.overhead; stall counters show 80 to 200 for instructions and constants")),
        Entry(
            "launch.firstWave", "250cycles",
            .fitted(
                "as launch.overhead; h200_stalls.csv shows 100 to 600 cycles of constant misses in one-wave "
                    + "launches")),
        Entry(
            "launch.firstWaveSpread", "300cycles",
            .fitted(
                "tex sectors of ten products and attentions in h200_triton_dev.csv: 9.3 % mean error, 7.6 with 0, "
                    + "12.7 with 600; and of 21 ch_cumsum launches in h200_ssd.csv: 3.5 %, 4.9 with 0, 2.9 with 600")),
        Entry(
            "launch.fetch", "0.65",
            .measured("docs/validation/h200_instructions.md: stalls for instructions of one-wave launches, 0.1 to 1.0")),
        Entry(
            "launch.fetchReach", "64KiB",
            .measured("docs/validation/h200_instructions.md: between 64 and 96 KiB of straight-line code")),
        Entry(
            "launch.farFetch", "8.5cycles",
            .measured("docs/validation/h200_instructions.md: 8.4 to 9.0 from 96 to 192 KiB; 9.5 in ch_cumsum_fwd")),
        Entry(
            "launch.constantSectors", "7000",
            .measured(
                "lower envelope of cold_l2 - tex - fabric sectors over active SMs in h200_tilings.csv; many "
                    + "launches lie above")),
        Entry(
            "launch.constantSectorsPerSM", "66",
            .measured("lower envelope of cold_l2 - tex - fabric sectors in h200_tilings.csv")),
        Entry(
            "launch.constantFabricSectors", "1500",
            .measured("fabric sectors beyond half of the data's, ch_cumsum_fwd on 24 to 132 SMs in h200_tilings.csv")),
        Entry("launch.constantFabricSectorsPerSM", "85", .measured("as launch.constantFabricSectors")),
    ]

    /// The GPCs.
    static let gpcs: [Entry] = [
        Entry(
            "gpcs.count", "8",
            .measured("latency_bandwidth_launch.txt, order1cta, with SM 0's eight and 124-131 as one")),
        Entry("gpcs.clusterSize", "6", .cited("MICRO'24 NoC study: a CPC has six SMs (hopper.md 1.3)")),
        Entry(
            "gpcs.requestInterval", "0.096",
            .measured(
                "docs/validation/h200_rounds.md: 132 SMs pass a one-sector line in 1.6 cycles each, one SM "
                    + "alone in 1.0")),
        Entry(
            "gpcs.fillBandwidth", "600B/cycle",
            .measured(
                "docs/validation/h200_fill.md: all SMs take 36.2 B a cycle each, 16.5 a GPC; the 16 of one GPC "
                    + "take 36.4 each, one alone 94")),
        Entry(
            "gpcs.members", GH100.members,
            .measured("latency_bandwidth_launch.txt, order1cta; that SM 0's eight and 124-131 are one GPC is inferred")),
        Entry(
            "gpcs.partitions", GH100.partitions,
            .measured("docs/validation/h200_home.md: atomic latencies of 132 SMs to 96 lines fall into two groups")),
        Entry(
            "gpcs.dispatchOrder", GH100.dispatchOrder,
            .measured("latency_bandwidth_launch.txt, first 132 entries of order1cta")),
    ]
}
