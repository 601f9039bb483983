import Experiments
import Machine
import Simulator

/// What shows runs in each format: as a whole, or launch by launch.
package enum RunRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<RunResult> {
        switch format {
        case .text: RunText()
        case .json: RunJSON()
        case .csv: RunCSV()
        }
    }

    /// The renderer of runs through plain caches for each format.
    package static func plainRenderer(for format: OutputFormat) -> any Renderer<PlainRunResult> {
        switch format {
        case .text: PlainRunText()
        case .json: PlainRunJSON()
        case .csv: PlainRunCSV()
        }
    }

    /// Writes a run launch by launch, in the bytes of `renderer`.
    /// - Parameters:
    ///   - temporaryDirectory: where a file may lie for what waits until later launches decide it.
    ///   - write: takes the pieces of the report.
    package static func writer(
        for format: OutputFormat, machine: MachineDescription, cacheMode: CacheMode, temporaryDirectory: String?,
        write: @escaping TextSink
    ) -> any LaunchWriter<LaunchResult> {
        switch format {
        case .text: RunTextWriter(machine: machine, cacheMode: cacheMode, write: write)
        case .json:
            RunJSONWriter(machine: machine, cacheMode: cacheMode, temporaryDirectory: temporaryDirectory, write: write)
        case .csv: RunCSVWriter(cacheMode: cacheMode, temporaryDirectory: temporaryDirectory, write: write)
        }
    }

    /// Writes a run through plain caches launch by launch, in the bytes of `plainRenderer`.
    package static func plainWriter(
        for format: OutputFormat, machine: PlainMachine, cacheMode: CacheMode, write: @escaping TextSink
    ) -> any LaunchWriter<PlainLaunchResult> {
        switch format {
        case .text: PlainRunTextWriter(machine: machine, cacheMode: cacheMode, write: write)
        case .json: PlainRunJSONWriter(machine: machine, cacheMode: cacheMode, write: write)
        case .csv: PlainRunCSVWriter(write: write)
        }
    }
}
