import ArgumentParser
import Machine

/// The options that choose the machine of a launch.
package struct MachineOptions: ParsableArguments {
    @Option(help: "A preset's name (see 'weir machines') or a machine file.")
    package var machine = "h200"

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Replaces one field of the machine, such as l2.capacity=25MiB; repeatable.", valueName: "name=value"))
    package var settings: [String] = []

    package init() {}

    /// The machine file, if the machine is one.
    var files: [String] { Self.files(among: [machine]) }

    /// The machine files among names of machines.
    static func files(among names: [String]) -> [String] {
        names.filter { !AnySettings.presetNames.contains($0.lowercased()) }
    }

    /// The machine of either kind with its overrides. It is validated.
    package func anyMachine() throws(MachineError) -> AnyMachine {
        try AnyMachine(named: machine, options: settings)
    }

    /// The GPU with its overrides. It is validated.
    /// - Throws: also `MachineError.needsGPU` for plain caches.
    package func description() throws(MachineError) -> MachineDescription {
        try MachineDescription(named: machine, options: settings)
    }
}
