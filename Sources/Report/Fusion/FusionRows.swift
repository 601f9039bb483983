import Fusion
import Simulator

/// The rows in which baseline and variant are compared, with names as in JSON and titles and texts as in tables.
enum FusionRows {
    struct Row: Sendable {
        let name: String
        let title: String
        let value: @Sendable (FusionSide) -> Double
        let text: @Sendable (Double) -> String
        /// Whether the variant's share of the baseline has a meaning.
        var hasRatio = true
    }

    /// All rows of a comparison. Those of intermediates come last.
    static func rows(of comparison: FusionComparison) -> [Row] {
        rows(sectorBytes: Double(comparison.machine.l2.sectorBytes)) + intermediateRows(of: comparison)
    }

    private static func rows(sectorBytes: Double) -> [Row] {
        [
            Row(name: "duration_ns", title: "time", value: { $0.nanoseconds }, text: { Quantity.nanoseconds($0) }),
            Row(
                name: "launch_overhead_ns", title: "of it launching", value: { $0.overheadNanoseconds },
                text: { Quantity.nanoseconds($0) }),
            Row(name: "blocks", title: "thread blocks", value: { Double($0.blocks) }, text: count),
            Row(
                name: "warp_instructions", title: "warp instructions", value: { Double($0.counters.warpInstructions) },
                text: count),
            Row(
                name: "l1_requests", title: "L1 requests",
                value: { Double($0.counters.l1LoadRequests + $0.counters.l1StoreRequests) }, text: count),
            Row(name: "l1_sectors", title: "L1 sectors", value: { Double($0.counters.l1Sectors) }, text: count),
            Row(
                name: "l1_hit_pct", title: "L1 hits", value: { $0.counters.l1HitPercent },
                text: { Quantity.percent($0) },
                hasRatio: false),
            Row(
                name: "l2_tex_bytes", title: "L2, from and to SMs",
                value: { sectorBytes * Double($0.counters.l2TexSectors) },
                text: { Quantity.bytes($0) }),
            Row(
                name: "l2_fabric_bytes", title: "L2, between partitions",
                value: { sectorBytes * Double($0.counters.l2FabricSectors) },
                text: { Quantity.bytes($0) }),
            Row(
                name: "l2_hit_pct", title: "L2 hits", value: { $0.counters.l2HitPercent },
                text: { Quantity.percent($0) },
                hasRatio: false),
            Row(
                name: "dram_read_bytes", title: "HBM read", value: { Double($0.counters.hbmReadBytes) },
                text: { Quantity.bytes($0) }),
            Row(
                name: "dram_write_bytes", title: "HBM written", value: { Double($0.counters.hbmWriteBytes) },
                text: { Quantity.bytes($0) }),
            Row(
                name: "dram_bytes", title: "HBM together", value: { Double($0.hbmBytes) }, text: { Quantity.bytes($0) }),
            Row(
                name: "sm_imbalance", title: "busiest SM / mean", value: { $0.imbalance },
                text: { Quantity.fixed($0, digits: 2) },
                hasRatio: false),
        ]
    }

    /// The rows on an intermediate.
    private static func intermediateRows(of comparison: FusionComparison) -> [Row] {
        guard comparison.hasIntermediate else { return [] }
        return [
            Row(
                name: "intermediate_dram_write_bytes", title: "intermediate written to HBM",
                value: { Double($0.watched?.writtenBytes ?? 0) }, text: { Quantity.bytes($0) }),
            Row(
                name: "intermediate_dram_read_bytes", title: "intermediate read from HBM",
                value: { Double($0.watched?.readBytes ?? 0) }, text: { Quantity.bytes($0) }),
            Row(
                name: "intermediate_kept_bytes", title: "intermediate that never reached HBM",
                value: { Double($0.keptBytes) }, text: { Quantity.bytes($0) }),
        ]
    }

    @Sendable private static func count(_ value: Double) -> String { Quantity.wholeCount(value) }
}
