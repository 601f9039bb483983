import Content
import Foundation
import Kernels
import Machine
import Report
import Runs
import Simulator
import Studies
import TestSupport
import Testing
import Workloads
import weir

@Suite("Ranking tilings")
struct TuneTests {
    /// A call whose launches simulate in a fraction of a second.
    private static let shape = SSDShape(
        batch: 1, sequenceLength: 256, heads: 4, headDim: 64, groups: 1, stateDim: 64, chunkSize: 128)

    private func search(
        _ kernels: [String], additions: [String] = [], settings: [String] = [], cacheMode: CacheMode = .cold,
        jobs: Int = 2
    ) throws -> TilingSearch {
        try TilingSearch(
            kernels: kernels, layer: .mamba2(Mamba2Block(ssd: Self.shape)), additions: additions,
            machine: try MachineDescription(named: "h200", options: settings), cacheMode: cacheMode, jobs: jobs)
    }

    @Test(
        "Each result is that of a run with the tiling",
        arguments: [
            (["state_pass_fwd"], CacheMode.cold), (["bmm_ch_fwd"], .cold),
            (["ch_cumsum_fwd", "state_pass_fwd"], .chained),
            (["swiglu_fwd"], .cold), (["ch_scan_bwd_ddacs"], .chained),
        ])
    func equalsRun(kernels: [String], mode: CacheMode) throws {
        let search = try search(kernels, cacheMode: mode)
        #expect(search.rankings.map(\.kernel) == kernels)
        for ranking in search.rankings {
            #expect(ranking.candidates.count { $0.isDefault } == 1)
            #expect(ranking.candidates.count + ranking.misfits.count >= 4)
            for candidate in ranking.candidates {
                let run = try LaunchRunner.run(
                    try Workload.launches(
                        kernels: kernels, layer: .mamba2(Mamba2Block(ssd: Self.shape)),
                        tilings: ["\(ranking.kernel):\(candidate.tiling)"]), machine: search.machine, cacheMode: mode)
                func report(_ result: LaunchResult) -> String {
                    RunCSV().render(RunResult(machine: search.machine, cacheMode: mode, launches: [result]))
                }
                #expect(report(candidate.result) == report(run.launches[ranking.order]), "\(candidate.tiling)")
            }
        }
    }

    @Test("Fastest first, equal times in the autotuner's order, equal bytes at any number of jobs")
    func order() throws {
        let search = try search(["ch_state_fwd"], jobs: 1)
        let ranking = try #require(search.rankings.first)
        let tilings = (Registry.kernel(named: "ch_state_fwd")?.tilings?.candidates ?? [])
        let keys = try ranking.candidates.map {
            ($0.result.durationNanoseconds, try #require(tilings.firstIndex(of: $0.tiling)))
        }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ranking.candidates[0].slowerPercent == 0 && ranking.candidates[0].isTied)
        #expect(ranking.candidates.allSatisfy { $0.isTied == ($0.slowerPercent <= ranking.accuracy.meanErrorPercent) })
        for jobs in [2, 5] {
            #expect(TuneJSON().render(try self.search(["ch_state_fwd"], jobs: jobs)) == TuneJSON().render(search))
        }
    }

    @Test("What the machine cannot hold and what the kernel cannot run is listed with the reason")
    func misfits() throws {
        let search = try search(
            ["bmm_ch_fwd"], additions: ["bmm_ch_fwd:M=24", "bmm_ch_fwd:M=32,N=32,K=32,warps=2,stages=2"],
            settings: ["sm.sharedPerBlock=40KiB"])
        let ranking = try #require(search.rankings.first)
        let shared = ranking.misfits.filter { $0.reason.contains("bytes of shared memory, but an SM offers it 40960") }
        #expect(!shared.isEmpty && shared.allSatisfy { $0.tiling.m * $0.tiling.n >= 4096 })
        #expect(ranking.misfits.contains { $0.tiling.m == 24 && $0.reason.contains("M is 24") })
        #expect(
            ranking.candidates.contains {
                $0.tiling.m == 32 && $0.tiling.n == 32 && $0.result.launch.resourcesAreEstimated
            })
        #expect(ranking.candidates.count + ranking.misfits.count == 11)
        let text = TuneText().render(search)
        #expect(text.contains("Cannot run here:\n") && text.contains("M=32 N=32 K=32 warps=2 stages=2 *"))
        let rows = try ReferenceTable(text: TuneCSV().render(search), name: "made").rows
        #expect(rows.count == 11)
        #expect(try rows.compactMap { try $0.number("rank") } == (1...ranking.candidates.count).map(Double.init))
        #expect(rows.count { $0.text("reason") != nil } == ranking.misfits.count)
        let read = try #require(try parsed(TuneJSON().render(search))["kernels"] as? [[String: Any]])
        #expect((read[0]["tilings"] as? [Any])?.count == ranking.candidates.count)
        #expect((read[0]["cannot_run"] as? [Any])?.count == ranking.misfits.count)
    }

    @Test("Wrong kernels, tilings and machines are refused")
    func refusals() throws {
        func error(_ words: String...) throws -> String {
            let error = try #require(throws: (any Error).self) {
                var command = try Weir.parseAsRoot(words)
                try command.run()
            }
            #expect(ErrorReport.exitCode(of: error) == ExitStatus.badUsage)
            return try #require(ErrorReport.message(of: error))
        }
        #expect(try error("tune", "conv1d_fwd").contains("nothing to tune"))
        #expect(try error("tune", "bmm_ch_fwd", "--tiling", "ch_scan_fwd:M=64").contains("give one of bmm_ch_fwd"))
        #expect(try error("tune", "bmm_ch_fwd", "--machine", "one-core").contains("needs a GPU"))
        #expect(try error("tune", "ch_scan_bwd_dz").contains("is launched only with"))
        #expect(throws: (any Error).self) { try Weir.parseAsRoot(["tune", "bmm_ch_fwd", "--jobs", "0"]) }
    }

    @Test("The command writes the tilings of a shape")
    func command() throws {
        try withFolder { folder in
            var command = try Weir.parseAsRoot([
                "tune", "ch_cumsum_fwd", "--sequence-length", "512", "--heads", "8", "--groups", "1", "--quiet",
                "--jobs", "2",
                "--output", folder + "/out.txt",
            ])
            try command.run()
            let text = try String(contentsOfFile: folder + "/out.txt", encoding: .utf8)
            #expect(text.contains("How sure: of 14 tilings of this kernel measured on an H200"))
            #expect(text.contains("Simulated 7 tilings in "))
        }
    }
}
