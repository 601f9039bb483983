import Machine
import RunSupport
import Runs
import Testing
import Trace
import Workloads

@Suite("Runs of sequences of launches")
struct LaunchRunnerTests {
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
