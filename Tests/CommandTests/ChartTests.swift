import Analysis
import Foundation
import Kernels
import Machine
import Report
import RunSupport
import Runs
import Simulator
import Studies
import TestSupport
import Testing
import Trace
import weir

@Suite("Charts")
struct ChartTests {
    /// A specification as another reader sees it, and its rows.
    private func read(_ chart: ChartSpecification) throws -> (specification: [String: Any], rows: [[String: Any]]) {
        let specification = try parsed(chart.text)
        #expect(specification["$schema"] as? String == "https://vega.github.io/schema/vega-lite/v5.json")
        let data = try #require(specification["data"] as? [String: Any])
        return (specification, try #require(data["values"] as? [[String: Any]]))
    }

    /// Names of the fields that a specification's encodings and facets use.
    private func fields(_ value: Any) -> Set<String> {
        if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(fields($1)) } }
        guard let object = value as? [String: Any] else { return [] }
        var found: Set<String> = []
        for (key, member) in object where key != "data" {
            if key == "field", let name = member as? String { found.insert(name) }
            found.formUnion(fields(member))
        }
        return found
    }

    @Test("Every chart's encodings name columns that its rows have", arguments: RunChart.allCases)
    func encodings(chart: RunChart) throws {
        let (specification, rows) = try read(chart.specification(of: try smallRun()))
        #expect(!rows.isEmpty)
        let used = fields(specification)
        #expect(used.count >= 3)
        for name in used { #expect(rows.contains { $0[name] != nil }, "\(name)") }
    }

    @Test("Hit rates are the counters', a bar a launch and level")
    func hitRates() throws {
        let run = try smallRun(cacheMode: .chained)
        let rows = try read(RunChart.hitRates.specification(of: run)).rows
        #expect(rows.count == 2 * run.launches.count)
        for (index, launch) in run.launches.enumerated() {
            #expect(rows[2 * index]["launch"] as? String == "\(index + 1) \(launch.launch.kernel)")
            #expect(rows[2 * index]["level"] as? String == "L1" && rows[2 * index + 1]["level"] as? String == "L2")
            let first = try #require(rows[2 * index]["hit_pct"] as? Double)
            let second = try #require(rows[2 * index + 1]["hit_pct"] as? Double)
            #expect(
                abs(first - launch.counters.l1HitPercent) < 1e-9 && abs(second - launch.counters.l2HitPercent) < 1e-9)
        }
    }

    @Test("The roofline has the machine's ridges, and no kernel lies above the roof")
    func roofline() throws {
        let run = try smallRun()
        let rows = try read(RunChart.roofline.specification(of: run)).rows
        let rates = PeakRates(machine: run.machine)
        let ridge = try #require(
            rows.first { $0["part"] as? String == "ridge" && $0["pipes"] as? String == "tensor pipes" })
        #expect(ridge["operations_per_byte"] as? Double == rates.tensorRidge)
        let kernels = rows.filter { $0["part"] as? String == "point" }
        // Three of the five kernels have products.
        #expect(kernels.count { $0["pipes"] as? String == "tensor pipes" } == 3)
        #expect(kernels.count { $0["pipes"] as? String == "vector pipes" } == 5)
        for row in kernels {
            let intensity = try #require(row["operations_per_byte"] as? Double)
            let rate = try #require(row["operations_per_second"] as? Double)
            #expect(rate > 0 && rate <= intensity * rates.hbmBytesPerSecond)
        }
    }

    @Test("Shares of lifetimes add up to all blocks, within the least and the greatest lifetime")
    func lifetimes() throws {
        let run = try smallRun()
        let rows = try read(RunChart.lifetimes.specification(of: run)).rows
        for (index, result) in run.launches.enumerated() {
            let own = rows.filter { $0["launch"] as? String == "\(index + 1) \(result.launch.kernel)" }
            let blocks = own.compactMap { $0["blocks"] as? Int }.reduce(0, +)
            #expect(blocks == result.launch.grid.blockCount)
            #expect(abs(own.compactMap { $0["blocks_pct"] as? Double }.reduce(0, +) - 100) < 1e-9)
            let microseconds = 1e6 / result.clockHertz
            let from = try #require(own.first?["from_us"] as? Double)
            let to = try #require(own.last?["to_us"] as? Double)
            #expect(from <= result.lifetimes.minimum * microseconds && result.lifetimes.maximum * microseconds < to)
            #expect(to / from < 1.3 * result.lifetimes.maximum / result.lifetimes.minimum)
        }
    }

    @Test("Parts of the time add up to the durations")
    func time() throws {
        let run = try smallRun()
        let rows = try read(RunChart.time.specification(of: run)).rows
        let sum = rows.compactMap { $0["duration_us"] as? Double }.reduce(0, +)
        #expect(abs(sum - run.launches.reduce(0) { $0 + $1.durationNanoseconds } / 1000) < 1e-6 * sum)
    }

    @Test("Reuse curves rise to what is not a first touch")
    func reuse() throws {
        var profiler: AccessProfiler? = AccessProfiler(processorCount: 132)
        let summary = try TraceSummary(reading: ByteInput(bytes: try smallTrace()), profiler: &profiler)
        let rows = try read(TraceChart.reuse.specification(of: summary)).rows
        for (index, launch) in summary.launches.enumerated() {
            let reuse = try #require(launch.profile).reuse
            let own = rows.filter { $0["launch"] as? String == "\(index + 1) \(launch.launch.kernel)" }
            let hits = own.compactMap { $0["hit_pct"] as? Double }
            #expect(zip(hits, hits.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(own.first?["capacity_bytes"] as? Int == 128)
            let greatest = 100 * Double(reuse.touches - reuse.cold) / Double(reuse.touches)
            #expect(abs(try #require(hits.last) - greatest) < 1e-9)
        }
    }

    @Test("The ranking has every tiling that runs, and the tied ones in their class")
    func ranking() throws {
        let shape = SSDShape(
            batch: 1, sequenceLength: 256, heads: 4, headDim: 64, groups: 1, stateDim: 64, chunkSize: 128)
        let search = try TilingSearch(
            kernels: ["ch_cumsum_fwd", "state_pass_fwd"], layer: .mamba2(Mamba2Block(ssd: shape)),
            machine: try MachineDescription(named: "h200"), cacheMode: .cold)
        let (specification, rows) = try read(SearchChart.ranking.specification(of: search))
        #expect(rows.count == 13)
        #expect(rows.count { ($0["tiling"] as? String)?.hasSuffix(" (default)") == true } == 2)
        #expect(rows.count { $0["class"] as? String != "slower" } == search.rankings.reduce(0) { $0 + $1.tied.count })
        for name in fields(specification) { #expect(rows.contains { $0[name] != nil }, "\(name)") }
    }

    @Test("--chart takes a kind or the command's first, each chart in its own file")
    func options() throws {
        let sizes = ["--sequence-length", "256", "--heads", "4", "--groups", "1", "--quiet"]
        try withFolder { folder in
            var command = try Weir.parseAsRoot(
                ["run", "ch_cumsum_fwd", "--output", folder + "/out", "--chart", folder + "/a.vl.json"] + sizes
                    + ["--chart", "time=\(folder)/b.vl.json"])
            try command.run()
            for (name, title) in [("a", "Hit rates"), ("b", "Where the time went")] {
                let chart = try parsed(try String(contentsOfFile: "\(folder)/\(name).vl.json", encoding: .utf8))
                #expect((chart["title"] as? [String: Any])?["text"] as? String == title)
            }
        }
        for wrong in [["reuse=x"], ["x", "time=x"], ["time="]] {
            let words = wrong.flatMap { ["--chart", $0] }
            #expect(throws: (any Error).self) { try Weir.parseAsRoot(["run", "ch_cumsum_fwd"] + words) }
        }
        #expect(throws: (any Error).self) { try Weir.parseAsRoot(["inspect", "x.weir", "--brief", "--chart", "x"]) }
    }
}
