import Experiments
import Foundation
import Kernels
import Machine
import Report
import Simulator
import Testing

@Suite("The table of measured tilings that weir tune speaks from")
struct TuningAccuracyTests {
    private static let docs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs")
    private static let refresh = "run Scripts/tuning-accuracy"

    /// Rows of the measured tables whose kernel and shape have several tilings.
    private func measured() throws -> [ReferenceRow] {
        let rows = try ["h200_tilings", "h200_holdout"].flatMap {
            try ReferenceTable(path: Self.docs.appending(path: "validation/\($0).csv").path).rows
        }
        let groups = Dictionary(grouping: rows) { ($0.text("shape") ?? "") + " " + ($0.text("kernel") ?? "") }
        return rows.filter { groups[($0.text("shape") ?? "") + " " + ($0.text("kernel") ?? "")]!.count > 1 }
    }

    @Test("It has every measured tiling with its measured time")
    func measuredTimes() throws {
        let rows = try measured()
        let table = try MeasuredTiling.all()
        #expect(table.count == rows.count, "\(Self.refresh)")
        for (entry, row) in zip(table, rows) {
            let launch = try MeasuredLaunch(row: row, sharedReserveBytes: 1024)
            #expect(entry.shape == launch.shapeName && entry.kernel == launch.kernel)
            #expect(entry.tiling == launch.subject.tilingDescription)
            #expect(try entry.measuredNanoseconds == row.number("cold_duration_ns"))
        }
    }

    @Test("Its predictions are those of this engine", arguments: ["ch_cumsum_fwd", "bmm_ch_fwd"])
    func predictions(kernel: String) throws {
        let shapeName = "m2.7b_s2048_c256"
        let row = try #require(try measured().first { $0.text("kernel") == kernel && $0.text("shape") == shapeName })
        let launch = try MeasuredLaunch(row: row, sharedReserveBytes: 1024)
        let search = try TilingSearch(
            kernels: [kernel], layer: .mamba2(Mamba2Block(ssd: try #require(launch.subject.ssd).shape)),
            machine: try MachineDescription(named: "h200"), cacheMode: .cold, jobs: 2)
        let entries = try MeasuredTiling.all().filter { $0.kernel == kernel && $0.shape == shapeName }
        for entry in entries {
            let candidate = search.rankings[0].candidates.first { $0.tiling.description == entry.tiling }
            #expect(candidate?.result.durationNanoseconds == entry.predictedNanoseconds, "\(entry.tiling): \(Self.refresh)")
        }
        #expect(entries.count >= 7)
    }

    @Test("docs/tuning.md shows its regrets")
    func document() throws {
        let url = Self.docs.appending(path: "tuning.md")
        let document = try String(contentsOf: url, encoding: .utf8)
        let start = try #require(document.range(of: "<!-- accuracy: generated -->\n"))
        let end = try #require(document.range(of: "<!-- end -->", range: start.upperBound..<document.endIndex))
        let current = document.replacingCharacters(
            in: start.upperBound..<end.lowerBound, with: AccuracyTable.markdown(of: try MeasuredTiling.groups()))
        if ProcessInfo.processInfo.environment["WEIR_UPDATE_DOCS"] != nil {
            try current.write(to: url, atomically: true, encoding: .utf8)
        } else {
            #expect(document == current, "run WEIR_UPDATE_DOCS=1 swift test --filter TuningAccuracyTests")
        }
    }
}
