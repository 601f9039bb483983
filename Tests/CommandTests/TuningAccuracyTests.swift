import Content
import Foundation
import Kernels
import Machine
import Report
import Simulator
import Studies
import Testing
import Validation

@Suite("The scores of rankings that weir tune speaks from")
struct TuningAccuracyTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let docs = root.appending(path: "docs")
    private static let source = root.appending(path: "Sources/Studies/Tune/RankingAccuracy+Table.swift")
    private static let refresh =
        "run Scripts/tuning-accuracy, then WEIR_UPDATE_DOCS=1 swift test --filter TuningAccuracyTests"
    private static let updates = ProcessInfo.processInfo.environment["WEIR_UPDATE_DOCS"] != nil

    /// Rows of the measured tables whose kernel and shape have several tilings.
    private func measured() throws -> [ReferenceRow] {
        let rows = try ["h200_tilings", "h200_holdout"].flatMap {
            try ReferenceTable(path: Self.docs.appending(path: "validation/\($0).csv").path).rows
        }
        let groups = Dictionary(grouping: rows) { ($0.text("shape") ?? "") + " " + ($0.text("kernel") ?? "") }
        return rows.filter { groups[($0.text("shape") ?? "") + " " + ($0.text("kernel") ?? "")]!.count > 1 }
    }

    /// Rows of what `weir tune` predicts for them.
    private func predicted() throws -> [ReferenceRow] {
        try ReferenceTable(path: Self.docs.appending(path: "generated/predicted_tilings.csv").path).rows
    }

    /// The scores of each kernel at each shape, from measured and predicted times, in the order of the measured tables.
    private func groups() throws -> [RankingAccuracy.Group] {
        var groups: [(shape: String, kernel: String, times: [(measured: Double, predicted: Double)])] = []
        for (row, prediction) in zip(try measured(), try predicted()) {
            let (shape, kernel) = (try prediction.required("shape"), try prediction.required("kernel"))
            let times = (try row.requiredNumber("cold_duration_ns"), try prediction.requiredNumber("predicted_ns"))
            if let place = groups.firstIndex(where: { $0.shape == shape && $0.kernel == kernel }) {
                groups[place].times.append(times)
            } else {
                groups.append((shape, kernel, [times]))
            }
        }
        return groups.map { RankingAccuracy.Group(shape: $0.shape, kernel: $0.kernel, times: $0.times) }
    }

    @Test("Every measured tiling has a prediction")
    func tilings() throws {
        let (rows, predictions) = (try measured(), try predicted())
        #expect(predictions.count == rows.count, "\(Self.refresh)")
        for (prediction, row) in zip(predictions, rows) {
            let launch = try MeasuredLaunch(row: row, sharedReserveBytes: 1024)
            #expect(prediction.text("shape") == launch.shapeName && prediction.text("kernel") == launch.kernel)
            #expect(prediction.text("tiling") == launch.subject.tilingDescription)
        }
    }

    @Test("The scores are those of the measured times and the predictions, to the last bit")
    func scores() throws {
        let groups = try groups()
        let text = RankingAccuracy.Group.tableSource(of: groups)
        if Self.updates {
            try text.write(to: Self.source, atomically: true, encoding: .utf8)
        } else {
            #expect(try RankingAccuracy.Group.known() == groups, "\(Self.refresh)")
            #expect(try String(contentsOf: Self.source, encoding: .utf8) == text, "\(Self.refresh)")
        }
    }

    @Test("The predictions are those of this engine", arguments: ["ch_cumsum_fwd", "bmm_ch_fwd"])
    func predictions(kernel: String) throws {
        let shapeName = "m2.7b_s2048_c256"
        let row = try #require(try measured().first { $0.text("kernel") == kernel && $0.text("shape") == shapeName })
        let launch = try MeasuredLaunch(row: row, sharedReserveBytes: 1024)
        let search = try TilingSearch(
            kernels: [kernel], layer: .mamba2(Mamba2Block(ssd: try #require(launch.subject.ssd).shape)),
            machine: try MachineDescription(named: "h200"), cacheMode: .cold, jobs: 2)
        let entries = try predicted().filter { $0.text("kernel") == kernel && $0.text("shape") == shapeName }
        for entry in entries {
            let tiling = try entry.required("tiling")
            let candidate = search.rankings[0].candidates.first { $0.tiling.description == tiling }
            let predicted = try entry.requiredNumber("predicted_ns")
            #expect(candidate?.result.durationNanoseconds == predicted, "\(tiling): \(Self.refresh)")
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
            in: start.upperBound..<end.lowerBound, with: AccuracyTable.markdown(of: try groups()))
        if Self.updates {
            try current.write(to: url, atomically: true, encoding: .utf8)
        } else {
            #expect(document == current, "run WEIR_UPDATE_DOCS=1 swift test --filter TuningAccuracyTests")
        }
    }
}
