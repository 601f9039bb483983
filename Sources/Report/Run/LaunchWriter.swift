import Runs

/// Writes a run's report launch by launch. Memory therefore does not grow with the number of launches.
package protocol LaunchWriter<Launch> {
    associatedtype Launch
    /// Takes the next launch's result.
    mutating func add(_ launch: Launch) throws
    /// Writes the text after the last launch.
    /// - Parameter cost: the cost of the run; nil if reports must compare byte for byte.
    mutating func finish(cost: RunCost?) throws
}

extension LaunchWriter {
    /// Writes all launches of a run.
    mutating func write(_ launches: [Launch], cost: RunCost?) throws {
        for launch in launches { try add(launch) }
        try finish(cost: cost)
    }
}

extension JSONObjectWriter {
    /// Ends a run's object with its sector requests and its cost.
    mutating func finishRun(sectorRequests: UInt64, cost: RunCost?) throws {
        try add("sector_requests", .count(sectorRequests))
        try add("wall_seconds", cost.map { .number($0.wallSeconds) } ?? .null)
        try add("peak_memory_bytes", cost.map { .integer($0.peakMemoryBytes) } ?? .null)
        try finish()
    }
}
