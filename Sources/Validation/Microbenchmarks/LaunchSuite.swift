import Machine
import Simulator
import Trace

/// Empty blocks, and blocks that spin for a fixed time.
///
/// Measured times run from event to event. They include about 3 us that no launch of the simulator has. The suite
/// therefore compares the time that a launch takes above a launch of a single block.
struct LaunchSuite: MicrobenchmarkSuite {
    /// The largest grid that is simulated. More blocks only lengthen the run: the time per block is constant from
    /// 13,200 blocks on.
    private static let largestGrid = 132_000
    /// The grids that a measured launch can have. Those beyond `largestGrid` are not simulated.
    private static let grids = 1...LaunchLimit.grid.x
    /// The number of blocks that each SM got in the measured spins: 40, from their times and lifetimes.
    private static let spinBlocksPerSM = 40

    func run(on machine: MachineDescription, reference: MicrobenchmarkReference, found: (MicrobenchmarkCase) -> Void)
        throws
    {
        let log = try reference.log()
        let single = try Self.empties(log.lines("empty"), machine: machine, found: found)
        for line in log.lines("spin") { found(try Self.spin(line, single: single, machine: machine)) }
    }

    /// - Returns: the mean measured time of a single empty block in microseconds.
    private static func empties(
        _ lines: [MeasuredLog.Line], machine: MachineDescription, found: (MicrobenchmarkCase) -> Void
    ) throws -> Double {
        var singles: [Double] = []
        for line in lines where try line.count("grid", in: grids) == 1 { singles.append(try line.value(in: "us")) }
        let single = singles.reduce(0, +) / Double(max(1, singles.count))
        for line in lines {
            let (blocks, threads, shared) = (
                try line.count("grid", in: grids), try line.count("block", in: 1...1024),
                try line.count("smem", in: 0...1 << 20)
            )
            guard blocks > 1320, blocks <= largestGrid else { continue }
            let one = try microseconds(blocks: 1, threads: threads, shared: shared, machine: machine)
            let all = try microseconds(blocks: blocks, threads: threads, shared: shared, machine: machine)
            found(
                MicrobenchmarkCase(
                    group: .launch, series: "empty", name: "\(blocks) x \(threads), \(shared >> 10) KiB",
                    values: [
                        MicrobenchmarkValue(
                            "time_above_one_block_us", measured: try line.value(in: "us") - single, predicted: all - one
                        )
                    ]))
        }
        return single
    }

    private static func microseconds(blocks: Int, threads: Int, shared: Int, machine: MachineDescription) throws
        -> Double
    {
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let source = Microbenchmarks.empty(blocks: blocks, threads: threads, sharedMemoryBytes: shared)
        return try simulation.run(source).durationNanoseconds * 1e-3
    }

    private static func spin(
        _ line: MeasuredLog.Line, single: Double, machine: MachineDescription
    ) throws -> MicrobenchmarkCase {
        let (threads, shared, cycles) = (
            try line.count("block", in: 1...1024), try line.count("smem", in: 0...1 << 20),
            try line.count("cyc", in: 0...1 << 24)
        )
        let spinning = try Microbenchmarks.spinning(cycles: Double(cycles), on: machine)
        let simulation = try Simulation(machine: spinning, cacheMode: .cold)
        let sms = machine.gpu.smCount
        func result(blocks: Int) throws -> LaunchResult {
            try simulation.run(Microbenchmarks.spin(blocks: blocks, threads: threads, sharedMemoryBytes: shared))
        }
        let all = try result(blocks: spinBlocksPerSM * sms)
        // Four more rounds of blocks in every slot take four more periods.
        let perRound = all.occupancy.blocksPerSM * sms
        let period = try (result(blocks: 6 * perRound).spanCycles - result(blocks: 2 * perRound).spanCycles) / 4
        let one = try microseconds(blocks: 1, threads: threads, shared: shared, machine: machine)
        let life = try line.number("life", "p50")
        return MicrobenchmarkCase(
            group: .launch, series: "spin", name: "\(cycles) cycles, \(threads) threads, \(shared >> 10) KiB",
            values: [
                MicrobenchmarkValue(
                    "blocks_per_sm", measured: try line.number("conc"), predicted: Double(all.occupancy.blocksPerSM)),
                MicrobenchmarkValue("lifetime_p50_cycles", measured: life, predicted: all.lifetimes.percentile(0.5)),
                MicrobenchmarkValue(
                    "start_to_start_cycles", measured: life + (try line.number("turnaround", "p50")), predicted: period),
                MicrobenchmarkValue(
                    "time_above_one_block_us", measured: try line.value(in: "us") - single,
                    predicted: all.durationNanoseconds * 1e-3 - one),
            ])
    }
}
