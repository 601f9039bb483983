import Analysis
import Runs

/// A trace's contents as CSV: one row for each tensor of each launch. Launches without tensors have no row.
package struct InspectCSV: Renderer {
    package init() {}

    package func render(_ trace: TraceSummary) -> String {
        String(writing: { sink in
            let buckets = trace.launches.flatMap(\.tensorProfiles).map(\.reuse.buckets.count).max() ?? 0
            var writer = InspectCSVWriter(trace, buckets: buckets, write: sink)
            try writer.write(trace.launches, cost: nil)
        })
    }

    /// The rows of a launch, one per tensor.
    /// - Parameter buckets: the number of distances that have columns.
    func rows(
        of summary: LaunchSummary, order: Int, in trace: TraceSummary, buckets: Int
    ) -> some Sequence<[InspectColumns.Column]> {
        let launch = launch(summary, order: order)
        return summary.launch.tensors.indices.lazy.map { launch + tensor($0, of: summary, in: trace, buckets: buckets) }
    }

    private func launch(_ summary: LaunchSummary, order: Int) -> [InspectColumns.Column] {
        let launch = summary.launch
        return [
            ("order", .integer(order)), ("kernel", .text(launch.kernel)), ("tiling", .text(launch.tiling)),
            ("grid_x", .integer(launch.grid.x)), ("grid_y", .integer(launch.grid.y)),
            ("grid_z", .integer(launch.grid.z)),
            ("blocks", .integer(launch.grid.blockCount)), ("threads_per_block", .integer(launch.threadsPerBlock)),
        ]
    }

    private func tensor(
        _ number: Int, of summary: LaunchSummary, in trace: TraceSummary, buckets: Int
    ) -> [InspectColumns.Column] {
        let tensor = summary.launch.tensors[number]
        var columns: [InspectColumns.Column] = [
            ("tensor", .text(tensor.name)), ("type", .text(tensor.elementType)),
            ("address", .count(tensor.baseAddress)),
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
                (
                    "reuse_\(InspectColumns.name(of: range, separator: "_to_"))",
                    .count(profile.reuse.buckets.orZero(bucket))
                ))
        }
        return columns
    }

    /// A plain value without JSON's quotes; null is an empty field.
    static func text(of value: JSONValue) -> String {
        switch value {
        case .text(let text): text
        case .null: ""
        default: value.text
        }
    }
}

/// Writes a trace's contents as CSV, launch by launch.
struct InspectCSVWriter: LaunchWriter {
    private let trace: TraceSummary
    private let buckets: Int
    private let write: TextSink
    private var order = 0
    private var hasTitles = false

    /// - Parameters:
    ///   - trace: a summary of the trace whose launches come.
    ///   - buckets: the greatest number of distances of any launch.
    init(_ trace: TraceSummary, buckets: Int, write: @escaping TextSink) {
        self.trace = trace
        self.buckets = buckets
        self.write = write
    }

    mutating func add(_ summary: LaunchSummary) throws {
        for row in InspectCSV().rows(of: summary, order: order, in: trace, buckets: buckets) {
            if !hasTitles { try write(CSVTable.line(row.map(\.key))) }
            hasTitles = true
            try write(CSVTable.line(row.map { InspectCSV.text(of: $0.value) }))
        }
        order += 1
    }

    mutating func finish(cost: RunCost?) {}
}
