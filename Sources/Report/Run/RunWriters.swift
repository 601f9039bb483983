import Machine
import Simulator

/// Makes the writers of runs in each format. They write launch by launch, in the bytes of the whole result's report.
package enum RunWriters {
    /// A writer of a run on a GPU.
    /// - Parameters:
    ///   - tables: those of the text.
    ///   - temporaryDirectory: the place of a file for texts that wait until later launches decide them.
    ///   - write: takes the pieces of the report.
    package static func writer(
        for format: OutputFormat, machine: MachineDescription, cacheMode: CacheMode, tables: RunTables = [],
        temporaryDirectory: String?, write: @escaping TextSink
    ) -> any LaunchWriter<LaunchResult> {
        format.choose(
            text: RunTextWriter(machine: machine, cacheMode: cacheMode, tables: tables, write: write),
            json: RunJSONWriter(
                machine: machine, cacheMode: cacheMode, temporaryDirectory: temporaryDirectory, write: write),
            csv: RunCSVWriter(cacheMode: cacheMode, temporaryDirectory: temporaryDirectory, write: write))
    }

    /// A writer of a run through plain caches.
    package static func writer(
        for format: OutputFormat, machine: PlainMachine, cacheMode: CacheMode, tables: RunTables = [],
        write: @escaping TextSink
    ) -> any LaunchWriter<PlainLaunchResult> {
        format.choose(
            text: PlainRunTextWriter(machine: machine, cacheMode: cacheMode, tables: tables, write: write),
            json: PlainRunJSONWriter(machine: machine, cacheMode: cacheMode, write: write),
            csv: PlainRunCSVWriter(write: write))
    }
}
