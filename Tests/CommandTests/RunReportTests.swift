import Foundation
import Report
import RunSupport
import Runs
import Simulator
import TestSupport
import Testing
import Workloads

@Suite("Reports of runs")
struct RunReportTests {
    @Test("JSON has the keys that others rely on, in the launch order, with integers for counts")
    func json() throws {
        var run = try smallRun()
        run.cost = RunCost(wallSeconds: 1.5, peakMemoryBytes: 1 << 20)
        let text = RunJSON().render(run)
        let read = try parsed(text)
        #expect(
            Set(read.keys) == [
                "machine", "cache", "launches", "totals", "sector_requests", "wall_seconds", "peak_memory_bytes",
            ])
        #expect(read["cache"] as? String == "cold")
        #expect(read["wall_seconds"] as? Double == 1.5)
        #expect(read["peak_memory_bytes"] as? Int == 1 << 20)
        let launches = try #require(read["launches"] as? [[String: Any]])
        #expect(launches.map { $0["kernel"] as? String } == run.launches.map(\.launch.kernel))
        #expect(launches.map { $0["order"] as? Int } == [0, 1, 2, 3, 4])
        let keys: Set = [
            "order", "kernel", "grid", "threads_per_block", "registers_per_thread", "shared_bytes_per_block", "tiling",
            "resources_estimated", "occupancy", "predicted",
        ]
        #expect(keys.subtracting(launches[0].keys).isEmpty)
        let predicted = try #require(launches[4]["predicted"] as? [String: Any])
        #expect(predicted["l1_sectors"] as? Int == Int(run.launches[4].counters.l1Sectors))
        #expect(text.contains("\"l1_sectors\": \(run.launches[4].counters.l1Sectors),"))
        #expect(read["sector_requests"] as? UInt64 == run.launches.reduce(0) { $0 + $1.counters.l1Sectors })
    }

    @Test("Without a cost the two keys that differ from run to run are null")
    func deterministicJSON() throws {
        let text = RunJSON().render(try smallRun())
        #expect(text.contains("\"wall_seconds\": null,\n"))
        #expect(text.hasSuffix("\"peak_memory_bytes\": null\n}\n"))
    }

    @Test("A counter that has a heading has a column of the text, with its value for each launch")
    func columnsOfCounters() throws {
        let run = try smallRun()
        let lines = RunText(tables: .wide).render(run).split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("kernel ") && $0.contains("L1 requests") })
        let headed = CounterTable.rows.filter { $0.heading != nil }
        #expect(headed.count >= 2)
        for counter in headed {
            let heading = try #require(lines[start].firstRange(of: counter.heading ?? ""))
            for (number, result) in run.launches.enumerated() {
                // The column is aligned to the right, at the end of its heading.
                let line = lines[start + 2 + number]
                let end = line.index(
                    line.startIndex,
                    offsetBy: lines[start].distance(from: lines[start].startIndex, to: heading.upperBound))
                let value = result.counters[keyPath: counter.keyPath]
                let text = counter.unit == "bytes" ? Quantity.bytes(Double(value)) : Quantity.count(value)
                #expect(line[..<end].hasSuffix(" " + text), "\(counter.name) of \(result.launch.kernel)")
            }
        }
    }

    @Test("CSV has one row a launch and the columns of JSON's predicted")
    func csv() throws {
        let run = try smallRun(cacheMode: .chained)
        let lines = RunCSV().render(run).split(separator: "\n")
        #expect(lines.count == 1 + run.launches.count)
        let header = lines[0].split(separator: ",").map(String.init)
        let predicted = PredictedColumns.values(of: run.launches[0], mode: .chained).map(\.name)
        #expect(Array(header.suffix(predicted.count)) == predicted)
        #expect(header.contains("chain_dram_read_bytes"))
        #expect(header.prefix(3) == ["order", "kernel", "tiling"])
        for line in lines {
            #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == header.count)
        }
    }

    @Test("The text table has a row for each kernel, a row of totals, and the machine above")
    func text() throws {
        let run = try smallRun()
        let lines = RunText(tables: .wide).render(run).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        #expect(lines[0] == "Machine: NVIDIA H200 SXM (preset h200)")
        for launch in run.launches { #expect(lines.contains { $0.hasPrefix(launch.launch.kernel + " ") }) }
        let total = try #require(lines.first { $0.hasPrefix("total ") })
        #expect(total.contains(Quantity.count(run.sectorRequests)))
        for title in [
            "waves", "blocks per SM", "L1 hit", "L2 hit", "HBM read", "of peak HBM", "L2 rate", "median block",
            "overhead", "bounded by",
        ] {
            #expect(lines.contains { $0.hasPrefix("kernel ") && $0.contains(title) })
        }
        #expect(!lines.contains { $0.hasSuffix(" ") })
    }

    @Test("Estimated registers and shared memory are marked and named below the table")
    func estimates() throws {
        let launches = try Workload.launches(
            kernels: ["ch_scan_fwd"], shape: smallShape, tilings: ["ch_scan_fwd:M=16,N=16,K=16,warps=1,stages=2"])
        let run = try LaunchRunner.run(launches, machine: try .init(named: "h200"), cacheMode: .cold)
        try #require(run.launches[0].launch.resourcesAreEstimated)
        let text = RunText().render(run)
        #expect(text.contains("ch_scan_fwd *"))
        #expect(text.contains("\(run.launches[0].launch.registersPerThread) registers a thread"))
        #expect(RunJSON().render(run).contains("\"resources_estimated\": true"))
    }

    @Test("Machine settings that differ from the preset are printed with both values")
    func machineDifferences() throws {
        let summary = MachineSummary(try .init(named: "h200", options: ["l2.capacity=30MiB"]))
        #expect(summary.differences.count == 1)
        #expect(summary.text.contains("l2.capacity 30MiB, the preset has 60MiB"))
        #expect(summary.json.text.contains("\"l2.capacity\": \"30MiB\""))
        #expect(MachineSummary(try .init(named: "h200")).differences.isEmpty)
    }

    @Test("Shares of the time add up to 1, under the same names in JSON and CSV; lifetimes stand in order")
    func time() throws {
        let run = try smallRun()
        let launches = try #require(try parsed(RunJSON().render(run))["launches"] as? [[String: Any]])
        let header = try #require(RunCSV().render(run).split(separator: "\n").first).split(separator: ",").map(
            String.init)
        for launch in launches {
            let shares = try #require(launch["time_shares"] as? [String: Double])
            #expect(Set(shares.keys) == Set(TimeShares.titles.map(\.name)))
            #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9)
            #expect(launch["samples"] == nil)
            let time = try #require(launch["time"] as? [String: Any])
            let keys = ["min", "p10", "median", "p90", "max"].map { "block_lifetime_\($0)_cycles" }
            let cycles = try keys.map { try #require(time[$0] as? Double) }
            #expect(cycles == cycles.sorted())
            let least = try #require(time["sm_mean_lifetime_min_cycles"] as? Double)
            let greatest = try #require(time["sm_mean_lifetime_max_cycles"] as? Double)
            let mean = try #require(time["block_lifetime_mean_cycles"] as? Double)
            #expect(cycles[0] <= least && least <= mean && mean <= greatest && greatest <= cycles[4])
        }
        for name in TimeShares.titles.map(\.name) { #expect(header.contains("share_" + name)) }
        let text = RunText(tables: [.time, .lifetimes]).render(run)
        #expect(text.contains("Where the time went") && text.contains("Lifetimes of thread blocks"))
    }

    @Test("The parts of every duration add up to it, and the largest is named unless HBM is")
    func bounds() throws {
        for result in try smallRun().launches {
            let parts = BoundKind.parts(of: result)
            #expect(abs(parts.reduce(0) { $0 + $1.share } - 1) < 1e-9)
            #expect(parts.allSatisfy { $0.share >= 0 })
            let largest = parts.max { $0.share < $1.share }?.kind
            #expect(BoundKind(of: result) == largest || BoundKind(of: result) == .hbmBandwidth)
        }
    }
}
