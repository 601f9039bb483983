import ArgumentParser
import Machine
import Report

/// `weir machines`: lists the presets, or prints one machine as a machine file.
package struct MachinesCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "machines", abstract: "Lists the machines, or prints one with every value and its source.",
        discussion: """
            The printed text is a machine file: save it, change it, and give its path to --machine.

              weir machines h200 --set l2.capacity=100MiB --output mine.yaml
              weir run --machine mine.yaml
            """)

    @Argument(help: "A preset's name or a machine file; without it the presets are listed.")
    package var name: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Replaces one field, such as l2.capacity=25MiB; repeatable.", valueName: "name=value"))
    package var settings: [String] = []

    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard name != nil || settings.isEmpty else {
            throw ValidationError("--set needs a machine: weir machines NAME --set ...")
        }
        guard output.format != .csv else { throw ValidationError("machines has no csv; use --format text or json") }
    }

    package func run() throws {
        let text: String
        if let name {
            let machine = try AnyMachine(named: name, options: settings)
            text =
                output.format == .json
                ? MachineSummary(any: machine).json.text + "\n" : machine.yaml
        } else {
            text = output.format == .json ? try MachineList.json() : try MachineList.text()
        }
        let outputs = OutputFiles(reading: MachineOptions.files(among: name.map { [$0] } ?? []))
        try output.write(text, to: try output.open(in: outputs), wraps: name == nil)
        try outputs.commit()
    }
}
