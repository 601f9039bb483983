import Runs
import Validation

/// A training step measured beside predicted: time, share, launches and HBM bytes by kind of work, totals, and the
/// launches that differ most in time.
package struct StepValidationText: Renderer {
    package init() {}

    package func render(_ result: StepValidationResult) -> String {
        let validation = result.validation
        let exact = validation.launches.count(where: \.isExact)
        var text = MachineSummary(result.machine).text
        text += "\n" + categories(validation).text
        text += """

            \(validation.launches.count) of \(validation.step.launches.count) rows have a predicted launch, \(exact) of \
            them with the measured grid and threads.
            \(validation.surplus) predicted launches have no row.

            """
        if !validation.summaries.isEmpty {
            text += "\nErrors over these launches, in percent of the measured value:\n\n"
            text += ErrorTable.summaries(validation.summaries).text
        }
        text += "\nThe launches that make most of the step's error in time:\n\n" + worst(validation).text
        return text
    }

    private func categories(_ validation: StepValidation) -> TextTable {
        var table = TextTable(
            columns: [
                ("kind of work", .left), ("measured", .right), ("predicted", .right), ("error", .right),
                ("share", .right), ("predicted", .right), ("launches", .right), ("predicted", .right),
            ]
                + (validation.step.hasBytes
                    ? [("HBM", .right), ("predicted", .right)] as [(String, TextTable.Alignment)] : []))
        func row(_ name: String, _ measured: StepSums, _ predicted: StepSums) -> [String] {
            func share(_ part: Double, _ whole: Double) -> String {
                Quantity.percent(whole > 0 ? 100 * part / whole : 0)
            }
            return [
                name, Quantity.nanoseconds(measured.nanoseconds), Quantity.nanoseconds(predicted.nanoseconds),
                measured.nanoseconds > 0
                    ? Quantity.percent(100 * (predicted.nanoseconds / measured.nanoseconds - 1)) : "",
                share(measured.nanoseconds, validation.measured.nanoseconds),
                share(predicted.nanoseconds, validation.predicted.nanoseconds),
                String(measured.launches), String(predicted.launches),
            ]
                + (validation.step.hasBytes
                    ? [
                        Quantity.bytes(measured.hbmReadBytes + measured.hbmWriteBytes),
                        Quantity.bytes(predicted.hbmReadBytes + predicted.hbmWriteBytes),
                    ] : [])
        }
        for category in validation.categories {
            table.append(row(category.name, category.measured, category.predicted))
        }
        table.appendRule()
        table.append(row("total", validation.measured, validation.predicted))
        return table
    }

    private func worst(_ validation: StepValidation) -> TextTable {
        var table = TextTable(
            columns: [
                ("row", .right), ("part", .left), ("kernel", .left), ("measured", .right), ("predicted", .right),
            ])
        func error(_ launch: StepValidation.Launch) -> Double {
            abs(launch.columns[0].predicted - launch.columns[0].measured)
        }
        let sorted = validation.launches.sorted {
            (error($0), $1.measured.number) > (error($1), $0.measured.number)
        }
        for launch in sorted.prefix(10) {
            table.append([
                String(launch.measured.number), launch.measured.part, launch.kernel,
                Quantity.nanoseconds(launch.columns[0].measured), Quantity.nanoseconds(launch.columns[0].predicted),
            ])
        }
        return table
    }
}
