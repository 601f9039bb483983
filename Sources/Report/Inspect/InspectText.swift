import Analysis
import Content
import Runs
import Trace

/// A trace's contents for people: a table of launches, then a table of tensors for each launch.
package struct InspectText: Renderer {
    package init() {}

    package func render(_ trace: TraceSummary) -> String {
        String(writing: { sink in
            var writer = InspectTextWriter(trace, temporaryDirectory: nil, write: sink)
            try writer.write(trace.launches, cost: nil)
        })
    }
}

/// Writes a trace's contents as tables. The table of launches comes first, so that the tables of their tensors have to
/// wait. Beyond a MiB they wait in a temporary file.
struct InspectTextWriter: LaunchWriter {
    private let trace: TraceSummary
    private let write: TextSink
    private var launches = Self.launchTable
    private var tensors: WaitingText
    private var order = 0

    /// - Parameters:
    ///   - trace: a summary of the trace whose launches come.
    ///   - temporaryDirectory: the place of the file; nil keeps everything in memory.
    init(_ trace: TraceSummary, temporaryDirectory: String?, write: @escaping TextSink) {
        self.trace = trace
        self.write = write
        tensors = WaitingText(directory: temporaryDirectory)
    }

    mutating func add(_ summary: LaunchSummary) throws {
        launches.append(row(of: summary, order: order))
        let launch = summary.launch
        try tensors.append(
            "\nlaunch \(order), \(launch.kernel.asPrintable)"
                + (launch.tiling.isEmpty ? "\n" : " (\(launch.tiling.asPrintable))\n"))
        try tensors.append(tensorTable(summary).text)
        let operations = zip(OperationName.allCases, summary.operations).filter { $1 > 0 }
        try tensors.append(
            "operations: " + operations.map { "\($0.name) \(Quantity.count($1))" }.joined(separator: ", ") + "\n")
        if let processors = trace.processorCount {
            try tensors.append(InspectProfileText(summary: summary, processors: processors).text)
        }
        order += 1
    }

    mutating func finish(cost: RunCost?) throws {
        let size = trace.byteCount.map { ", \(Quantity.count($0)) bytes" } ?? ""
        try write("\(trace.file): \(order) launches\(size), written by \(trace.producer)\n\n")
        try launches.write(to: write)
        try tensors.write(to: write)
    }

    private static var launchTable: TextTable {
        TextTable(columns: [
            ("launch", .right), ("kernel", .left), ("grid", .right), ("blocks", .right), ("threads", .right),
            ("registers", .right),
            ("shared", .right), ("operations", .right), ("requests", .right), ("sectors", .right), ("read", .right),
            ("written", .right),
        ])
    }

    private func row(of summary: LaunchSummary, order: Int) -> [String] {
        let launch = summary.launch
        let total = summary.total
        return [
            String(order), launch.kernel, "\(launch.grid.x)x\(launch.grid.y)x\(launch.grid.z)",
            Quantity.count(UInt64(launch.grid.blockCount)), String(launch.threadsPerBlock),
            "\(launch.registersPerThread)\(launch.resourcesAreEstimated ? "*" : "")",
            "\(launch.sharedMemoryBytesPerBlock) B\(launch.resourcesAreEstimated ? "*" : "")",
            Quantity.count(summary.operationCount), Quantity.count(total.requests), Quantity.count(total.sectors),
            Quantity.bytes(Double(total.readBytes)), Quantity.bytes(Double(total.writeBytes)),
        ]
    }

    private func tensorTable(_ summary: LaunchSummary) -> TextTable {
        var table = TextTable(columns: [
            ("tensor", .left), ("type", .left), ("address", .right), ("bytes", .right), ("bytes read", .right),
            ("sectors read", .right), ("bytes written", .right), ("sectors written", .right),
        ])
        for (tensor, traffic) in zip(summary.launch.tensors, summary.tensors) {
            table.append([
                tensor.name, tensor.elementType, "0x" + String(tensor.baseAddress, radix: 16),
                Quantity.count(tensor.byteCount),
                Quantity.count(traffic.readBytes), Quantity.count(traffic.readSectors),
                Quantity.count(traffic.writeBytes),
                Quantity.count(traffic.writeSectors),
            ])
        }
        return table
    }
}
