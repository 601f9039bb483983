import ArgumentParser
import Runs

/// Whether a result leaves out the values that differ from run to run.
package struct DeterministicFlag: ParsableArguments {
    @Flag(
        name: .customLong("deterministic"),
        help: "Leaves wall_seconds and peak_memory_bytes out, so that equal results are equal bytes.")
    package var isOn = false

    package init() {}

    /// The cost of the run so far; nil if results leave it out.
    func cost(_ usage: ProcessUsage) -> RunCost? { isOn ? nil : usage.cost }
}
