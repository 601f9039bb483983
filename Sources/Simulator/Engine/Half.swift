import Machine
import Trace

/// One half of the machine: the SMs behind one L2 partition, the way to it, the partition and its memory.
///
/// A half advances alone for one window at a time, then serves what the other half's window asked of it (`serveHome`).
/// The two steps never touch the other half's state, except for reading the queues that it filled in the step before;
/// halves may therefore run on two threads with the same results as on one.
///
/// Each part does its own work and knows only what lies below it. The half hands requests and answers from part to
/// part, and so decides what is looked up, where and in which order.
struct Half: ~Copyable {
    let index: Int
    let map: AddressMap
    var cluster: SMCluster
    var path: RequestPath
    var slices: L2Slices
    var partition: L2Partition
    var memory: MemorySide
    var configuration: EngineConfiguration
    /// What is counted at the L2; the parts count the rest.
    var l2Counters = Counters()

    init(index: Int, machine: MachineDescription, configuration: EngineConfiguration, board: FlagBoard) {
        self.index = index
        self.configuration = configuration
        let partitions = machine.l2.partitions
        map = AddressMap(
            lineBytes: machine.l2.lineBytes, partitions: partitions, homeChunkBytes: machine.l2.homeChunkBytes,
            slices: machine.derived.slicesPerPartition, channels: max(1, machine.hbm.channels / partitions),
            interleaveBytes: machine.hbm.interleaveBytes)
        cluster = SMCluster(machine: machine, half: index, configuration: configuration, board: board)
        let gpcs = Array(Set(cluster.smNumbers.map { machine.gpcs.gpcOfSM[$0] })).sorted()
        let gpcOfSM = cluster.smNumbers.map { UInt8(gpcs.firstIndex(of: machine.gpcs.gpcOfSM[$0]) ?? 0) }
        path = RequestPath(
            l1s: L1Caches(machine: machine, gpcOfSM: gpcOfSM, map: map, half: index),
            crossbar: Crossbar(machine: machine, gpcs: max(1, gpcs.count), windowCycles: configuration.windowCycles))
        slices = L2Slices(machine: machine, map: map, windowCycles: configuration.windowCycles)
        partition = L2Partition(machine: machine, seed: UInt64(bitPattern: Int64(machine.l2.seed)) &+ UInt64(index))
        memory = MemorySide(machine: machine, map: map)
    }

    /// Prepares for a launch: empty L1s, idle clocks, zero counters. The L2's contents stay.
    /// - Parameters:
    ///   - hasParts: whether blocks' programs come in parts.
    ///   - flagsAddress: where the launch's flags are.
    ///   - watching: addresses whose traffic with memory is counted apart.
    ///   - isRecording: keeps ended blocks until the caller takes them.
    mutating func beginLaunch(
        machine: MachineDescription, configuration: EngineConfiguration, hasParts: Bool, flagsAddress: UInt64,
        watching: [Range<UInt64>], isRecording: Bool
    ) {
        self.configuration = configuration
        cluster.beginLaunch(configuration, hasParts: hasParts, flagsAddress: flagsAddress, isRecording: isRecording)
        path.l1s.beginLaunch(machine: machine, configuration: configuration)
        path.crossbar.beginLaunch(configuration)
        slices.beginLaunch(configuration)
        memory.beginLaunch(machine: machine, configuration: configuration, watching: watching)
        l2Counters = Counters()
    }

    /// Runs the blocks' events of `window`.
    mutating func runEvents(in window: Int) {
        path.crossbar.begin(window: window)
        cluster.runEvents(in: window, below: &path)
    }

    /// Earliest cycle at which something happens here; infinity when nothing is left to do.
    func nextTime(window: Int) -> Double {
        var next = cluster.events.nextTime
        if let occupied = path.crossbar.firstOccupied(from: window) {
            next = min(next, Double(occupied) * configuration.windowCycles)
        }
        return next
    }

    /// Adds what all parts have counted to `counters`.
    func addCounters(to counters: inout Counters) {
        counters.add(cluster.counters)
        counters.add(path.l1s.counters)
        counters.add(l2Counters)
        counters.add(memory.counters)
    }
}
