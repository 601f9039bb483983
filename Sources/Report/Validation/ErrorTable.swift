import Validation

/// What the text reports of all validations have in common.
enum ErrorTable {
    /// One row per column with its errors.
    static func summaries(_ summaries: [ErrorSummary]) -> TextTable {
        var table = TextTable(columns: [
            ("column", .left), ("launches", .right), ("mean", .right), ("median", .right), ("worst", .right),
            ("bias", .right),
            ("correlation", .right),
        ])
        for summary in summaries {
            table.append([
                summary.column, String(summary.launches), Quantity.fixed(summary.meanError, digits: 2),
                Quantity.fixed(summary.medianError, digits: 2), Quantity.fixed(summary.worstError, digits: 2),
                Quantity.fixed(summary.bias, digits: 2), Quantity.fixed(summary.correlation, digits: 4),
            ])
        }
        return table
    }

    /// A column of a launch as three cells: measured, predicted and the error; empty without the column.
    static func cells(of column: ErrorSummary.Column?) -> [String] {
        guard let column else { return ["", "", ""] }
        let error = ValidationError.signed(
            column: column.name, measured: column.measured, predicted: column.predicted)
        return [
            value(column.measured, of: column.name), value(column.predicted, of: column.name),
            error.map { ($0 < 0 ? "" : "+") + Quantity.fixed($0, digits: 1) } ?? "-",
        ]
    }

    private static func value(_ number: Double, of column: String) -> String {
        if column.hasSuffix("_pct") { return Quantity.percent(number) }
        if column.hasSuffix("_ns") { return Quantity.nanoseconds(number) }
        if column.hasSuffix("_bytes") { return Quantity.bytes(number) }
        return Quantity.wholeCount(number)
    }
}
