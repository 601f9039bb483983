import Validation

/// Recorded launches with the most important columns, measured beside predicted. Then follow the errors of every column
/// over all launches and kind by kind, where the predicted time went, and the rows that could not be compared.
package struct RecordedValidationText: Renderer {
    package init() {}

    /// The columns that the launches' table shows, each with its title.
    private static let shown: [(column: String, title: String)] = [
        (RecordedValidation.duration, "time"), ("l1_sectors", "L1 sectors"), ("l1_hit_pct", "L1 hit"),
        ("cold_l2_tex_sectors", "SM sectors at L2"), ("cold_l2_hit_pct", "L2 hit"), ("cold_dram_bytes", "HBM bytes"),
        ("warp_instructions", "instructions"), ("blocks_per_sm", "blocks/SM"),
    ]

    package func render(_ result: RecordedValidationResult) -> String {
        let validation = result.validation
        var text = MachineSummary(result.machine).text
        if !validation.launches.isEmpty {
            text += "\n" + launches(validation.launches).text
            text += "\nErrors over \(validation.launches.count) launches, "
            text += "in percent of the measured value (points for columns in percent):\n\n"
            text += ErrorTable.summaries(validation.summaries).text
            text += "\nThe same kind by kind, as mean / median / bias, and the launches whose duration is further off "
            text += "than \(Quantity.fixed(RecordedValidation.farPercent, digits: 0)) %:\n\n"
            text += kinds(validation).text
            text += "\nWhere the predicted time on cold caches went, in percent of each launch's duration:\n\n"
            text +=
                TimeTables.shares(
                    validation.launches.map { ([$0.row.name, $0.row.kind], $0.timeShares) },
                    titles: [("name", .left), ("kind", .left)]
                ).text
        }
        if !validation.failures.isEmpty {
            text += "\n\(validation.failures.count) of \(validation.failures.count + validation.launches.count) rows "
            text += "could not be compared:\n\n"
            text += validation.failures.map { $0.error.message + "\n" }.joined()
        }
        return text
    }

    private func launches(_ launches: [RecordedValidation.Launch]) -> TextTable {
        var columns: [(title: String, alignment: TextTable.Alignment)] = [("name", .left), ("kind", .left)]
        for (_, title) in Self.shown { columns += [(title, .right), ("predicted", .right), ("error", .right)] }
        var table = TextTable(columns: columns)
        for launch in launches {
            table.append(
                [launch.row.name, launch.row.kind]
                    + Self.shown.flatMap { shown in
                        ErrorTable.cells(of: launch.columns.first { $0.name == shown.column })
                    })
        }
        return table
    }

    /// One row per column, and behind the durations one with the number of those far off. One column per kind.
    private func kinds(_ validation: RecordedValidation) -> TextTable {
        let kinds = validation.kinds
        var table = TextTable(
            columns: [("column", .left)] + kinds.map { ("\($0.name) (\($0.launches))", .right) })
        for column in validation.summaries.map(\.column) {
            table.append([column] + kinds.map { kind in errors(kind.summaries.first { $0.column == column }) })
            if column == RecordedValidation.duration {
                table.append(["  far off"] + kinds.map { $0.farDurations.map(String.init) ?? "-" })
            }
        }
        return table
    }

    private func errors(_ summary: ErrorSummary?) -> String {
        guard let summary else { return "-" }
        return [summary.meanError, summary.medianError, summary.bias].map { Quantity.fixed($0, digits: 1) }
            .joined(separator: " / ")
    }
}
