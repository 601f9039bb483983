import Analysis
import Foundation
import Machine
import Runs
import Testing
import Trace
import Workloads

@Suite("Example traces")
struct ExampleTraceTests {
    /// The repository's Traces folder, from this file's place.
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Traces").path

    @Test(
        "Every example reads to its end and simulates",
        arguments: [("forward-130m.weir", 5), ("forward-tail.weir", 5), ("scan-packed.weir", 1)])
    func examples(name: String, launches: Int) throws {
        let path = Self.folder + "/" + name
        let summary = try TraceSummary(reading: try ByteInput(path: path))
        #expect(summary.launches.count == launches)
        let run = try LaunchRunner.run(
            try TraceLaunches(paths: [path]), machine: try MachineDescription(named: "h200"), cacheMode: .chained)
        #expect(run.launches.map(\.counters.l1Sectors) == summary.launches.map(\.total.sectors))
    }
}
