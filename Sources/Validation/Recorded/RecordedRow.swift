import Content
import Foundation
import Machine
import Trace

/// One row of a table of recorded launches: a launch of a kernel that no generator makes. It was measured on a device,
/// and a recorder wrote its trace.
package struct RecordedRow: Sendable {
    package let row: ReferenceRow
    /// The launch's name. Its trace has the same name and ends in `.weir`.
    package let name: String
    /// What kind of kernel it is, such as `matmul`.
    package let kind: String
    package let kernel: String
    /// The launch's sizes and options, as the table writes them; empty if it does not.
    package let parameters: String
    /// Where the trace is expected.
    package let trace: String
    /// The measured launch's grid, threads, registers and shared memory.
    package let resources: MeasuredResources

    /// Reads a row.
    /// - Parameters:
    ///   - traces: the folder of the traces.
    ///   - sharedReserveBytes: bytes that the hardware adds to each block's shared memory. The table includes them.
    /// - Throws: `ReferenceError` for missing or impossible values.
    package init(row: ReferenceRow, traces: String, sharedReserveBytes: Int) throws(ReferenceError) {
        self.row = row
        name = try row.required("name")
        kind = try row.required("kind")
        kernel = try row.required("kernel")
        parameters = row.text("parameters") ?? ""
        guard !name.contains("/") else {
            throw ReferenceError(
                file: row.file, line: row.line, cause: "'name' is '\(name)'", cure: "give a name without '/'")
        }
        trace = (traces.hasSuffix("/") ? traces : traces + "/") + name + ".weir"
        resources = try MeasuredResources(row: row, sharedReserveBytes: sharedReserveBytes)
    }

    /// The recorded launch: the only one of the trace that has the row's kernel.
    /// - Throws: `ReferenceError` if there is no trace, no such launch or more than one, or if its grid or threads are
    ///   not those of the row.
    func source() throws(ReferenceError) -> FileLaunch {
        guard FileManager.default.fileExists(atPath: trace) else {
            throw error(
                "there is no trace \(trace)",
                cure: "record it with \(command)"
                    + (parameters.isEmpty ? "" : ", where SCRIPT launches it with \(parameters)"))
        }
        let reader: TraceFileReader
        do {
            reader = try TraceFileReader(path: trace)
        } catch {
            throw unreadable(error)
        }
        let numbers = reader.launches.indices.filter { reader.launches[$0].kernel == kernel }
        guard let number = numbers.first else {
            throw error(
                "\(trace) has no launch of \(kernel), but of \(Self.kernels(of: reader))",
                cure: "record it again with \(command)")
        }
        guard numbers.count == 1 else {
            throw error("\(trace) has \(numbers.count) launches of \(kernel)", cure: "record the row's launch alone")
        }
        let made = reader.launches[number]
        guard made.grid == resources.grid, made.threadsPerBlock == resources.threadsPerBlock else {
            throw error(
                "\(trace) has \(made.grid.text) blocks of \(made.threadsPerBlock) threads, the row has "
                    + "\(resources.grid.text) of \(resources.threadsPerBlock)",
                cure: "record the launch that was measured")
        }
        do {
            return try reader.source(launch: number)
        } catch {
            throw unreadable(error)
        }
    }

    /// The error of a trace that cannot be read. What to do with a trace of another origin gives way to the command.
    func unreadable(_ error: TraceError) -> ReferenceError {
        let text = error.explanation
        let end = text.range(of: ". ", options: .backwards)?.lowerBound ?? text.endIndex
        return self.error("\(error.place): \(text[..<end])", cure: "record it again with \(command)")
    }

    /// An error of this row.
    private func error(_ cause: String, cure: String) -> ReferenceError {
        ReferenceError(file: row.file, line: row.line, cause: cause, cure: cure)
    }

    /// The command that records the trace. The table does not say which script launches the kernel.
    private var command: String { "Scripts/record_triton.py --output \(trace) --kernel \(kernel) SCRIPT" }

    /// The first kernels of a trace, for a message.
    private static func kernels(of reader: TraceFileReader) -> String {
        let names = reader.launches.reduce(into: [String]()) { if !$0.contains($1.kernel) { $0.append($1.kernel) } }
        return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
}

extension ReferenceTable {
    /// Whether the rows are recorded launches. Tables of generated kernels give no name to a launch.
    package var holdsRecordedLaunches: Bool { columns.contains("name") && columns.contains("kind") }
}

extension Grid {
    /// The text as `1 x 32 x 128`.
    fileprivate var text: String { "\(x) x \(y) x \(z)" }
}
