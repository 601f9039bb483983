import Validation

/// One row per launch with each figure: measured, predicted, and the error in percent. The time lines that were left
/// out follow.
package struct LifetimeText: Renderer {
    package init() {}

    private static let titles = [
        "lifetime_p50_cycles": "p50", "lifetime_p10_cycles": "p10", "lifetime_p90_cycles": "p90",
        "lifetime_mean_cycles": "mean",
        "turnaround_p50_cycles": "turnaround", "blocks_per_sm": "blocks/SM", "duration_ns": "ns",
    ]

    package func render(_ comparison: LifetimeComparison) -> String {
        var text = MachineSummary(comparison.machine).text
        text += "Lifetimes and turnaround in cycles: measured, predicted, error in percent\n\n"
        var columns: [(title: String, alignment: TextTable.Alignment)] = [
            ("shape", .left), ("order", .right), ("kernel", .left), ("blocks", .right),
        ]
        let names = BlockStatistics([]).values.map(\.name).filter { $0 != "blocks" }
        for name in names {
            columns += [(Self.titles[name] ?? name, .right), ("predicted", .right), ("error", .right)]
        }
        var table = TextTable(columns: columns)
        for launch in comparison.launches {
            var row = [
                launch.shapeName, String(launch.order), launch.kernel, Quantity.count(UInt64(launch.measured.blocks)),
            ]
            for (measured, predicted) in zip(launch.measured.values, launch.predicted.values)
            where measured.name != "blocks" {
                row += [
                    count(measured.value), count(predicted.value),
                    Self.error(measured: measured.value, predicted: predicted.value)
                        .map { ($0 < 0 ? "" : "+") + Quantity.fixed($0, digits: 1) } ?? "-",
                ]
            }
            table.append(row)
        }
        text += table.text
        for skipped in comparison.skipped { text += "skipped \(skipped.file): \(skipped.reason)\n" }
        return text
    }

    /// The error in percent of the measured value; nil if there is none.
    static func error(measured: Double?, predicted: Double?) -> Double? {
        guard let measured, let predicted, measured != 0 else { return nil }
        return 100 * (predicted - measured) / measured
    }

    private func count(_ value: Double?) -> String { value.map(Quantity.wholeCount) ?? "-" }
}
