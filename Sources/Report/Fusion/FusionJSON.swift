import Fusion
import Kernels
import Runs
import Simulator

/// A comparison as JSON: every launch of both sides as `run` gives it, each side's totals with the same columns,
/// ratios, and the verdict.
package struct FusionJSON: Renderer {
    package init() {}

    package func render(_ comparison: FusionComparison) -> String {
        let verdict = FusionVerdict(comparison)
        let sides = [("baseline", comparison.baseline), ("variant", comparison.variant)]
        return JSONValue.object([
            ("machine", MachineSummary(comparison.machine).json),
            ("variant", .text(comparison.variantName)),
            ("assumptions", .array(comparison.assumptions.map(JSONValue.text))),
            ("launches", .array(sides.flatMap { name, side in launches(of: side, name: name) })),
            ("totals", .array(sides.map { name, side in total(of: side, name: name, comparison) })),
            ("intermediate", intermediate(of: comparison)),
            (
                "verdict",
                .object([
                    ("holds", verdict.isFaster.map(JSONValue.flag) ?? .null),
                    ("speedup", .number(verdict.speedup)),
                    ("changes_ns", .object(verdict.changes.map { ($0.name, .number($0.nanoseconds)) })),
                    ("hbm_bytes_more", .number(verdict.hbmBytes)),
                    ("sentence", .text(VerdictText.sentence(of: comparison))),
                ])
            ),
            ("sector_requests", .count(comparison.sectorRequests)),
            ("wall_seconds", comparison.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", comparison.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launches(of side: FusionSide, name: String) -> [JSONValue] {
        let passes = StepTotals(of: side.launches).passes
        return side.launches.indices.map { index in
            let members = RunJSON().members(of: side.launches[index], order: index, pass: passes[index], mode: .chained)
            return .object([("side", .text(name))] + members)
        }
    }

    private func total(of side: FusionSide, name: String, _ comparison: FusionComparison) -> JSONValue {
        let rows = FusionRows.rows(of: comparison)
        return .object([
            ("side", .text(name)),
            ("launches", .integer(side.launches.count)),
            ("summary", .object(rows.map { ($0.name, .number($0.value(side))) })),
            ("time_ns", .object(side.parts.map { ($0.name, .number($0.nanoseconds)) })),
            ("predicted", .object(side.columns.map { ($0.name, .number($0.value)) })),
        ])
    }

    /// For each side, the tensors that its blocks leave to others; null if there are none.
    private func intermediate(of comparison: FusionComparison) -> JSONValue {
        guard comparison.hasIntermediate else { return .null }
        func value(of side: FusionSide) -> JSONValue {
            .object([
                ("stored_bytes", .count(side.storedBytes)),
                ("dram_write_bytes", .count(side.watched?.writtenBytes ?? 0)),
                ("dram_read_bytes", .count(side.watched?.readBytes ?? 0)),
                ("kept_bytes", .count(side.keptBytes)),
                (
                    "tensors",
                    .array(
                        side.intermediates.map {
                            .object([
                                ("name", .text($0.name)),
                                ("bytes", .count($0.addresses.upperBound - $0.addresses.lowerBound)),
                                ("passed_bytes", $0.passedBytes.map(JSONValue.count) ?? .null),
                            ])
                        })
                ),
            ])
        }
        return .object([("baseline", value(of: comparison.baseline)), ("variant", value(of: comparison.variant))])
    }
}
