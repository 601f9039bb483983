import Analysis
import Runs

/// A trace's contents as JSON.
package struct InspectJSON: Renderer {
    package init() {}

    package func render(_ trace: TraceSummary) -> String {
        String(writing: { sink in
            var writer = InspectJSONWriter(trace, write: sink)
            try writer.write(trace.launches, cost: nil)
        })
    }

    func launch(_ summary: LaunchSummary, order: Int, processors: Int?) -> JSONValue {
        let launch = summary.launch
        let tensors = launch.tensors.indices.map { number in
            let tensor = launch.tensors[number]
            let profile = processors == nil ? nil : summary.tensorProfiles[number]
            return JSONValue.object(
                [
                    ("name", .text(tensor.name)),
                    ("type", .text(tensor.elementType)),
                    ("address", .count(tensor.baseAddress)),
                    ("bytes", .count(tensor.byteCount)),
                ] + memory(summary.tensors[number], profile, processors: processors))
        }
        let operations = zip(OperationName.allCases, summary.operations).map { ($0.name, JSONValue.count($1)) }
        return .object(
            [
                ("order", .integer(order)),
                ("kernel", .text(launch.kernel)),
                ("tiling", .text(launch.tiling)),
                ("grid", .array([.integer(launch.grid.x), .integer(launch.grid.y), .integer(launch.grid.z)])),
                ("blocks", .integer(launch.grid.blockCount)),
                ("idle_blocks", .integer(summary.idleBlocks)),
                ("threads_per_block", .integer(launch.threadsPerBlock)),
                ("registers_per_thread", .integer(launch.registersPerThread)),
                ("shared_bytes_per_block", .integer(launch.sharedMemoryBytesPerBlock)),
                ("resources_estimated", .flag(launch.resourcesAreEstimated)),
                ("operations", .object(operations)),
                ("warp_instructions", .count(summary.warpInstructions)),
                (
                    "warp_instructions_by_class",
                    .object(
                        LaunchSummary.instructionClasses.enumerated().map {
                            ($1, .count(summary.classInstructions[$0]))
                        })
                ),
            ] + memory(summary.total, summary.profile, processors: processors) + [("tensors", .array(tensors))])
    }

    private func memory(_ traffic: TensorTraffic, _ profile: AccessProfile?, processors: Int?) -> [InspectColumns
        .Column]
    {
        var members = InspectColumns.traffic(traffic)
        guard let profile, let processors else { return members }
        members += InspectColumns.profile(profile, traffic)
        members.append(("sharing", sharing(profile.sharing, processors: processors)))
        members.append(("reuse", reuse(profile.reuse)))
        return members
    }

    private func sharing(_ sharing: LineSharing, processors: Int) -> JSONValue {
        .array(
            InspectColumns.sharingClasses(processors: processors).enumerated().map { index, range in
                .object([
                    ("sms_from", .integer(range.lowerBound)),
                    ("sms_to", .integer(range.upperBound)),
                    ("lines", .count(sharing.lines.orZero(index))),
                    ("line_requests", .count(sharing.touches.orZero(index))),
                ])
            })
    }

    private func reuse(_ reuse: ReuseHistogram) -> JSONValue {
        let histogram = reuse.buckets.enumerated().map { bucket, touches in
            let range = ReuseHistogram.distances(ofBucket: bucket)
            return JSONValue.object([
                ("from", .integer(range.lowerBound)), ("to", .integer(range.upperBound)),
                ("line_requests", .count(touches)),
            ])
        }
        return .object([
            ("line_bytes", .count(Footprint.lineBytes)), ("cold", .count(reuse.cold)), ("histogram", .array(histogram)),
        ])
    }
}

/// Writes a trace's contents as JSON, launch by launch.
struct InspectJSONWriter: LaunchWriter {
    private let trace: TraceSummary
    private var object: JSONObjectWriter
    private var sectors: UInt64 = 0
    private var order = 0

    /// - Parameter trace: a summary of the trace whose launches come.
    init(_ trace: TraceSummary, write: @escaping TextSink) {
        self.trace = trace
        object = JSONObjectWriter(write)
    }

    mutating func add(_ summary: LaunchSummary) throws {
        if order == 0 { try begin() }
        try object.addElement(
            InspectJSON().launch(summary, order: order, processors: trace.processorCount).text(indent: 2))
        sectors += summary.total.sectors
        order += 1
    }

    mutating func finish(cost: RunCost?) throws {
        if order == 0 { try begin() }
        try object.endArray()
        try object.add("sector_requests", .count(sectors))
        try object.finish()
    }

    private mutating func begin() throws {
        try object.add("file", .text(trace.file))
        try object.add("bytes", trace.byteCount.map(JSONValue.count) ?? .null)
        try object.add("producer", .text(trace.producer))
        try object.add("sms", trace.processorCount.map(JSONValue.integer) ?? .null)
        try object.beginArray("launches")
    }
}
