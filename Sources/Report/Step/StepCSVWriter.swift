import Kernels
import Models
import Runs
import Simulator

/// A training step as CSV: a row a launch, with the columns of a run and what the launch belongs to.
struct StepCSVWriter: LaunchWriter {
    private let step: StepLaunches
    private let cacheMode: CacheMode
    private let write: TextSink
    private var order = 0

    init(step: StepLaunches, cacheMode: CacheMode, write: @escaping TextSink) {
        self.step = step
        self.cacheMode = cacheMode
        self.write = write
    }

    mutating func add(_ result: LaunchResult) throws {
        let launch = step.launches[order]
        let fields =
            RunCSV().fields(of: result, order: order, pass: .forward, mode: cacheMode).map { field in
                field.name == "pass" ? ("pass", launch.pass.rawValue) : field
            } + [
                ("op", launch.op), ("category", launch.category.rawValue), ("layer", launch.layer),
                ("count", String(launch.count)), ("is_estimate", launch.isEstimate ? "true" : "false"),
            ]
        if order == 0 { try write(CSVTable.line(fields.map(\.0))) }
        try write(CSVTable.line(fields.map(\.1)))
        order += 1
    }

    func finish(cost: RunCost?) {}
}
