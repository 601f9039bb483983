import Validation

/// Launches of operators with the most important columns, measured beside predicted; the errors by kind of operator;
/// and how many rows of which operators were not compared.
package struct OperatorValidationText: Renderer {
    package init() {}

    /// The columns that the tables show, each with its title.
    private static let shown: [(column: String, title: String)] = [
        ("cold_duration_ns", "time"), ("l1_sectors", "L1 sectors"), ("l2_to_l1_read_sectors", "delivered"),
        ("cold_l2_tex_sectors", "SM sectors at L2"), ("cold_dram_read_bytes", "HBM read"),
        ("cold_dram_write_bytes", "HBM written"), ("warp_instructions", "instructions"),
    ]

    package func render(_ result: OperatorValidationResult) -> String {
        let validation = result.validation
        var text = MachineSummary(result.machine).text
        if !validation.launches.isEmpty {
            text += "\n" + launches(validation.launches).text
            text += "\nErrors over \(validation.launches.count) launches, "
            text += "in percent of the measured value (points for columns in percent):\n\n"
            text += ErrorTable.summaries(validation.whole.summaries).text
        }
        text += "\nBy kind of operator: rows, those compared, exact grids, and mean errors in percent:\n\n"
        text += kinds(validation.kinds + [validation.whole]).text
        if !validation.failures.isEmpty {
            text += "\n\(validation.failures.count) rows were not compared:\n\n"
            for (reason, rows) in reasons(validation.failures) { text += "\(rows) of \(reason)\n" }
        }
        return text
    }

    private func launches(_ launches: [OperatorValidation.Launch]) -> TextTable {
        var columns: [(title: String, alignment: TextTable.Alignment)] = [
            ("row", .right), ("operator", .left), ("kernel", .left), ("blocks", .right),
        ]
        for (_, title) in Self.shown { columns += [(title, .right), ("predicted", .right), ("error", .right)] }
        var table = TextTable(columns: columns)
        for launch in launches {
            let shape = launch.columns.filter { ["grid_x", "grid_y", "grid_z"].contains($0.name) }
            table.append(
                [
                    String(launch.row.number), "\(launch.row.kind) \(launch.row.direction)", launch.kernel,
                    shape.allSatisfy { $0.measured == $0.predicted } ? "exact" : "differ",
                ]
                    + Self.shown.flatMap { shown in
                        ErrorTable.cells(of: launch.columns.first { $0.name == shown.column })
                    })
        }
        return table
    }

    private func kinds(_ kinds: [OperatorValidation.Kind]) -> TextTable {
        var table = TextTable(
            columns: [("operator", .left), ("rows", .right), ("compared", .right), ("exact grids", .right)]
                + Self.shown.map { ($0.title, .right) })
        for kind in kinds {
            table.append(
                [
                    kind.name.isEmpty ? "all" : kind.name, String(kind.rows), String(kind.launches),
                    String(kind.exactGrids),
                ]
                    + Self.shown.map { shown in
                        kind.summaries.first { $0.column == shown.column }.map {
                            Quantity.fixed($0.meanError, digits: 1)
                        }
                            ?? "-"
                    })
        }
        return table
    }

    /// The reasons with the numbers of their rows, in the order of their first rows.
    private func reasons(_ failures: [OperatorValidation.Failure]) -> [(reason: String, rows: Int)] {
        failures.reduce(into: []) { reasons, failure in
            if let known = reasons.firstIndex(where: { $0.reason == failure.reason }) {
                reasons[known].rows += 1
            } else {
                reasons.append((failure.reason, 1))
            }
        }
    }
}
