import Content
import Machine
import Runs
import Simulator
import Trace

/// Predicted beside measured block lifetimes, launch by launch.
package struct LifetimeComparison: Sendable {
    /// One launch.
    package struct Launch: Sendable {
        package let file: String
        package let shapeName: String
        package let order: Int
        package let kernel: String
        package let measured: BlockStatistics
        package let predicted: BlockStatistics
        /// 32-byte sectors that the simulated warp requests ask for.
        package let sectorRequests: UInt64
    }

    /// A time line that was not compared.
    package struct Skipped: Equatable, Sendable {
        package let file: String
        package let kernel: String
        package let reason: String
    }

    package let machine: MachineDescription
    package private(set) var launches: [Launch] = []
    package private(set) var skipped: [Skipped] = []
    /// The cost of the simulations; nil if reports must compare byte for byte.
    package var cost: RunCost?

    /// Simulates the launch of each file on empty caches.
    /// - Parameters:
    ///   - paths: the time lines, read one after another.
    ///   - table: gives each launch's sizes, tiling and resources.
    ///   - threads: 1 or 2; the results do not depend on it.
    ///   - progress: called before each file with its number.
    /// - Throws: `ReferenceError` for files and rows, and errors of simulations.
    package init(
        paths: [String], table: ReferenceTable?, machine: MachineDescription, threads: Int = 1,
        progress: ((Int) -> Void)? = nil
    ) throws {
        self.machine = machine
        for (number, path) in paths.enumerated() {
            progress?(number)
            try add(MeasuredTimeline(path: path), table: table, threads: threads)
        }
    }

    /// Compares time lines that are read already.
    package init(timelines: [MeasuredTimeline], table: ReferenceTable?, machine: MachineDescription) throws {
        self.machine = machine
        for timeline in timelines { try add(timeline, table: table, threads: 1) }
    }

    private mutating func add(_ timeline: MeasuredTimeline, table: ReferenceTable?, threads: Int) throws {
        switch try TimelineLaunch.resolve(timeline, table: table, machine: machine) {
        case .skipped(let reason):
            skipped.append(Skipped(file: timeline.file, kernel: timeline.kernelName, reason: reason))
        case .launch(let kernel, let source):
            let collector = BlockCollector()
            let simulation = try Simulation(machine: machine, cacheMode: .cold, threads: threads)
            let measured = BlockStatistics(timeline.blocks)
            let result = try simulation.run(try limited(source, to: measured), observer: collector)
            launches.append(
                Launch(
                    file: timeline.file, shapeName: timeline.shapeName, order: timeline.order, kernel: kernel,
                    measured: measured, predicted: BlockStatistics(collector.blocks),
                    sectorRequests: result.counters.l1Sectors))
        }
    }

    /// The launch with the number of blocks per SM that the time line shows. This applies if blocks waited for slots
    /// and fewer ran than this machine would hold. Recording the times costs registers, so that the measured kernel
    /// differs a little from the plain one.
    private func limited(_ source: any BlockProgramSource, to measured: BlockStatistics) throws
        -> any BlockProgramSource
    {
        let launch = source.launch
        let here = try machine.occupancy(
            threadsPerBlock: launch.threadsPerBlock, registersPerThread: launch.registersPerThread,
            sharedMemoryBytesPerBlock: launch.sharedMemoryBytesPerBlock)
        guard measured.turnaroundP50Cycles != nil, measured.blocksPerSM < here.blocksPerSM else { return source }
        let granularity = max(1, machine.sm.registerGranularity / 32)
        let perThread =
            machine.sm.registers / (measured.blocksPerSM * launch.warpsPerBlock * 32) / granularity * granularity
        return source.launched(
            registersPerThread: min(machine.sm.registersPerThread, perThread),
            sharedMemoryBytesPerBlock: launch.sharedMemoryBytesPerBlock)
    }
}
