import Experiments

/// A trace's contents as JSON.
package struct InspectJSON: Renderer {
    package init() {}

    package func render(_ trace: TraceSummary) -> String {
        JSONValue.object([
            ("file", .text(trace.file)),
            ("bytes", trace.byteCount.map(JSONValue.count) ?? .null),
            ("producer", .text(trace.producer)),
            ("launches", .array(trace.launches.enumerated().map { launch($1, order: $0) })),
            ("sector_requests", .count(trace.launches.reduce(0) { $0 + $1.total.sectors })),
        ]).text + "\n"
    }

    private func launch(_ summary: LaunchSummary, order: Int) -> JSONValue {
        let launch = summary.launch
        let tensors = zip(launch.tensors, summary.tensors).map { tensor, traffic in
            JSONValue.object([
                ("name", .text(tensor.name)),
                ("type", .text(tensor.elementType)),
                ("address", .count(tensor.baseAddress)),
                ("bytes", .count(tensor.byteCount)),
            ] + self.traffic(traffic))
        }
        let operations = zip(OperationName.allCases, summary.operations).map { ($0.name, JSONValue.count($1)) }
        return .object([
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
                .object(LaunchSummary.instructionClasses.enumerated().map { ($1, .count(summary.classInstructions[$0])) })
            ),
        ] + traffic(summary.total) + [("tensors", .array(tensors))])
    }

    private func traffic(_ traffic: TensorTraffic) -> [(key: String, value: JSONValue)] {
        [
            ("read_requests", .count(traffic.readRequests)),
            ("read_sectors", .count(traffic.readSectors)),
            ("read_bytes", .count(traffic.readBytes)),
            ("write_requests", .count(traffic.writeRequests)),
            ("write_sectors", .count(traffic.writeSectors)),
            ("write_bytes", .count(traffic.writeBytes)),
        ]
    }
}
