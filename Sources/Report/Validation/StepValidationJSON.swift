import Runs
import Validation

/// Every compared launch of a training step, measured and predicted, and the breakdown by kind of work.
package struct StepValidationJSON: Renderer {
    package init() {}

    package func render(_ result: StepValidationResult) -> String {
        let validation = result.validation
        return JSONValue.object([
            ("machine", MachineSummary(result.machine).json),
            ("launches", .array(validation.launches.map(launch))),
            (
                "without_prediction",
                .array(
                    validation.unmatched.map {
                        .object([
                            ("row", .integer($0.number)), ("category", .text($0.category)),
                            ("function", .text($0.function)),
                        ])
                    })
            ),
            ("surplus_launches", .integer(validation.surplus)),
            (
                "breakdown",
                .array(
                    validation.categories.map {
                        .object([
                            ("category", .text($0.name)), ("measured", sums($0.measured, validation)),
                            ("predicted", sums($0.predicted, validation)),
                        ])
                    })
            ),
            (
                "totals",
                .object([
                    ("measured", sums(validation.measured, validation)),
                    ("predicted", sums(validation.predicted, validation)),
                ])
            ),
            ("summary", .object(validation.summaries.map { ($0.column, $0.json) })),
            ("wall_seconds", result.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", result.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launch(_ launch: StepValidation.Launch) -> JSONValue {
        .object([
            ("row", .integer(launch.measured.number)), ("category", .text(launch.measured.category)),
            ("part", .text(launch.measured.part)), ("function", .text(launch.measured.function)),
            ("kernel", .text(launch.kernel)), ("exact_grid", .flag(launch.isExact)),
            ("measured", .object(launch.columns.map { ($0.name, .number($0.measured)) })),
            ("predicted", .object(launch.columns.map { ($0.name, .number($0.predicted)) })),
        ])
    }

    /// HBM bytes are null where the table has none.
    private func sums(_ sums: StepSums, _ validation: StepValidation) -> JSONValue {
        .object([
            ("duration_ns", .number(sums.nanoseconds)), ("launches", .integer(sums.launches)),
            ("hbm_read_bytes", validation.step.hasBytes ? .number(sums.hbmReadBytes) : .null),
            ("hbm_write_bytes", validation.step.hasBytes ? .number(sums.hbmWriteBytes) : .null),
            ("flop", .number(sums.operations)),
        ])
    }
}
