import Validation

extension ErrorSummary {
    /// The errors as the JSON reports of all validations have them.
    var json: JSONValue {
        .object([
            ("launches", .integer(launches)),
            ("error_unit", .text(isInPoints ? "points" : "percent")),
            ("mean_error", .number(meanError)),
            ("median_error", .number(medianError)),
            ("worst_error", .number(worstError)),
            ("bias", .number(bias)),
            ("correlation", .number(correlation)),
        ])
    }
}
