import Analysis
import Machine
import Report
import Runs
import Simulator
import Testing
import Trace
import Workloads

@Suite("The same launches give the same bytes")
struct DeterminismTests {
    @Test("One and two threads, twice each, in both cache modes", arguments: CacheMode.allCases)
    func threads(mode: CacheMode) throws {
        let first = RunJSON().render(try smallRun(cacheMode: mode, threads: 1))
        #expect(RunJSON().render(try smallRun(cacheMode: mode, threads: 1)) == first)
        #expect(RunJSON().render(try smallRun(cacheMode: mode, threads: 2)) == first)
        #expect(RunJSON().render(try smallRun(cacheMode: mode, threads: 2)) == first)
    }

    @Test("A replayed trace gives what the generators gave", arguments: CacheMode.allCases)
    func replay(mode: CacheMode) throws {
        let replayed = try LaunchRunner.run(
            TraceLaunches(inputs: [ByteInput(bytes: try smallTrace())]), machine: try MachineDescription(named: "h200"),
            cacheMode: mode)
        #expect(RunJSON().render(replayed) == RunJSON().render(try smallRun(cacheMode: mode)))
    }

    @Test("Two traces replay as one run of all their launches")
    func replayOfSeveral() throws {
        let bytes = try smallTrace()
        let machine = try MachineDescription(named: "h200")
        let twice = try LaunchRunner.run(
            TraceLaunches(inputs: [ByteInput(bytes: bytes), ByteInput(bytes: bytes)]), machine: machine,
            cacheMode: .cold)
        let once = try smallRun()
        #expect(twice.launches.count == 2 * once.launches.count)
        // Caches are cold before each launch, so the second pass repeats the first.
        #expect(twice.launches.suffix(once.launches.count).map(\.counters) == once.launches.map(\.counters))
    }

    @Test("A trace's bytes do not change from one generation to the next")
    func generation() throws {
        #expect(try smallTrace() == (try smallTrace()))
    }

    @Test("What inspection counts is what the simulation's L1s are asked for")
    func inspection() throws {
        let summary = try TraceSummary(reading: ByteInput(bytes: try smallTrace(), name: "small"))
        let run = try smallRun()
        #expect(summary.launches.map(\.launch) == run.launches.map(\.launch))
        #expect(summary.launches.map(\.total.sectors) == run.launches.map(\.counters.l1Sectors))
        #expect(summary.launches.map(\.warpInstructions) == run.launches.map(\.counters.warpInstructions))
        let read = try parsed(InspectJSON().render(summary))
        #expect(read["sector_requests"] as? UInt64 == run.sectorRequests)
        let text = InspectText().render(summary)
        #expect(text.hasPrefix("small: 5 launches, written by weir\n"))
        #expect(text.contains("launch 4, ch_scan_fwd"))
    }

    @Test("Progress names the launch and never goes backwards")
    func progress() throws {
        var lines: [(order: Int, blocks: Int)] = []
        _ = try LaunchRunner.run(
            try smallLaunches(), machine: try MachineDescription(named: "h200"), cacheMode: .cold
        ) { lines.append(($0.order, $0.blocksStarted)) }
        #expect(lines.last?.order == 4)
        #expect(zip(lines, lines.dropFirst()).allSatisfy { ($0.order, $0.blocks) <= ($1.order, $1.blocks) })
        let progress = RunProgress(order: 1, launchCount: 5, kernel: "ch_state_fwd", blocksStarted: 3, blockCount: 8)
        #expect(progress.line == "launch 2 of 5, ch_state_fwd: 3 of 8 blocks")
    }
}
