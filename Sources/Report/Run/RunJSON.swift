import Kernels
import Machine
import Runs
import Simulator

/// A run as JSON: the machine, every launch with every counter, its course over time if it was sampled, totals of both
/// passes, and the cost of the run.
///
/// Two runs of the same launches on the same machine differ only in `wall_seconds` and `peak_memory_bytes`, at any
/// number of threads. Without a cost both are null, and the bytes are equal.
package struct RunJSON: Renderer {
    package init() {}

    package func render(_ run: RunResult) -> String {
        String(writing: { sink in
            var writer = RunJSONWriter(
                machine: run.machine, cacheMode: run.cacheMode, temporaryDirectory: nil, write: sink)
            try writer.write(run.launches, cost: run.cost)
        })
    }

    /// The members of one launch.
    func members(
        of result: LaunchResult, order: Int, pass: SSDPass, mode: CacheMode
    ) -> [(key: String, value: JSONValue)] {
        let launch = result.launch
        var members: [(key: String, value: JSONValue)] = [
            ("order", .integer(order)),
            ("kernel", .text(launch.kernel)),
            ("pass", .text(pass.rawValue)),
            ("pipes", .text(KernelPipes(of: result).rawValue)),
            ("grid", .array([.integer(launch.grid.x), .integer(launch.grid.y), .integer(launch.grid.z)])),
            ("blocks", .integer(launch.grid.blockCount)),
            ("threads_per_block", .integer(launch.threadsPerBlock)),
            ("registers_per_thread", .integer(launch.registersPerThread)),
            ("shared_bytes_per_block", .integer(launch.sharedMemoryBytesPerBlock)),
            ("tiling", .text(launch.tiling)),
            ("resources_estimated", .flag(launch.resourcesAreEstimated)),
            ("occupancy", .object(LaunchDetails.occupancy(of: result).map { ($0.name, $0.value) })),
            (
                "time",
                .object((LaunchDetails.time(of: result) + LaunchDetails.uses(of: result)).map { ($0.name, $0.value) })
            ),
            ("time_shares", .object(LaunchDetails.shares(of: result).map { ($0.name, $0.value) })),
            ("bound_by", .text(BoundKind(of: result).rawValue)),
            (
                "predicted",
                .object(PredictedColumns.values(of: result, mode: mode).map { ($0.name, .number($0.value)) })
            ),
        ]
        if let samples = result.samples { members.append(("samples", SamplesJSON.value(of: samples, result: result))) }
        return members
    }
}

/// Writes a run as JSON, launch by launch.
struct RunJSONWriter: LaunchWriter {
    private let machine: MachineDescription
    private let cacheMode: CacheMode
    private var object: JSONObjectWriter
    private var slots: PassSlots
    private var totals = StepTotals()
    private var sectorRequests: UInt64 = 0
    private var order = 0

    init(machine: MachineDescription, cacheMode: CacheMode, temporaryDirectory: String?, write: @escaping TextSink) {
        self.machine = machine
        self.cacheMode = cacheMode
        object = JSONObjectWriter(write)
        slots = PassSlots(directory: temporaryDirectory)
    }

    mutating func add(_ result: LaunchResult) throws {
        if order == 0 { try begin() }
        totals.add(result)
        sectorRequests += result.counters.l1Sectors
        let members = RunJSON().members(of: result, order: order, pass: .forward, mode: cacheMode)
        let open = members.firstIndex { $0.key == "pass" } ?? 0
        let marked = JSONValue.object(members.prefix(open) + [("pass", .text(""))]).text(indent: 2)
        let whole = JSONValue.object(members).text(indent: 2)
        // The object of the members up to the pass ends with `""`, a line end, four blanks and a brace.
        let before = String(marked.dropLast(7))
        let after = whole.utf8.dropFirst(before.utf8.count + SSDPass.forward.rawValue.utf8.count)
        order += 1
        try slots.add(kernel: result.launch.kernel, before: before, after: String(decoding: after, as: UTF8.self)) {
            try object.addElement($0)
        }
    }

    mutating func finish(cost: RunCost?) throws {
        if order == 0 { try begin() }
        totals.finish()
        try slots.finish { try object.addElement($0) }
        try object.endArray()
        try object.add("totals", TotalsJSON.value(of: totals, machine: machine))
        try object.finishRun(sectorRequests: sectorRequests, cost: cost)
    }

    private mutating func begin() throws {
        try object.add("machine", MachineSummary(machine).json)
        try object.add("cache", .text(cacheMode.rawValue))
        try object.beginArray("launches")
    }
}
