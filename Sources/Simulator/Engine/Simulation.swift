import Machine
import Trace

/// A machine with its caches, through which launches run one after another.
///
/// The same launches on the same machine give the same results, whatever the number of threads.
package final class Simulation {
    package let machine: MachineDescription
    package let cacheMode: CacheMode
    private let threads: Int
    let halves: UnsafeMutablePointer<Half>
    let halfCount: Int
    private var isFirstLaunch = true
    /// Addresses that the L2's tags can tell apart; nil if they can tell all addresses apart.
    private var addresses: Range<UInt64>?
    let board = FlagBoard()
    var locks = LockBoard()
    /// Consecutive windows in which all resident blocks waited for flags and locks, and none signalled, took a lock or
    /// gave one back.
    var windowsAtFlags = 0
    /// Consecutive windows in which blocks waited for flags or locks, and none did any of these.
    var windowsWithoutSignal = 0
    /// For tests: polls every flag one by one, even if nothing else happens for long.
    package var pollsOneByOne = false

    /// - Parameter threads: 1, or 2 to run the halves of the two partitions on one thread each.
    /// - Throws: `SimulatorError` for machines that the engine cannot run.
    package init(machine: MachineDescription, cacheMode: CacheMode, threads: Int = 1) throws(SimulatorError) {
        guard machine.l1.lineBytes == machine.l2.lineBytes else {
            throw .unequalLines(l1: machine.l1.lineBytes, l2: machine.l2.lineBytes)
        }
        guard machine.l1.sectorBytes == machine.l2.sectorBytes else {
            throw .unequalLines(l1: machine.l1.sectorBytes, l2: machine.l2.sectorBytes)
        }
        guard machine.l1.writePolicy == .writeThrough else { throw .writeBackL1 }
        for partition in 0..<machine.l2.partitions where !machine.gpcs.partitionOfSM.contains(partition) {
            throw .emptyPartition(partition)
        }
        try MemoryBudget.require(machine)
        self.machine = machine
        self.cacheMode = cacheMode
        self.threads = threads
        halfCount = machine.l2.partitions
        halves = .allocate(capacity: halfCount)
        let configuration = EngineConfiguration(
            machine: machine, warpsPerBlock: 1, blocksPerSM: 1, l1CapacityBytes: 0, usesTensorCores: false)
        for index in 0..<halfCount {
            (halves + index).initialize(
                to: Half(index: index, machine: machine, configuration: configuration, board: board))
        }
    }

    deinit {
        halves.deinitialize(count: halfCount)
        halves.deallocate()
    }

    /// Runs one launch to its end.
    /// - Parameters:
    ///   - samples: whether to keep bandwidth, hit rate and resident blocks over time, as `LaunchResult.samples`.
    ///   - observer: gets every block that ends, on the calling thread.
    ///   - watching: addresses whose traffic with memory is counted separately, as `LaunchResult.watched`.
    ///   - progress: called now and then with the number of blocks started.
    /// - Throws: `MachineError` if a block fits no SM, `SimulatorError`, or an error of the source or the observer.
    package func run(
        _ source: any BlockProgramSource, samples: Bool = false, observer: (any LaunchObserver)? = nil,
        watching: [Range<UInt64>] = [], progress: ((Int) -> Void)? = nil
    ) throws -> LaunchResult {
        let launch = source.launch
        let occupancy = try machine.occupancy(
            threadsPerBlock: launch.threadsPerBlock, registersPerThread: launch.registersPerThread,
            sharedMemoryBytesPerBlock: launch.sharedMemoryBytesPerBlock)
        try MemoryBudget.require(machine, occupancy: occupancy)
        if isFirstLaunch || cacheMode == .cold { rebase(to: launch) }
        try check(launch)
        var scheduler = BlockScheduler(
            blockCount: launch.grid.blockCount, interval: machine.launch.blockIntervalCycles,
            turnaround: machine.launch.turnaroundCycles)
        let loader = ProgramLoader(source, addresses: addresses)
        let places = placesOfSMs()
        let wave = scheduler.firstWave(layout: machine.gpcs, slotsPerSM: occupancy.blocksPerSM, place: { places[$0] })
        var programs = [BlockProgram](repeating: BlockProgram(), count: wave.count)
        for (index, assignment) in wave.enumerated() {
            try loader.load(block: assignment.block, into: &programs[index])
        }
        let configuration = EngineConfiguration(
            machine: machine, warpsPerBlock: launch.warpsPerBlock, blocksPerSM: occupancy.blocksPerSM,
            l1CapacityBytes: occupancy.l1CapacityBytes, usesTensorCores: programs.contains { $0.usesTensorCores },
            codeInstructions: programs[0].codeInstructions)
        for half in 0..<halfCount {
            halves[half].beginLaunch(
                machine: machine, configuration: configuration, hasParts: loader.hasParts,
                flagsAddress: launch.flags?.baseAddress ?? 0, watching: watching,
                isRecording: samples || observer != nil)
            if cacheMode == .cold && !isFirstLaunch { halves[half].partition.reset() }
        }
        board.removeAll()
        locks.removeAll()
        windowsAtFlags = 0
        windowsWithoutSignal = 0
        isFirstLaunch = false
        var recorder = samples ? sampleRecorder(configuration) : nil
        try observer?.launchBegins(launch, occupancy: occupancy, clockHertz: configuration.clockHertz)

        for (index, assignment) in wave.enumerated() {
            swap(&halves[assignment.half].cluster.programs[assignment.slot], &programs[index])
            start(assignment)
        }
        programs = []
        let team = HalfTeam(halves: halves, count: halfCount, threads: threads)
        defer { team.stop() }
        var window = 0
        while true {
            team.run(.advance, window: window)
            team.run(.serveHome, window: window)
            try continueBlocks(loader)
            for freed in freedSlots() {
                guard let assignment = scheduler.refill(half: freed.half, slot: freed.slot, freedAt: freed.time) else {
                    break
                }
                try loader.load(
                    block: assignment.block, into: &halves[assignment.half].cluster.programs[assignment.slot])
                start(assignment)
            }
            try passSignals(kernel: launch.kernel, window: window)
            try passLongWaits(
                kernel: launch.kernel, window: window, isComplete: !scheduler.hasBlocks && !loader.hasParts)
            holdStores(configuration)
            if observer != nil || recorder != nil {
                try observe(window: window, configuration: configuration, recorder: &recorder, observer: observer)
            }
            progress?(loader.blocksLoaded)
            guard let next = nextWindow(after: window, windowCycles: configuration.windowCycles) else { break }
            window = next
        }
        let unfinished =
            launch.grid.blockCount - (0..<halfCount).reduce(0) { $0 + Int(halves[$1].cluster.account.lifetimes.count) }
        guard unfinished == 0 else { throw SimulatorError.stalled(kernel: launch.kernel, blocks: unfinished) }
        let result = result(
            launch: launch, occupancy: occupancy, configuration: configuration, samples: recorder?.finish(),
            isWatching: !watching.isEmpty)
        try observer?.launchEnded(result)
        return result
    }

    private func sampleRecorder(_ configuration: EngineConfiguration) -> SampleRecorder {
        SampleRecorder(
            bucketCycles: configuration.windowCycles,
            bytesPerCycle: machine.hbm.bytesPerSecond / configuration.clockHertz)
    }

    /// Passes the events of `window` to the observer and the samples.
    private func observe(
        window: Int, configuration: EngineConfiguration, recorder: inout SampleRecorder?,
        observer: (any LaunchObserver)?
    ) throws {
        var blocks: [BlockRecord] = []
        var counters = Counters()
        for half in 0..<halfCount {
            for position in 0..<halves[half].cluster.account.records.count {
                blocks.append(halves[half].cluster.account.records[position])
            }
            halves[half].cluster.account.records.removeAll()
            if recorder != nil { halves[half].addCounters(to: &counters) }
        }
        recorder?.add(counters: counters, at: Double(window) * configuration.windowCycles)
        for block in blocks { recorder?.add(block) }
        if !blocks.isEmpty { try observer?.blocksEnded(blocks) }
    }

    private func check(_ launch: KernelLaunch) throws(SimulatorError) {
        let blocks = launch.grid.blockCount
        guard blocks >= 1, blocks <= Int(Int32.max) else { throw .badGrid(kernel: launch.kernel, blocks: blocks) }
        guard let addresses else { return }
        for tensor in launch.tensors {
            let end = tensor.baseAddress &+ tensor.byteCount
            guard end <= addresses.upperBound, tensor.baseAddress >= addresses.lowerBound else {
                throw .addressTooLarge(
                    kernel: launch.kernel, tensor: tensor.name, address: end,
                    limit: addresses.upperBound - addresses.lowerBound)
            }
        }
    }

    /// Chooses the addresses that the L2's tags tell apart. They begin at 0 if that covers the launch's tensors, and
    /// otherwise lie around the tensors.
    private func rebase(to launch: KernelLaunch) {
        let lineBytes = UInt64(machine.l2.lineBytes)
        let (length, holdsAll) = halves[0].partition.addressableLines.multipliedReportingOverflow(by: lineBytes)
        var base: UInt64 = 0
        if !holdsAll, launch.tensors.contains(where: { $0.baseAddress &+ $0.byteCount > length }) {
            let lowest = launch.tensors.map(\.baseAddress).min() ?? 0
            let wanted = min(lowest - min(lowest, length / 2), UInt64.max - length)
            base = wanted / (lineBytes << 20) * (lineBytes << 20)
        }
        addresses = holdsAll ? nil : base..<(base + length)
        for half in 0..<halfCount { halves[half].partition.rebase(to: base / lineBytes) }
    }

    /// For each SM, its half and its number within the half.
    private func placesOfSMs() -> [(half: Int, sm: Int)] {
        machine.gpcs.partitionOfSM.enumerated().map { number, half in
            (half, halves[half].cluster.smNumbers.firstIndex(of: number) ?? 0)
        }
    }

    /// Starts a block whose program is already in its slot.
    private func start(_ assignment: BlockScheduler.Assignment) {
        halves[assignment.half].cluster.startBlock(
            slot: assignment.slot, block: assignment.block, at: assignment.time, isFirstWave: assignment.isFirstWave)
    }

    /// Makes stores wait while the fabric or the memory behind either half is booked too far ahead. Makes reductions
    /// wait while a slice's atomic unit is booked too far ahead.
    private func holdStores(_ configuration: EngineConfiguration) {
        var memory = 0.0
        var fabric = 0.0
        var reductions = 0.0
        for half in 0..<halfCount {
            memory = max(memory, halves[half].memory.meanBookedUntil())
            fabric = max(fabric, halves[half].path.crossbar.fabricFree)
            reductions = max(reductions, halves[half].slices.unitsBookedUntil)
        }
        for half in 0..<halfCount {
            halves[half].cluster.holds = StoreHolds(
                stores: memory - configuration.memoryBacklog, fabric: fabric - configuration.fabricBacklog,
                reductions: max(fabric, reductions) - configuration.fabricBacklog)
        }
    }

    /// The slots freed in the last window, sorted by time.
    private func freedSlots() -> [(half: Int, slot: Int, time: Double)] {
        var all: [(half: Int, slot: Int, time: Double)] = []
        for half in 0..<halfCount {
            for position in 0..<halves[half].cluster.freed.count {
                let freed = halves[half].cluster.freed[position]
                all.append((half, Int(freed.slot), freed.time))
            }
            halves[half].cluster.freed.removeAll()
        }
        if all.count > 1 { all.sort { ($0.time, $0.half, $0.slot) < ($1.time, $1.half, $1.slot) } }
        return all
    }

    /// The next window in which anything happens; nil at the end of the launch.
    private func nextWindow(after window: Int, windowCycles: Double) -> Int? {
        var next = Double.infinity
        for half in 0..<halfCount {
            if halves[half].path.crossbar.hasAnswers { return window + 1 }
            next = min(next, halves[half].nextTime(window: window + 1))
        }
        return next.isFinite ? max(window + 1, Int(next / windowCycles)) : nil
    }

    private func result(
        launch: KernelLaunch, occupancy: Occupancy, configuration: EngineConfiguration, samples: LaunchSamples?,
        isWatching: Bool
    ) -> LaunchResult {
        var counters = Counters()
        var lifetimes = LifetimeHistogram()
        var use = [Double](repeating: 0, count: TimeUse.allCases.count)
        var end = 0.0
        var turnaround = 0.0
        var sms = [SMActivity](repeating: SMActivity(), count: machine.gpu.smCount)
        for half in 0..<halfCount {
            halves[half].addCounters(to: &counters)
            lifetimes.add(halves[half].cluster.account.lifetimes)
            end = max(end, halves[half].cluster.account.lastBlockEnd)
            for cause in TimeUse.allCases { use[cause.rawValue] += halves[half].cluster.account.cycles(of: cause) }
            turnaround += halves[half].cluster.account.turnaroundCycles
            for (sm, number) in halves[half].cluster.smNumbers.enumerated() {
                sms[number] = SMActivity(halves[half].cluster.sms[sm])
            }
        }
        let active = sms.count { $0.blocks > 0 }
        let constants = UInt64(max(0, machine.launch.constantSectors + machine.launch.constantSectorsPerSM * active))
        counters.l2OtherSectors += constants
        counters.l2OtherHitSectors += constants
        if halfCount > 1 {
            let crossing = UInt64(
                max(0, machine.launch.constantFabricSectors + machine.launch.constantFabricSectorsPerSM * active))
            counters.l2FabricReadSectors += crossing
            counters.l2FabricReadHitSectors += crossing
        }
        var (queued, answered) = (0.0, 0.0)
        for half in 0..<halfCount {
            queued += halves[half].path.crossbar.queueCycles
            answered += halves[half].path.crossbar.answerCycles
        }
        var watched = WatchedTraffic()
        for half in 0..<halfCount {
            watched.readBytes += halves[half].memory.watched.traffic.readBytes
            watched.writtenBytes += halves[half].memory.watched.traffic.writtenBytes
        }
        let products = Double(counters.tensorOperations / ComputeWork.operationsPerProduct)
        let slotCycles = end * Double(machine.gpu.smCount * occupancy.blocksPerSM)
        let tensorCycles = products * machine.sm.productCycles / Double(machine.sm.schedulers)
        let clock = machine.clockHertz(
            of: configuration.clockHertz, tensorUse: tensorCycles / max(1, end * Double(machine.gpu.smCount)))
        return LaunchResult(
            launch: launch, occupancy: occupancy, counters: counters, spanCycles: end,
            clockHertz: configuration.clockHertz, meanClockHertz: clock,
            overheadNanoseconds: machine.launch.overheadNanoseconds, peakBytesPerSecond: machine.hbm.bytesPerSecond,
            lifetimes: lifetimes, useCycles: use, queueShare: answered > 0 ? min(1, queued / answered) : 0,
            tensorCycles: tensorCycles, sms: sms,
            turnaroundCycles: turnaround,
            idleSlotShare: slotCycles > 0 ? max(0, 1 - lifetimes.sum / slotCycles) : 0, samples: samples,
            watched: isWatching ? watched : nil)
    }
}
