import Validation

/// A table for each series, with measured beside predicted values, and the errors of each quantity.
package struct MicrobenchmarkText: Renderer {
    package init() {}

    package func render(_ result: MicrobenchmarkResult) -> String {
        var text = MachineSummary(result.machine).text
        text +=
            "Measured on one H200. Errors in percent of the measured value, points for quantities in percent; none where both "
        text += "values are noise.\n"
        for series in result.series {
            text += "\n\(series.group.rawValue): \(series.name)\n\n" + table(of: series.cases).text
        }
        return text + "\nErrors by series\n\n" + errors(of: result).text
    }

    private func table(of cases: [MicrobenchmarkCase]) -> TextTable {
        let quantities = (cases.first?.values ?? []).map(\.quantity)
        let isScaled = cases.contains { !$0.scale.isEmpty }
        var columns: [(title: String, alignment: TextTable.Alignment)] = [("case", .left)]
        for quantity in quantities { columns += [(quantity, .right), ("predicted", .right), ("error", .right)] }
        if isScaled { columns.append(("simulated", .left)) }
        var table = TextTable(columns: columns)
        for element in cases {
            var row = [element.name]
            for value in element.values {
                row += [number(value.measured), number(value.predicted), value.error.map(signed) ?? "-"]
            }
            table.append(row + (isScaled ? [element.scale] : []))
        }
        return table
    }

    private func errors(of result: MicrobenchmarkResult) -> TextTable {
        var table = TextTable(columns: [
            ("group", .left), ("series", .left), ("quantity", .left), ("cases", .right), ("mean", .right),
            ("median", .right),
            ("worst", .right), ("bias", .right),
        ])
        for series in result.series {
            for summary in MicrobenchmarkResult.summaries(of: series.cases) {
                table.append([
                    series.group.rawValue, series.name, summary.column, String(summary.launches),
                    Quantity.fixed(summary.meanError, digits: 1), Quantity.fixed(summary.medianError, digits: 1),
                    Quantity.fixed(summary.worstError, digits: 1), signed(summary.bias),
                ])
            }
        }
        return table
    }

    private func number(_ value: Double) -> String {
        abs(value) < 1000 && value != value.rounded()
            ? Quantity.fixed(value, digits: 2) : Quantity.wholeCount(value)
    }

    private func signed(_ error: Double) -> String { (error < 0 ? "" : "+") + Quantity.fixed(error, digits: 1) }
}
