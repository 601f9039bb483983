import Experiments

/// Writes a run's report launch by launch, so that memory does not grow with their number.
package protocol LaunchWriter<Launch> {
    associatedtype Launch
    /// Takes the next launch's result.
    mutating func add(_ launch: Launch) throws
    /// Writes what follows the last launch.
    /// - Parameter cost: what the run cost; nil where reports must compare byte for byte.
    mutating func finish(cost: RunCost?) throws
}

extension LaunchWriter {
    /// Writes all launches of a run.
    mutating func write(_ launches: [Launch], cost: RunCost?) throws {
        for launch in launches { try add(launch) }
        try finish(cost: cost)
    }
}
