import Machine
import Trace

/// One half of the machine: the SMs behind one L2 partition, the way to it, the partition and its memory.
///
/// A half first advances alone for one window. Then it serves the requests that the other half sent in its window
/// (`serveHome`). Neither step touches the other half's state, except that it reads the queues that the other half
/// filled in the step before. Halves may therefore run on two threads with the same results as on one.
///
/// Each part does its own work and knows only the parts below it. The half hands requests and answers from part to
/// part. It so decides what is looked up, where, and in which order.
struct Half: ~Copyable {
    let index: Int
    let map: AddressMap
    var cluster: SMCluster
    var path: RequestPath
    var slices: L2Slices
    var partition: L2Partition
    var memory: MemorySide
    var configuration: EngineConfiguration
    /// The counters of the L2. The parts count the rest.
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
    ///   - flagsAddress: the address of the launch's flags.
    ///   - watching: addresses whose traffic with memory is counted separately.
    ///   - isRecording: whether to keep ended blocks until the caller takes them.
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

    /// Earliest cycle at which something happens here; infinity if nothing is left to do.
    func nextTime(window: Int) -> Double {
        var next = cluster.events.nextTime
        if let occupied = path.crossbar.firstOccupied(from: window) {
            next = min(next, Double(occupied) * configuration.windowCycles)
        }
        return next
    }

    /// Adds the counts of all parts to `counters`.
    func addCounters(to counters: inout Counters) {
        counters.add(cluster.counters)
        counters.add(path.l1s.counters)
        counters.add(l2Counters)
        counters.add(memory.counters)
    }
}
