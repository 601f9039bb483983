import Machine
import Trace

/// Takes the requests that an L1 does not answer itself.
protocol LineSink: ~Copyable {
    mutating func send(_ request: SectorRequest)
}

/// The outcome of a read.
struct ReadOutcome: BitwiseCopyable {
    /// Cycle at which the port has taken the last request.
    var issued: Double
    /// The number of lines with missing sectors. Each is now on its way.
    var missingLines: Int
}

/// The set and the tag of a line in the tag store of a half's L1s.
struct LinePlace: BitwiseCopyable {
    var set: Int
    var tag: UInt32
}

/// The L1 caches of a half's SMs and their ports. They perform lookups and send requests for missing lines.
///
/// The lines of an operation take the port one after the other, from the caller's start cycle on.
struct L1Caches: ~Copyable {
    private let gpcOfSM: [UInt8]
    private let map: AddressMap
    private let half: Int
    private var tags: TagStore
    private var index: SetIndex
    private var setsPerSM = 1
    /// The lines that each L1 has room for.
    private var room = LineRoom(caches: 1, lines: 1, sets: 1, ways: 1)
    private var writesAllocate = false
    private var issueCyclesPerLine = 0.0
    private var lineInterval = 0.0
    private var fillCyclesPerSector = 0.0
    private var bulkFillCyclesPerSector = 0.0
    private var storeCyclesPerSector = 0.0
    /// The places of the lines of the running operation.
    private var places = Buffer<LinePlace>(capacity: 1024)
    private(set) var counters = Counters()

    /// - Parameters:
    ///   - gpcOfSM: GPC of each SM, numbered within the half.
    ///   - half: the partition to which the SMs belong.
    init(machine: MachineDescription, gpcOfSM: [UInt8], map: AddressMap, half: Int) {
        self.gpcOfSM = gpcOfSM
        self.map = map
        self.half = half
        tags = TagStore(
            sets: 1, ways: machine.l1.ways, replacement: machine.l1.replacement, seed: UInt64(machine.l1.seed))
        index = SetIndex(hash: machine.l1.hash, sets: 1)
    }

    /// Prepares for a launch: empty caches of the launch's size, zero counters.
    mutating func beginLaunch(machine: MachineDescription, configuration: EngineConfiguration) {
        setsPerSM = configuration.l1SetsPerSM
        tags = TagStore(
            sets: gpcOfSM.count * setsPerSM, ways: machine.l1.ways, replacement: machine.l1.replacement,
            seed: UInt64(machine.l1.seed))
        index = SetIndex(hash: machine.l1.hash, sets: setsPerSM)
        room = LineRoom(
            caches: gpcOfSM.count, lines: configuration.l1LinesPerSM, sets: setsPerSM, ways: machine.l1.ways)
        writesAllocate = configuration.l1WritesAllocate
        issueCyclesPerLine = configuration.issueCyclesPerLine
        lineInterval = configuration.lineInterval
        fillCyclesPerSector = configuration.fillCyclesPerSector
        bulkFillCyclesPerSector = configuration.bulkFillCyclesPerSector
        storeCyclesPerSector = configuration.storeCyclesPerSector
        counters = Counters()
    }

    /// Drops the lines of an SM.
    mutating func invalidate(sm: Int) {
        tags.reset(firstSet: sm * setsPerSM, count: setsPerSM)
        room.reset(cache: sm)
    }

    /// Brings a line into `set` of an SM's L1.
    @inline(__always)
    private mutating func fill(set: Int, tag: UInt32, sectors: UInt8, sm: Int) {
        let way = tags.victim(set: set)
        if room.isShort, tags.tag(set: set, way: way) == TagStore.emptyTag {
            let firstSet = sm &* setsPerSM
            let full = room.take(cache: sm, set: set &- firstSet)
            tags.prefetch(set: firstSet &+ room.laterSet(cache: sm))
            if full >= 0 { tags.remove(set: firstSet &+ full, way: tags.lastLine(set: firstSet &+ full)) }
        }
        tags.insert(set: set, way: way, tag: tag, sectors: sectors)
    }

    /// Finds the places of lines, and asks the host's caches for them.
    @inline(__always)
    private mutating func findPlaces(of requests: [LineRequest], firstSet: Int) {
        places.removeAll()
        for request in requests {
            let (set, tag) = index.place(of: request.line)
            let place = LinePlace(set: firstSet &+ set, tag: tag)
            tags.prefetch(set: place.set)
            places.append(place)
        }
    }

    /// Reads lines.
    /// - Parameters:
    ///   - kind: the kind of access to count.
    ///   - throughL1: whether the L1 looks lines up and keeps them. If not, they pass by it.
    ///   - receivers: the SMs that take the data, this one included. The port takes this SM's part of what all send.
    ///   - ticket: the ticket that waits for the answers.
    mutating func read<Below: LineSink & ~Copyable>(
        _ requests: [LineRequest], kind: AccessKind, throughL1: Bool, receivers: Int = 1, sm: Int, ticket: Int32,
        at start: Double, below: inout Below
    ) -> ReadOutcome {
        let firstSet = sm * setsPerSM
        let gpc = gpcOfSM[sm]
        var issue = start
        var port = PortUse(begin: start)
        var warpRequests = 0
        var sectors = 0
        var hits = 0
        var missingLines = 0
        let sent: SectorRequest.Kind = receivers > 1 ? .multicast : .read
        let sectorFill = (kind == .bulkLoad ? bulkFillCyclesPerSector : fillCyclesPerSector) * Double(receivers)
        if throughL1 { findPlaces(of: requests, firstSet: firstSet) }
        for (position, request) in requests.enumerated() {
            if request.startsRequest {
                warpRequests &+= 1
                port = PortUse(begin: issue)
            }
            sectors &+= request.sectors.nonzeroBitCount
            var missing = request.sectors
            if throughL1 {
                let (set, tag) = (places[position].set, places[position].tag)
                let way = tags.find(set: set, tag: tag)
                if way >= 0 {
                    let valid = tags.validSectors(set: set, way: way)
                    missing = request.sectors & ~valid
                    tags.touch(set: set, way: way)
                    if missing != 0 { tags.setValidSectors(set: set, way: way, valid | missing) }
                } else {
                    fill(set: set, tag: tag, sectors: missing, sm: sm)
                }
                hits &+= (request.sectors & ~missing).nonzeroBitCount
            }
            if missing != 0 {
                missingLines &+= 1
                below.send(
                    SectorRequest(
                        time: issue, line: request.line, ticket: ticket, gpc: gpc, sectors: missing, wholeSectors: 0,
                        kind: sent))
            }
            port.add(
                request.sectors, interval: lineInterval, fill: Double(missing.nonzeroBitCount) * sectorFill)
            issue = port.begin + max(Double(port.turns) * issueCyclesPerLine, port.lineCycles, port.fillCycles)
        }
        count(kind, lines: requests.count, requests: warpRequests, sectors: sectors, hits: hits, receivers: receivers)
        return ReadOutcome(issued: issue, missingLines: missingLines)
    }

    /// Counts a read.
    private mutating func count(
        _ kind: AccessKind, lines: Int, requests: Int, sectors: Int, hits: Int, receivers: Int
    ) {
        counters.lineRequests &+= UInt64(lines)
        counters.l2ToL1ReadSectors &+= UInt64((sectors - hits) * receivers)
        // The L1's counters see no bulk copies. *Source:* docs/validation/h200_triton_dev.csv, matmul_descriptor.
        guard kind != .bulkLoad else { return }
        if kind == .localLoad {
            counters.l1LocalLoadSectors &+= UInt64(sectors)
            counters.l1LocalLoadHitSectors &+= UInt64(hits)
        } else {
            counters.l1LoadRequests &+= UInt64(requests)
            counters.l1LoadSectors &+= UInt64(sectors)
            counters.l1LoadHitSectors &+= UInt64(hits)
        }
        if kind == .copyBypass {
            counters.l1CopyBypassRequests &+= UInt64(requests)
            counters.l1CopyBypassSectors &+= UInt64(sectors)
        } else if kind == .copyThroughL1 {
            counters.l1CopyAccessRequests &+= UInt64(requests)
            counters.l1CopyAccessSectors &+= UInt64(sectors)
        }
    }

    /// Stores lines. All lines go to the L2. A line that the L1 holds takes the sectors that were written whole.
    /// - Returns: the cycle at which the port has taken all lines.
    mutating func store<Below: LineSink & ~Copyable>(
        _ requests: [LineRequest], kind: AccessKind, sm: Int, at start: Double, below: inout Below
    ) -> Double {
        let throughL1 = kind != .bulkStore
        let allocates = writesAllocate || kind == .localStore
        let firstSet = sm * setsPerSM
        let gpc = gpcOfSM[sm]
        var free = start
        var warpRequests = 0
        var sectors = 0
        var hits = 0
        if throughL1 { findPlaces(of: requests, firstSet: firstSet) }
        for (position, request) in requests.enumerated() {
            let here = request.sectors.nonzeroBitCount
            warpRequests &+= request.startsRequest ? 1 : 0
            sectors &+= here
            if throughL1 {
                let (set, tag) = (places[position].set, places[position].tag)
                let way = tags.find(set: set, tag: tag)
                if way >= 0 {
                    hits &+= here
                    tags.setValidSectors(
                        set: set, way: way, tags.validSectors(set: set, way: way) | request.wholeSectors)
                } else if allocates {
                    fill(set: set, tag: tag, sectors: request.wholeSectors, sm: sm)
                }
            }
            below.send(
                SectorRequest(
                    time: free, line: request.line, ticket: -1, gpc: gpc, sectors: request.sectors,
                    wholeSectors: request.wholeSectors, kind: .write))
            free += Double(here) * storeCyclesPerSector
        }
        counters.lineRequests &+= UInt64(requests.count)
        if kind == .bulkStore {
            // As with loads, the L1's counters see no bulk copies.
        } else if kind == .localStore {
            counters.l1LocalStoreSectors &+= UInt64(sectors)
            counters.l1LocalStoreHitSectors &+= UInt64(hits)
        } else {
            counters.l1StoreRequests &+= UInt64(warpRequests)
            counters.l1StoreSectors &+= UInt64(sectors)
            counters.l1StoreHitSectors &+= UInt64(hits)
        }
        counters.l1ToL2WriteSectors &+= UInt64(sectors)
        return free
    }

    /// Sends reductions, or atomics if a ticket waits for results. Each line is a packet of a header and its sectors.
    /// - Parameters:
    ///   - isBulk: whether a bulk copy does it. The L1's counters do not see it then.
    ///   - ticket: the ticket that waits for the results, or -1.
    /// - Returns: the cycle at which the port has taken all lines, and the partitions that are asked. Bit 0 is the SMs'
    ///   own partition, bit 1 the other.
    mutating func reduce<Below: LineSink & ~Copyable>(
        _ requests: [LineRequest], isBulk: Bool, sm: Int, ticket: Int32, at start: Double, below: inout Below
    ) -> (free: Double, homes: UInt8) {
        let gpc = gpcOfSM[sm]
        var free = start
        var sectors = 0
        var homes: UInt8 = 0
        for request in requests {
            let here = request.sectors.nonzeroBitCount
            sectors &+= here
            homes |= map.home(of: request.line) == half ? 1 : 2
            below.send(
                SectorRequest(
                    time: free, line: request.line, ticket: ticket, gpc: gpc, sectors: request.sectors,
                    wholeSectors: request.wholeSectors, kind: .reduction))
            free += Double(here &+ 1) * storeCyclesPerSector
        }
        counters.lineRequests &+= UInt64(requests.count)
        counters.l1ToL2WriteSectors &+= UInt64(sectors)
        if ticket >= 0 {
            counters.l1AtomicSectors &+= UInt64(sectors)
            counters.l2ToL1ReadSectors &+= UInt64(sectors)
        } else if !isBulk {
            counters.l1ReductionSectors &+= UInt64(sectors)
        }
        return (free, homes)
    }

    /// Sends the request of a fence. It follows an SM's writes to the partitions in `homes`.
    func fence<Below: LineSink & ~Copyable>(homes: UInt8, sm: Int, ticket: Int32, at time: Double, below: inout Below) {
        below.send(
            SectorRequest(
                time: time, line: 0, ticket: ticket, gpc: gpcOfSM[sm], sectors: homes, wholeSectors: 0, kind: .fence))
    }
}
