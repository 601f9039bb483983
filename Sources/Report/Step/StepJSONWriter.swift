import Kernels
import Machine
import Models
import Operators
import Runs
import Simulator

/// A training step as JSON: every launch with its counters, operator, category, layer, pass and count, the breakdown by
/// category, the layers, and totals.
struct StepJSONWriter: LaunchWriter {
    private let step: StepLaunches
    private let machine: MachineDescription
    private let cacheMode: CacheMode
    private var object: JSONObjectWriter
    private var breakdown = StepBreakdown()
    private var sectorRequests: UInt64 = 0
    private var order = 0

    init(step: StepLaunches, machine: MachineDescription, cacheMode: CacheMode, write: @escaping TextSink) {
        self.step = step
        self.machine = machine
        self.cacheMode = cacheMode
        object = JSONObjectWriter(write)
    }

    private mutating func begin() throws {
        try object.add("machine", MachineSummary(machine).json)
        try object.add("cache", .text(cacheMode.rawValue))
        try object.add("step", .text(step.name))
        try object.add("summary", step.summary.map(JSONValue.text) ?? .null)
        try object.add(
            "reduction", step.reductions.isEmpty ? .null : .text(step.reductions.joined(separator: " ")))
        try object.beginArray("launches")
    }

    mutating func add(_ result: LaunchResult) throws {
        if order == 0 { try begin() }
        let launch = step.launches[order]
        breakdown.add(launch, result)
        sectorRequests += result.counters.l1Sectors
        let pass = launch.pass == .forward ? SSDPass.forward : .backward
        var members = RunJSON().members(of: result, order: order, pass: pass, mode: cacheMode)
        if let index = members.firstIndex(where: { $0.key == "pass" }) {
            members[index].value = .text(launch.pass.rawValue)
            members.insert(
                contentsOf: [
                    ("op", .text(launch.op)), ("category", .text(launch.category.rawValue)),
                    ("layer", .text(launch.layer)), ("count", .integer(launch.count)),
                    ("is_estimate", .flag(launch.isEstimate)),
                ], at: index + 1)
        }
        try object.addElement(JSONValue.object(members).text(indent: 2))
        order += 1
    }

    mutating func finish(cost: RunCost?) throws {
        if order == 0 { try begin() }
        try object.endArray()
        try object.add("breakdown", StepJSON.breakdown(breakdown))
        try object.add("layers", .array(breakdown.layers.map { StepJSON.sums($0.sums, named: ("layer", $0.name)) }))
        try object.add(
            "estimates", .array(breakdown.estimates.map { StepJSON.sums($0.sums, named: ("op", $0.name)) }))
        try object.add("totals", .object(StepJSON.totals(breakdown, roofs: StepRoofs(machine: machine))))
        try object.finishRun(sectorRequests: sectorRequests, cost: cost)
    }
}

/// The parts of a step's JSON.
enum StepJSON {
    /// A row a category, those without a launch included.
    static func breakdown(_ breakdown: StepBreakdown) -> JSONValue {
        .array(OperatorCategory.allCases.map { sums(breakdown[$0], named: ("category", $0.rawValue)) })
    }

    static func sums(_ sums: StepSums, named name: (key: String, value: String)) -> JSONValue {
        .object([(name.key, .text(name.value))] + members(of: sums))
    }

    static func members(of sums: StepSums) -> [(key: String, value: JSONValue)] {
        [
            ("duration_ns", .number(sums.nanoseconds)), ("launches", .integer(sums.launches)),
            ("hbm_read_bytes", .number(sums.hbmReadBytes)), ("hbm_write_bytes", .number(sums.hbmWriteBytes)),
            ("flop", .number(sums.operations)),
        ]
    }

    /// The step's sums, and the machine's roofs and ridges.
    static func totals(_ breakdown: StepBreakdown, roofs: StepRoofs) -> [(key: String, value: JSONValue)] {
        let total = breakdown.total
        return [
            ("duration_ns", .number(total.nanoseconds)), ("launches", .integer(total.launches)),
            ("launches_under_5us", .integer(total.short)), ("hbm_read_bytes", .number(total.hbmReadBytes)),
            ("hbm_write_bytes", .number(total.hbmWriteBytes)), ("flop", .number(total.operations)),
            ("flop_per_byte", total.intensity.map(JSONValue.number) ?? .null),
            ("flop_per_second", .number(total.operationsPerSecond)),
            ("hbm_bytes_per_second", .number(total.bytesPerSecond)),
            ("hbm_use_pct", .number(roofs.hbmPercent(total))),
            ("ridge_flop_per_byte", .number(roofs.tensorRidge)),
            ("ridge_fp32_flop_per_byte", .number(roofs.fp32Ridge)),
            ("roof_tensor_flop_per_second", .number(roofs.tensorOperationsPerSecond)),
            ("roof_fp32_flop_per_second", .number(roofs.fp32OperationsPerSecond)),
            ("roof_hbm_bytes_per_second", .number(roofs.hbmBytesPerSecond)),
            ("roofline_bound", .text(roofs.isMemoryBound(total) ? "memory" : "tensor")),
        ]
    }
}
