import Analysis
import Machine
import Report
import RunSupport
import Runs
import Simulator
import TestSupport
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
}
