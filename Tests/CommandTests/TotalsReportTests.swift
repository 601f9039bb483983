import Foundation
import Machine
import Report
import RunSupport
import Runs
import TestSupport
import Testing
import Trace
import Workloads

@Suite("Reports of a training step's totals")
struct TotalsReportTests {
    /// The small call's training step, gated, so that every SSD kernel runs.
    private func launches() throws -> GeneratedLaunches {
        var shape = smallShape
        shape.hasGate = true
        return try Workload.launches(kernels: ["ssd-training"], shape: shape)
    }

    private func run() throws -> RunResult {
        try LaunchRunner.run(
            try launches(), machine: try MachineDescription(named: "h200"), cacheMode: .cold)
    }

    @Test("Text shows totals of a step with a backward pass only; JSON always; CSV names each launch's pass and pipes")
    func reports() throws {
        let step = try run()
        let text = RunText(tables: .totals).render(step)
        #expect(text.contains("\nTotals of the training step"))
        #expect(text.contains("\ntogether        20  "))
        #expect(text.contains("\nbackward  bmm_ch_bwd               tensor         2 "))
        #expect(!text.contains(" \n"))
        let forward = try smallRun()
        #expect(!RunText().render(forward).contains("Totals"))
        let short = try #require(try parsed(RunJSON().render(forward))["totals"] as? [String: Any])
        #expect(short["backward"] is NSNull && (short["forward"] as? [String: Any])?["launches"] as? Int == 5)
        let read = try parsed(RunJSON().render(step))
        let totals = try #require(read["totals"] as? [String: Any])
        #expect(Set(totals.keys) == ["forward", "backward", "together", "ridge"])
        let backward = try #require(totals["backward"] as? [String: Any])
        let percents = try #require(backward["pipes_pct"] as? [String: Double])
        #expect(Set(percents.keys) == ["tensor", "vector", "both"])
        let kernels = try #require(backward["kernels"] as? [[String: Any]])
        let dcb = try #require(kernels.first { $0["kernel"] as? String == "ch_scan_bwd_dcb" })
        let ridge = try #require((totals["ridge"] as? [String: Double])?["tensor_operations_per_byte"])
        let intensity = try #require(dcb["tensor_operations_per_byte"] as? Double)
        #expect(abs(try #require(dcb["tensor_operations_of_ridge"] as? Double) * ridge - intensity) < 1e-6 * intensity)
        let launches = try #require(read["launches"] as? [[String: Any]])
        let csv = RunCSV().render(step).split(separator: "\n")
        let lines = csv.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let pass = try #require(lines[0].firstIndex(of: "pass"))
        let pipes = try #require(lines[0].firstIndex(of: "pipes"))
        for (line, launch) in zip(lines.dropFirst(), launches) {
            #expect(
                String(line[pass]) == launch["pass"] as? String && String(line[pipes]) == launch["pipes"] as? String)
        }
        #expect(launches[4]["pass"] as? String == "forward" && launches[5]["pass"] as? String == "backward")
    }

    @Test("A replayed training step prints what the generators gave")
    func replay() throws {
        let buffer = ByteOutput.Buffer()
        try TraceGeneration.write(try launches(), to: ByteOutput(buffer: buffer))
        let replayed = try LaunchRunner.run(
            TraceLaunches(inputs: [ByteInput(bytes: buffer.bytes)]), machine: try MachineDescription(named: "h200"),
            cacheMode: .cold)
        let run = try run()
        #expect(RunJSON().render(replayed) == RunJSON().render(run))
        #expect(RunText(tables: .all).render(replayed) == RunText(tables: .all).render(run))
        #expect(RunCSV().render(replayed) == RunCSV().render(run))
    }
}
