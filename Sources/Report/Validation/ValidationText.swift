import Validation

/// Launches with the most important columns, measured beside predicted, then the errors of every column.
package struct ValidationText: Renderer {
    package init() {}

    /// The columns that the launches' table shows, each with its title.
    private static let shown: [(column: String, title: String)] = [
        ("cold_duration_ns", "time"), ("l1_sectors", "L1 sectors"), ("l1_hit_pct", "L1 hit"),
        ("cold_l2_hit_pct", "L2 hit"),
        ("cold_dram_read_bytes", "HBM read"), ("cold_dram_write_bytes", "HBM written"),
    ]

    package func render(_ result: ValidationResult) -> String {
        let validation = result.validation
        var text = MachineSummary(result.machine).text + "\n" + launches(validation.launches).text
        text +=
            "\nErrors over \(validation.launches.count) launches, in percent of the measured value (points for columns in percent):\n\n"
        text += ErrorTable.summaries(validation.summaries()).text
        text += "\nWhere the predicted time on cold caches went, in percent of each launch's duration:\n\n"
        text +=
            TimeTables.shares(
                validation.launches.map {
                    ([$0.launch.shapeName, String($0.launch.order), $0.launch.kernel], $0.timeShares)
                },
                titles: [("shape", .left), ("order", .right), ("kernel", .left)]
            ).text
        text += PipeSplitReport.text(of: validation.pipeSplits) ?? ""
        if !validation.skipped.isEmpty {
            let rows = validation.skipped.map { "\($0.kernel) (\($0.rows))" }.joined(separator: ", ")
            text +=
                "\nLeft out, with their numbers of rows, as launches of the backward pass or kernels without a generator: \(rows)\n"
        }
        return text
    }

    private func launches(_ launches: [Validation.Launch]) -> TextTable {
        var columns: [(title: String, alignment: TextTable.Alignment)] = [
            ("shape", .left), ("order", .right), ("kernel", .left),
        ]
        for (_, title) in Self.shown { columns += [(title, .right), ("predicted", .right), ("error", .right)] }
        var table = TextTable(columns: columns)
        for launch in launches {
            var row = [launch.launch.shapeName, String(launch.launch.order), launch.launch.kernel]
            for (name, _) in Self.shown {
                row += ErrorTable.cells(of: launch.columns.first { $0.name == name })
            }
            table.append(row)
        }
        return table
    }
}
