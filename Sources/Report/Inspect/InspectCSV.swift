import Experiments

/// A trace's contents as CSV: one row for each tensor of each launch. Launches without tensors have no row.
package struct InspectCSV: Renderer {
    package init() {}

    package func render(_ trace: TraceSummary) -> String {
        let buckets = trace.launches.flatMap(\.tensorProfiles).map(\.reuse.buckets.count).max() ?? 0
        var table: CSVTable?
        for (order, summary) in trace.launches.enumerated() {
            for tensor in summary.launch.tensors.indices {
                let columns = launch(summary, order: order) + self.tensor(tensor, of: summary, in: trace, buckets: buckets)
                if table == nil { table = CSVTable(columns: columns.map(\.key)) }
                table?.append(columns.map { text(of: $0.value) })
            }
        }
        return table?.text ?? ""
    }

    private func launch(_ summary: LaunchSummary, order: Int) -> [InspectColumns.Column] {
        let launch = summary.launch
        return [
            ("order", .integer(order)), ("kernel", .text(launch.kernel)), ("tiling", .text(launch.tiling)),
            ("grid_x", .integer(launch.grid.x)), ("grid_y", .integer(launch.grid.y)), ("grid_z", .integer(launch.grid.z)),
            ("blocks", .integer(launch.grid.blockCount)), ("threads_per_block", .integer(launch.threadsPerBlock)),
        ]
    }

    private func tensor(
        _ number: Int, of summary: LaunchSummary, in trace: TraceSummary, buckets: Int
    ) -> [InspectColumns.Column] {
        let tensor = summary.launch.tensors[number]
        var columns: [InspectColumns.Column] = [
            ("tensor", .text(tensor.name)), ("type", .text(tensor.elementType)), ("address", .count(tensor.baseAddress)),
            ("bytes", .count(tensor.byteCount)),
        ]
        columns += InspectColumns.traffic(summary.tensors[number])
        guard let processors = trace.processorCount else { return columns }
        let profile = summary.tensorProfiles[number]
        columns += InspectColumns.profile(profile, summary.tensors[number])
        for (title, counts) in [("lines", profile.sharing.lines), ("line_requests", profile.sharing.touches)] {
            for (index, range) in InspectColumns.sharingClasses(processors: processors).enumerated() {
                let name = "\(title)_of_\(InspectColumns.name(of: range, separator: "_to_"))_sms"
                columns.append((name, .count(counts.orZero(index))))
            }
        }
        columns.append(("reuse_cold", .count(profile.reuse.cold)))
        for bucket in 0..<buckets {
            let range = ReuseHistogram.distances(ofBucket: bucket)
            columns.append(
                ("reuse_\(InspectColumns.name(of: range, separator: "_to_"))", .count(profile.reuse.buckets.orZero(bucket))))
        }
        return columns
    }

    /// A plain value without JSON's quotes; null is an empty field.
    private func text(of value: JSONValue) -> String {
        switch value {
        case .text(let text): text
        case .null: ""
        default: value.text
        }
    }
}
