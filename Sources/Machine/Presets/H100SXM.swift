/// NVIDIA H100 SXM5: the H200's die with 50 MiB of L2 and five stacks of HBM3. It was not measured.
enum H100SXM {
    typealias Entry = Datasheet<MachineSettings>.Entry

    private static let otherChip = FieldSource.estimated(
        "as on the one H200 that was measured; which SMs a chip lacks differs")

    static let sheet = Datasheet(
        of: .h100SXM, from: H200.sheet, because: "as on the H200, which has the same die",
        [
            Entry("gpu.name", "NVIDIA H100 SXM5", .cited("NVIDIA's product name")),
            Entry("gpu.smCount", "132", .cited("hopper.md 1.0")),
            Entry("l2.capacity", "50MiB", .cited("hopper.md 1.0: 50 MiB = 2 x 25")),
            Entry("l2.slices", "80", .cited("GPUNetBench (hopper.md 1.0): 80 slices of 640 KiB")),
            Entry("l2.fabricBandwidth", "517B/cycle", .estimated("as on the H200, less a sixth of the slices")),
            Entry("hbm.bandwidth", "3.352TB/s", .cited("five stacks x 1024 bit x 2 x 2619 MHz (hopper.md 1.0)")),
            Entry("hbm.channels", "80", .cited("16 a stack, five stacks (hopper.md 1.0)")),
            Entry("hbm.readEfficiency", "0.949", .cited("Azure BabelStream dot: 3.18 TB/s (hopper.md 1.4)")),
            Entry(
                "hbm.turnaround", "8.5ns",
                .estimated("from Azure BabelStream copy, 2.90 TB/s (hopper.md 1.4), as on the H200")),
            Entry("gpcs.count", "8", otherChip),
            Entry("gpcs.members", GH100.members, otherChip),
            Entry("gpcs.partitions", GH100.partitions, otherChip),
            Entry("gpcs.dispatchOrder", GH100.dispatchOrder, otherChip),
        ])
}
