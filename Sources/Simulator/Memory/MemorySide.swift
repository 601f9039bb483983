import Machine

/// The memory behind one L2 partition: the requests to it, the channels that serve them, and the arrival times of lines
/// on their way.
///
/// In a window the L2 first queues the requests of the half's own SMs and then, after `endOwn`, the requests that came
/// over the fabric. Each of the two groups is sorted by time. `serveNext` then books both groups on the channels, in
/// the order of time.
struct MemorySide: ~Copyable {
    private let map: AddressMap
    private let jitter: MemoryJitter
    private let pending = PendingFills()
    private var channels: MemoryChannels
    private var requests = Buffer<MemoryRequest>(capacity: 4096)
    /// The number of `requests` that come from this half's own SMs.
    private var ownRequests = 0
    /// The next request of each group to be served.
    private var nextOwn = 0
    private var nextForeign = 0
    private var nearLatency = 0.0
    private var farLatency = 0.0
    private var sectorBytes: UInt64 = 0
    private var bytesPerSector = 0.0
    /// The lines whose traffic with memory is counted separately, and that traffic in bytes.
    private(set) var watched = WatchedLines()
    private(set) var counters = Counters()

    init(machine: MachineDescription, map: AddressMap) {
        self.map = map
        jitter = MemoryJitter(settings: machine.hbm)
        channels = MemoryChannels(
            channels: 1, readBytesPerCycle: 1, writeBytesPerCycle: 1, turnaroundCycles: 0, writeBatchBytes: 1)
    }

    /// Prepares for a launch: idle channels, no lines on their way, zero counters.
    mutating func beginLaunch(
        machine: MachineDescription, configuration: EngineConfiguration, watching: [Range<UInt64>]
    ) {
        let perHalf = max(1, machine.hbm.channels / machine.l2.partitions)
        // If the channels do not divide evenly among the partitions, fewer and faster channels share the bandwidth.
        let cycles = Double(perHalf * machine.l2.partitions) * configuration.clockHertz
        channels = MemoryChannels(
            channels: perHalf, readBytesPerCycle: machine.derived.hbmReadBytesPerSecond / cycles,
            writeBytesPerCycle: machine.derived.hbmWriteBytesPerSecond / cycles,
            turnaroundCycles: machine.hbm.turnaroundNanoseconds * 1e-9 * configuration.clockHertz,
            writeBatchBytes: Double(machine.hbm.directionBurstBytes))
        nearLatency = configuration.nearMemoryLatency
        farLatency = configuration.farMemoryLatency
        sectorBytes = configuration.sectorBytes
        bytesPerSector = configuration.bytesPerSector
        pending.reset()
        watched.watch(watching, lineBytes: configuration.geometry.lineBytes)
        counters = Counters()
        beginWindow()
    }

    /// Begins a window, which has no requests yet.
    mutating func beginWindow() {
        requests.removeAll()
        ownRequests = 0
        nextOwn = 0
        nextForeign = 0
    }

    /// Ends the requests of the half's own SMs. The following requests come over the fabric.
    mutating func endOwn() {
        ownRequests = requests.count
        nextForeign = ownRequests
    }

    /// Requests sectors of a line.
    /// - Parameters:
    ///   - read: the read that waits for them, or -1.
    ///   - isForeign: whether that read belongs to the other half.
    @inline(__always)
    mutating func fetch(line: UInt64, sectors: UInt8, read: Int32, isForeign: Bool, time: Double) {
        let count = sectors.nonzeroBitCount
        counters.l2FillSectors &+= UInt64(count)
        counters.hbmReadBytes &+= UInt64(count) &* sectorBytes
        watched.noteRead(line: line, bytes: UInt64(count) &* sectorBytes)
        pending.expect(line: line, arrival: time + nearLatency)
        requests.append(
            MemoryRequest(
                time: time, line: line, read: read, sectors: UInt8(truncatingIfNeeded: count), isWrite: false,
                isForeign: isForeign))
    }

    /// Sends dirty sectors to memory, and reads the missing bytes of torn sectors.
    mutating func writeBack(_ written: WriteBack, time: Double) {
        writeBack(line: written.line, sectors: written.sectors, torn: written.torn, time: time)
        if written.secondSectors != 0 {
            writeBack(line: written.secondLine, sectors: written.secondSectors, torn: written.secondTorn, time: time)
        }
    }

    private mutating func writeBack(line: UInt64, sectors: UInt8, torn: UInt8, time: Double) {
        if torn != 0 {
            // A partly written sector needs its other bytes. That takes one more lookup, which misses.
            counters.l2OtherSectors &+= UInt64(torn.nonzeroBitCount)
            fetch(line: line, sectors: torn, read: -1, isForeign: false, time: time)
        }
        let count = sectors.nonzeroBitCount
        counters.hbmWriteBytes &+= UInt64(count) &* sectorBytes
        watched.noteWrite(line: line, bytes: UInt64(count) &* sectorBytes)
        requests.append(
            MemoryRequest(
                time: time, line: line, read: -1, sectors: UInt8(truncatingIfNeeded: count), isWrite: true,
                isForeign: false))
    }

    /// Hints that the arrival of `line` is asked for soon.
    @inline(__always)
    func prefetch(line: UInt64) { pending.prefetch(line: line) }

    /// Notes that a line which the other half was asked for is expected at `arrival`.
    @inline(__always)
    func expect(line: UInt64, arrival: Double) { pending.expect(line: line, arrival: arrival) }

    /// Corrects the expectation once the arrival is known.
    @inline(__always)
    func update(line: UInt64, arrival: Double) { pending.update(line: line, arrival: arrival) }

    /// Cycle at which `line` arrives or arrived; 0 if nothing is known about it.
    @inline(__always)
    func arrival(of line: UInt64) -> Double { pending.arrival(of: line) }

    /// Books the window's requests by time, up to the next request that something waits for.
    /// - Returns: its answer, or nil once all requests are booked.
    @inline(__always)
    mutating func serveNext() -> MemoryAnswer? {
        let count = requests.count
        while nextOwn < ownRequests || nextForeign < count {
            let takesOwn =
                nextForeign >= count
                || (nextOwn < ownRequests && requests[nextOwn].time <= requests[nextForeign].time)
            let request = requests[takesOwn ? nextOwn : nextForeign]
            if takesOwn { nextOwn &+= 1 } else { nextForeign &+= 1 }
            let channel = map.channel(of: request.line)
            let bytes = Double(request.sectors) * bytesPerSector
            if request.isWrite {
                channels.write(channel: channel, bytes: bytes, now: request.time)
                continue
            }
            let queue = channels.read(channel: channel, bytes: bytes, now: request.time)
            let wait = queue + jitter.delay(line: request.line, time: request.time)
            let arrival = request.time + wait + nearLatency
            pending.update(line: request.line, arrival: arrival)
            guard request.read >= 0 else { continue }
            return MemoryAnswer(
                read: request.read, isForeign: request.isForeign, line: request.line, queue: queue,
                arrival: request.isForeign ? request.time + wait + farLatency : arrival)
        }
        return nil
    }

    /// Mean time until which the channels are booked.
    func meanBookedUntil() -> Double { channels.meanBookedUntil() }
}

/// Sectors that a memory channel has to move.
struct MemoryRequest: BitwiseCopyable {
    var time: Double
    var line: UInt64
    /// Position among the reads of the waiting half, or -1.
    var read: Int32
    var sectors: UInt8
    var isWrite: Bool
    /// Whether the waiting read belongs to the other half.
    var isForeign: Bool
}

/// The time at which memory answers a read that something waits for.
struct MemoryAnswer: BitwiseCopyable {
    /// Position among the reads of the waiting half.
    var read: Int32
    /// Whether the read belongs to the other half.
    var isForeign: Bool
    var line: UInt64
    /// Cycles spent in the channel's queue.
    var queue: Double
    /// Cycle at which the sectors reach the SM.
    var arrival: Double
}
