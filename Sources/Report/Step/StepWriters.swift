import Machine
import Models
import Runs
import Simulator

/// How a step's report for people divides it.
package enum StepDivision: String, Sendable, CaseIterable {
    case category, layer, launch
}

/// Makes the writers of a training step in each format.
package enum StepWriters {
    package static func writer(
        for format: OutputFormat, step: StepLaunches, division: StepDivision, machine: MachineDescription,
        cacheMode: CacheMode, tables: RunTables = [], write: @escaping TextSink
    ) -> any LaunchWriter<LaunchResult> {
        format.choose(
            text: StepTextWriter(
                step: step, division: division, machine: machine, cacheMode: cacheMode, tables: tables,
                write: write),
            json: StepJSONWriter(step: step, machine: machine, cacheMode: cacheMode, write: write),
            csv: StepCSVWriter(step: step, cacheMode: cacheMode, write: write))
    }
}
