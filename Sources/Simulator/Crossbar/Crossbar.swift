import Machine

/// The way from a half's SMs to its L2 slices and to the other half. It holds the requests by the window of their
/// arrival, the rates of the GPCs, the coalescers, the reads that wait for answers, and the fabric.
///
/// A read's identity is its number in the window, from 0. `takeArrivals` gives out the requests of a window. At the
/// beginning of the next window `mergedAnswer` and `takeAnswer` hand the window's answers to the SMs.
struct Crossbar: ~Copyable, LineSink {
    private let coalesces: Bool
    private var buckets: TimeBuckets
    private var limiter: RequestLimiter
    private var fillLimiter: RequestLimiter
    private var coalescer: RequestCoalescer
    /// The window's requests, sorted by time.
    private var arrived = Buffer<SectorRequest>(capacity: 4096)
    private var reads = Buffer<WaitingRead>(capacity: 4096)
    private var answers = Buffer<Double>(capacity: 4096)
    private var merged = Buffer<MergedRead>(capacity: 1024)
    private var fabricCyclesPerSector = 0.0
    /// Cycle until which the fabric into this half is booked.
    private(set) var fabricFree = 0.0
    /// The window's requests to the other half, and this half's answers to the other half.
    private(set) var outgoing = Buffer<FabricRequest>(capacity: 4096)
    private(set) var responses = Buffer<FabricResponse>(capacity: 4096)
    /// The running window. Requests can join it and later windows only.
    private(set) var window = 0
    /// The sum over all reads of the cycles between request and answer, and the part of it spent in queues.
    private(set) var answerCycles = 0.0
    private(set) var queueCycles = 0.0

    /// - Parameter gpcs: the number of the half's GPCs, at least one.
    init(machine: MachineDescription, gpcs: Int, windowCycles: Double) {
        coalesces = machine.coalescer.enabled
        buckets = TimeBuckets(windowCycles: windowCycles)
        limiter = RequestLimiter(
            gpcs: gpcs, cyclesPerUnit: machine.settings.gpcs.requestCycles, windowCycles: windowCycles)
        let fill = machine.settings.gpcs.fillBytesPerCycle
        fillLimiter = RequestLimiter(
            gpcs: gpcs, cyclesPerUnit: fill > 0 ? Double(machine.l2.sectorBytes) / fill : 0, windowCycles: windowCycles)
        coalescer = RequestCoalescer(gpcs: gpcs, settings: machine.coalescer)
    }

    /// Prepares for a launch. Nothing is on its way.
    mutating func beginLaunch(_ configuration: EngineConfiguration) {
        fabricCyclesPerSector = configuration.fabricCyclesPerSector
        buckets.removeAll()
        limiter.reset()
        fillLimiter.reset()
        coalescer.reset()
        endAnswers()
        fabricFree = 0
        outgoing.removeAll()
        responses.removeAll()
        window = 0
        answerCycles = 0
        queueCycles = 0
    }

    // Requests

    /// Begins a window, in which SMs send requests.
    mutating func begin(window: Int) { self.window = window }

    /// Sends a request of an SM. It joins the running window or a later one.
    @inline(__always)
    mutating func send(_ request: SectorRequest) { buckets.append(request, window: window) }

    /// The first window from `window` on in which requests arrive, or nil.
    func firstOccupied(from window: Int) -> Int? { buckets.firstOccupied(from: window) }

    /// Takes the requests that arrive in the running window.
    /// - Returns: how many there are.
    mutating func takeArrivals() -> Int {
        buckets.take(window: window, into: &arrived)
        outgoing.removeAll()
        limiter.begin(window: window)
        fillLimiter.begin(window: window)
        return arrived.count
    }

    /// The line of a request that arrived.
    @inline(__always)
    func arrivedLine(_ position: Int) -> UInt64 { arrived[position].line }

    /// A request that has passed its GPC, and the cycles that it waited for the GPC's rate of requests. The caller
    /// takes each request once, in order.
    @inline(__always)
    mutating func pass(_ position: Int) -> (request: SectorRequest, delay: Double) {
        var request = arrived[position]
        let gpc = Int(request.gpc)
        limiter.pass(gpc: gpc, units: 1)
        let delay = limiter.delay(gpc: gpc)
        request.time += delay
        return (request, delay)
    }

    // Reads

    /// Reads that wait for answers.
    var hasAnswers: Bool { reads.count > 0 || merged.count > 0 }

    /// Opens a read, unless the coalescer answers it together with an earlier one.
    /// - Parameter delay: cycles that the read waited for its GPC.
    /// - Returns: the read, or nil if an earlier one stands for it.
    @inline(__always)
    mutating func open(_ request: SectorRequest, delay: Double) -> OpenRead? {
        let read = Int32(truncatingIfNeeded: reads.count)
        var entry: Int32 = -1
        if coalesces, request.kind == .read {
            let isMerged = coalescer.merge(
                gpc: Int(request.gpc), line: request.line, sectors: request.sectors, read: read, time: request.time)
            let found = coalescer.entry
            if isMerged {
                merged.append(
                    MergedRead(ticket: request.ticket, read: coalescer.reads[found], arrival: coalescer.arrivals[found])
                )
                return nil
            }
            entry = Int32(truncatingIfNeeded: found)
        }
        reads.append(WaitingRead(ticket: request.ticket, entry: entry))
        answerCycles -= request.time - delay
        // Answers queue on their way from the L2 to the GPC. Meanwhile the coalescer merges further reads with theirs,
        // and these take nothing of the rate. What the request has waited for, the answers before it have used.
        let gpc = Int(request.gpc)
        fillLimiter.pass(gpc: gpc, units: Double(request.sectors.nonzeroBitCount))
        let fill = max(0, fillLimiter.delay(gpc: gpc) - delay)
        queueCycles += fill
        return OpenRead(number: read, entry: entry, fillDelay: fill)
    }

    /// Answers the last opened read, if it is known at once when the L2 has its answer. `time` is the arrival of an
    /// answer that does not wait for its GPC.
    @inline(__always)
    mutating func answer(_ read: OpenRead, at time: Double) {
        let arrival = time + read.fillDelay
        answers.append(arrival)
        if read.entry >= 0 {
            coalescer.expect(entry: Int(read.entry), read: read.number, arrival: arrival, isFinal: false)
        }
    }

    /// Notes that the last opened read is answered at `time` at the earliest, and later where its GPC has no room.
    @inline(__always)
    mutating func answerLater(_ read: OpenRead, earliest time: Double) { answers.append(time + read.fillDelay) }

    /// Opens a read that the coalescer must not merge with others: that of an atomic or a fence.
    /// - Returns: its number.
    mutating func open(ticket: Int32, at time: Double, earliest arrival: Double) -> Int32 {
        reads.append(WaitingRead(ticket: ticket))
        answers.append(arrival)
        answerCycles -= time
        return Int32(truncatingIfNeeded: reads.count - 1)
    }

    /// Sets a read's arrival.
    @inline(__always)
    func settle(_ read: Int32, at arrival: Double) { answers[Int(read)] = arrival }

    /// Delays a read's arrival to at least `arrival`.
    @inline(__always)
    func raise(_ read: Int32, to arrival: Double) { answers[Int(read)] = max(answers[Int(read)], arrival) }

    /// Counts cycles that a read spent in queues.
    @inline(__always)
    mutating func addQueue(_ cycles: Double) { queueCycles += cycles }

    /// Adds to the answer cycles those of reads that were skipped.
    mutating func addAnswers(_ cycles: Double) { answerCycles += cycles }

    // Answers

    var mergedCount: Int { merged.count }
    var readCount: Int { reads.count }

    func mergedTicket(_ position: Int) -> Int32 { merged[position].ticket }

    /// The answer to a merged read.
    @inline(__always)
    func mergedAnswer(_ position: Int) -> (ticket: Int32, arrival: Double) {
        let read = merged[position]
        return (read.ticket, read.read >= 0 ? answers[Int(read.read)] : read.arrival)
    }

    /// The answer to a read. Nothing delays it any more. The caller takes each answer once, in order.
    @inline(__always)
    mutating func takeAnswer(_ position: Int) -> (ticket: Int32, arrival: Double) {
        let read = reads[position]
        let arrival = answers[position]
        answerCycles += arrival
        if read.entry >= 0 {
            coalescer.expect(
                entry: Int(read.entry), read: Int32(truncatingIfNeeded: position), arrival: arrival, isFinal: true)
        }
        return (read.ticket, arrival)
    }

    /// Forgets the window's reads.
    mutating func endAnswers() {
        answers.removeAll()
        reads.removeAll()
        merged.removeAll()
    }

    // Fabric

    /// Sends a request to the other half.
    @inline(__always)
    mutating func ask(_ request: FabricRequest) { outgoing.append(request) }

    /// Begins to serve the requests of the other half.
    mutating func beginResponses() { responses.removeAll() }

    /// Answers the other half.
    @inline(__always)
    mutating func respond(_ response: FabricResponse) { responses.append(response) }

    /// Cycles that sectors from the other half wait for the fabric, first come, first served.
    @inline(__always)
    mutating func waitForFabric(sectors: Int, now: Double) -> Double {
        let start = max(now, fabricFree)
        fabricFree = start + Double(sectors) * fabricCyclesPerSector
        return start - now
    }
}

/// A read that was not merged with an earlier one.
struct OpenRead: BitwiseCopyable {
    /// Its number in the window.
    var number: Int32
    /// Its entry in the coalescer; -1 if nothing can merge with it.
    var entry: Int32
    /// Cycles that its answer waits for the rate at which its GPC takes sectors.
    var fillDelay: Double
}

/// A read on its way through the L2, in the order of its window.
struct WaitingRead: BitwiseCopyable {
    var ticket: Int32
    /// Its entry in the coalescer; -1 if nothing can merge with it.
    var entry: Int32 = -1
}

/// A read that the coalescer answers together with an earlier one.
struct MergedRead: BitwiseCopyable {
    var ticket: Int32
    /// The number of the earlier read in this window, or -1 if `arrival` is already known.
    var read: Int32
    var arrival: Double
}
