import Content
import Foundation

/// The folder with the results of the measured microbenchmarks. A file is read when a group needs it.
package struct MicrobenchmarkReference: Sendable {
    private let folder: String

    /// - Throws: `ReferenceError` if there is no such folder.
    package init(folder: String) throws(ReferenceError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw Self.missing(folder)
        }
        self.folder = folder
    }

    /// The counters of footprints read 20 times.
    func capacity() throws(ReferenceError) -> ReferenceTable { try table("l2_capacity_counters.csv") }

    /// The counters of strides, writes, reductions, L1 footprints.
    func granularity() throws(ReferenceError) -> ReferenceTable { try table("granularity_and_writes.csv") }

    /// Rounds of loads against the number of blocks.
    func rounds() throws(ReferenceError) -> ReferenceTable { try table("h200_rounds.csv") }

    /// Latencies, bandwidths and launch costs.
    func log() throws(ReferenceError) -> MeasuredLog {
        let path = path(of: "latency_bandwidth_launch.txt")
        guard let data = FileManager.default.contents(atPath: path) else { throw Self.missing(path) }
        return MeasuredLog(text: String(decoding: data, as: UTF8.self), name: path)
    }

    private func table(_ name: String) throws(ReferenceError) -> ReferenceTable {
        let path = path(of: name)
        guard FileManager.default.fileExists(atPath: path) else { throw Self.missing(path) }
        return try ReferenceTable(path: path)
    }

    private func path(of name: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }

    private static func missing(_ path: String) -> ReferenceError {
        ReferenceError(
            file: path, line: 0, cause: "the microbenchmarks' measurements are not there",
            cure: "run weir in the project's folder, or give --reference DIR with a copy of docs/validation")
    }
}
