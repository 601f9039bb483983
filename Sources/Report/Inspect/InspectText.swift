import Experiments
import Trace

/// A trace's contents for people: a table of launches, then a table of tensors for each launch.
package struct InspectText: Renderer {
    package init() {}

    package func render(_ trace: TraceSummary) -> String {
        let size = trace.byteCount.map { ", \(Quantity.count($0)) bytes" } ?? ""
        var result = "\(trace.file): \(trace.launches.count) launches\(size), written by \(trace.producer)\n\n"
        result += launchTable(trace.launches).text
        for (order, launch) in trace.launches.enumerated() {
            result += "\nlaunch \(order), \(launch.launch.kernel.asPrintable)"
            result += launch.launch.tiling.isEmpty ? "\n" : " (\(launch.launch.tiling.asPrintable))\n"
            result += tensorTable(launch).text
            let operations = zip(OperationName.allCases, launch.operations).filter { $1 > 0 }
            result += "operations: " + operations.map { "\($0.name) \(Quantity.count($1))" }.joined(separator: ", ") + "\n"
            if let processors = trace.processorCount {
                result += InspectProfileText(summary: launch, processors: processors).text
            }
        }
        return result
    }

    private func launchTable(_ launches: [LaunchSummary]) -> TextTable {
        var table = TextTable(columns: [
            ("launch", .right), ("kernel", .left), ("grid", .right), ("blocks", .right), ("threads", .right), ("registers", .right),
            ("shared", .right), ("operations", .right), ("requests", .right), ("sectors", .right), ("read", .right),
            ("written", .right),
        ])
        for (order, summary) in launches.enumerated() {
            let launch = summary.launch
            let total = summary.total
            table.append([
                String(order), launch.kernel, "\(launch.grid.x)x\(launch.grid.y)x\(launch.grid.z)",
                Quantity.count(UInt64(launch.grid.blockCount)), String(launch.threadsPerBlock),
                "\(launch.registersPerThread)\(launch.resourcesAreEstimated ? "*" : "")",
                "\(launch.sharedMemoryBytesPerBlock) B\(launch.resourcesAreEstimated ? "*" : "")",
                Quantity.count(summary.operationCount), Quantity.count(total.requests), Quantity.count(total.sectors),
                Quantity.bytes(Double(total.readBytes)), Quantity.bytes(Double(total.writeBytes)),
            ])
        }
        return table
    }

    private func tensorTable(_ summary: LaunchSummary) -> TextTable {
        var table = TextTable(columns: [
            ("tensor", .left), ("type", .left), ("address", .right), ("bytes", .right), ("bytes read", .right),
            ("sectors read", .right), ("bytes written", .right), ("sectors written", .right),
        ])
        for (tensor, traffic) in zip(summary.launch.tensors, summary.tensors) {
            table.append([
                tensor.name, tensor.elementType, "0x" + String(tensor.baseAddress, radix: 16), Quantity.count(tensor.byteCount),
                Quantity.count(traffic.readBytes), Quantity.count(traffic.readSectors), Quantity.count(traffic.writeBytes),
                Quantity.count(traffic.writeSectors),
            ])
        }
        return table
    }
}
