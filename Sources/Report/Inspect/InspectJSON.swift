import Experiments

/// A trace's contents as JSON.
package struct InspectJSON: Renderer {
    package init() {}

    package func render(_ trace: TraceSummary) -> String {
        JSONValue.object([
            ("file", .text(trace.file)),
            ("bytes", trace.byteCount.map(JSONValue.count) ?? .null),
            ("producer", .text(trace.producer)),
            ("sms", trace.processorCount.map(JSONValue.integer) ?? .null),
            ("launches", .array(trace.launches.enumerated().map { launch($1, order: $0, processors: trace.processorCount) })),
            ("sector_requests", .count(trace.launches.reduce(0) { $0 + $1.total.sectors })),
        ]).text + "\n"
    }

    private func launch(_ summary: LaunchSummary, order: Int, processors: Int?) -> JSONValue {
        let launch = summary.launch
        let tensors = launch.tensors.indices.map { number in
            let tensor = launch.tensors[number]
            let profile = processors == nil ? nil : summary.tensorProfiles[number]
            return JSONValue.object([
                ("name", .text(tensor.name)),
                ("type", .text(tensor.elementType)),
                ("address", .count(tensor.baseAddress)),
                ("bytes", .count(tensor.byteCount)),
            ] + memory(summary.tensors[number], profile, processors: processors))
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
        ] + memory(summary.total, summary.profile, processors: processors) + [("tensors", .array(tensors))])
    }

    private func memory(_ traffic: TensorTraffic, _ profile: AccessProfile?, processors: Int?) -> [InspectColumns.Column] {
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
                ("from", .integer(range.lowerBound)), ("to", .integer(range.upperBound)), ("line_requests", .count(touches)),
            ])
        }
        return .object([
            ("line_bytes", .count(Footprint.lineBytes)), ("cold", .count(reuse.cold)), ("histogram", .array(histogram)),
        ])
    }
}
