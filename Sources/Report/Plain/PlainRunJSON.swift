import Machine
import Runs
import Simulator

/// A run through plain caches as JSON: the machine, every launch with every counter, and their sums.
///
/// Two runs of the same launches differ only in `wall_seconds` and `peak_memory_bytes`. Without a cost both are null.
package struct PlainRunJSON: Renderer {
    package init() {}

    package func render(_ run: PlainRunResult) -> String {
        String(writing: { sink in
            var writer = PlainRunJSONWriter(machine: run.machine, cacheMode: run.cacheMode, write: sink)
            try writer.write(run.launches, cost: run.cost)
        })
    }
}

/// Writes a run through plain caches as JSON, launch by launch.
struct PlainRunJSONWriter: LaunchWriter {
    private let machine: PlainMachine
    private let cacheMode: CacheMode
    private var object: JSONObjectWriter
    private var total = PlainCounters()
    private var order = 0

    init(machine: PlainMachine, cacheMode: CacheMode, write: @escaping TextSink) {
        self.machine = machine
        self.cacheMode = cacheMode
        object = JSONObjectWriter(write)
    }

    mutating func add(_ result: PlainLaunchResult) throws {
        if order == 0 { try begin() }
        try object.addElement(launch(result, order: order).text(indent: 2))
        total.add(result.counters)
        order += 1
    }

    mutating func finish(cost: RunCost?) throws {
        if order == 0 { try begin() }
        try object.endArray()
        try object.add("totals", counters(total))
        try object.finishRun(sectorRequests: total.sectors, cost: cost)
    }

    private mutating func begin() throws {
        try object.add("machine", MachineSummary(machine).json)
        try object.add("cache", .text(cacheMode.rawValue))
        try object.beginArray("launches")
    }

    private func launch(_ result: PlainLaunchResult, order: Int) -> JSONValue {
        let grid = result.launch.grid
        return .object([
            ("order", .integer(order)),
            ("kernel", .text(result.launch.kernel)),
            ("grid", .array([.integer(grid.x), .integer(grid.y), .integer(grid.z)])),
            ("blocks", .integer(grid.blockCount)),
            ("predicted", counters(result.counters)),
        ])
    }

    private func counters(_ counters: PlainCounters) -> JSONValue {
        .object(PlainCounterTable.rows.map { ($0.name, .count(counters[keyPath: $0.keyPath])) })
    }
}
