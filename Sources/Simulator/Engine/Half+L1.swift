import Trace

/// An SM's memory operations: L1 lookups and requests towards the L2.
extension Half {
    /// Performs the operation that the expander holds, issued by the block in `slot` at `now`.
    mutating func access(slot: Int, kind: AccessKind, hint: CacheHint, now: Double) {
        switch kind {
        case .load: read(slot: slot, kind: kind, now: now, throughL1: hint != .bypassL1)
        case .copyThroughL1, .localLoad: read(slot: slot, kind: kind, now: now, throughL1: true)
        case .copyBypass, .bulkLoad: read(slot: slot, kind: kind, now: now, throughL1: false)
        case .store, .bulkStore, .localStore: store(slot: slot, kind: kind, now: now)
        case .reduction: reduce(slot: slot, now: now, waits: false)
        case .atomic: reduce(slot: slot, now: now, waits: true)
        case .fetch, .copyBack, .invalidate: break
        }
    }

    private mutating func read(slot: Int, kind: AccessKind, now: Double, throughL1: Bool) {
        let sm = slot / configuration.slotsPerSM
        let firstSet = sm * configuration.l1SetsPerSM
        let ticket = newTicket(slot: slot, kind: kind)
        var issue = max(now, sms[sm].portFree)
        var requests = 0
        var sectors = 0
        var hits = 0
        var missLines = 0
        for position in 0..<expander.requests.count {
            let request = expander.requests[position]
            requests &+= request.startsRequest ? 1 : 0
            sectors &+= request.sectors.nonzeroBitCount
            var missing = request.sectors
            if throughL1 {
                let place = l1Index.place(of: request.line)
                let set = firstSet &+ place.set
                let way = l1.find(set: set, tag: place.tag)
                if way >= 0 {
                    let valid = l1.validSectors(set: set, way: way)
                    missing = request.sectors & ~valid
                    l1.touch(set: set, way: way)
                    if missing != 0 { l1.setValidSectors(set: set, way: way, valid | missing) }
                } else {
                    l1.insert(set: set, way: l1.victim(set: set), tag: place.tag, sectors: missing)
                }
                hits &+= (request.sectors & ~missing).nonzeroBitCount
            }
            if missing != 0 {
                missLines &+= 1
                buckets.append(
                    SectorRequest(
                        time: issue, line: request.line, ticket: ticket, gpc: gpcOfSM[sm], sectors: missing,
                        wholeSectors: 0, kind: .read), window: runningWindow)
            }
            issue += max(
                configuration.issueCyclesPerLine, Double(missing.nonzeroBitCount) * configuration.fillCyclesPerSector)
        }
        sms[sm].portFree = issue
        slots[slot].portUntil = issue
        slots[slot].requestsUntil = issue
        let missSectors = sectors - hits
        counters.lineRequests &+= UInt64(expander.requests.count)
        if kind == .localLoad {
            counters.l1LocalLoadSectors &+= UInt64(sectors)
            counters.l1LocalLoadHitSectors &+= UInt64(hits)
        } else {
            counters.l1LoadRequests &+= UInt64(requests)
            counters.l1LoadSectors &+= UInt64(sectors)
            counters.l1LoadHitSectors &+= UInt64(hits)
        }
        counters.l2ToL1ReadSectors &+= UInt64(missSectors)
        if kind == .copyBypass || kind == .bulkLoad {
            counters.l1CopyBypassRequests &+= UInt64(requests)
            counters.l1CopyBypassSectors &+= UInt64(sectors)
        } else if kind == .copyThroughL1 {
            counters.l1CopyAccessRequests &+= UInt64(requests)
            counters.l1CopyAccessSectors &+= UInt64(sectors)
        }
        let hitReady = issue + configuration.l1HitLatency
        guard missLines > 0 else {
            releaseTicket(ticket)
            noteArrival(slot: slot, cell: Self.cell(of: kind, state: slots[slot]), arrival: hitReady)
            return
        }
        sms[sm].outstandingLines += Int32(truncatingIfNeeded: missLines)
        openTicket(ticket, lines: missLines, arrival: hitReady)
    }

    private mutating func store(slot: Int, kind: AccessKind, now: Double) {
        let throughL1 = kind != .bulkStore
        let allocates = configuration.l1WritesAllocate || kind == .localStore
        let sm = slot / configuration.slotsPerSM
        let firstSet = sm * configuration.l1SetsPerSM
        var free = max(now, sms[sm].portFree)
        var requests = 0
        var sectors = 0
        var hits = 0
        for position in 0..<expander.requests.count {
            let request = expander.requests[position]
            let here = request.sectors.nonzeroBitCount
            requests &+= request.startsRequest ? 1 : 0
            sectors &+= here
            if throughL1 {
                let place = l1Index.place(of: request.line)
                let set = firstSet &+ place.set
                let way = l1.find(set: set, tag: place.tag)
                if way >= 0 {
                    hits &+= here
                    l1.setValidSectors(set: set, way: way, l1.validSectors(set: set, way: way) | request.wholeSectors)
                } else if allocates {
                    l1.insert(set: set, way: l1.victim(set: set), tag: place.tag, sectors: request.wholeSectors)
                }
            }
            buckets.append(
                SectorRequest(
                    time: free, line: request.line, ticket: -1, gpc: gpcOfSM[sm], sectors: request.sectors,
                    wholeSectors: request.wholeSectors, kind: .write), window: runningWindow)
            free += Double(here) * configuration.storeCyclesPerSector
        }
        sms[sm].portFree = free
        slots[slot].portUntil = free
        if !expander.requests.isEmpty { slots[slot].unfenced = allHomes }
        counters.lineRequests &+= UInt64(expander.requests.count)
        if kind == .localStore {
            counters.l1LocalStoreSectors &+= UInt64(sectors)
            counters.l1LocalStoreHitSectors &+= UInt64(hits)
        } else {
            counters.l1StoreRequests &+= UInt64(requests)
            counters.l1StoreSectors &+= UInt64(sectors)
            counters.l1StoreHitSectors &+= UInt64(hits)
        }
        counters.l1ToL2WriteSectors &+= UInt64(sectors)
    }

    /// Sends reductions or, where the block `waits` for results, atomics: a packet a line, of a header and the sectors.
    private mutating func reduce(slot: Int, now: Double, waits: Bool) {
        let sm = slot / configuration.slotsPerSM
        let count = expander.requests.count
        guard count > 0 else { return }
        let ticket = waits ? newTicket(slot: slot, kind: .atomic) : -1
        var free = max(now, sms[sm].portFree)
        var sectors = 0
        var homes: UInt8 = 0
        for position in 0..<count {
            let request = expander.requests[position]
            let here = request.sectors.nonzeroBitCount
            sectors &+= here
            homes |= map.home(of: request.line) == index ? 1 : 2
            buckets.append(
                SectorRequest(
                    time: free, line: request.line, ticket: ticket, gpc: gpcOfSM[sm], sectors: request.sectors,
                    wholeSectors: request.wholeSectors, kind: .reduction), window: runningWindow)
            free += Double(here &+ 1) * configuration.storeCyclesPerSector
        }
        sms[sm].portFree = free
        slots[slot].portUntil = free
        slots[slot].unfenced |= homes
        counters.lineRequests &+= UInt64(count)
        counters.l1ToL2WriteSectors &+= UInt64(sectors)
        if waits {
            counters.l1AtomicSectors &+= UInt64(sectors)
            counters.l2ToL1ReadSectors &+= UInt64(sectors)
            sms[sm].outstandingLines += Int32(truncatingIfNeeded: count)
            openTicket(ticket, lines: count, arrival: free)
        } else {
            counters.l1ReductionSectors &+= UInt64(sectors)
        }
    }

    /// A fence, once the block's loads and atomics are there: waits until a request that follows its writes to each partition
    /// would be back.
    /// - Parameter invalidates: whether the SM's L1 is dropped, as behind an acquire.
    mutating func fence(slot: Int, now: Double, invalidates: Bool) {
        let sm = slot / configuration.slotsPerSM
        if invalidates { l1.reset(firstSet: sm * configuration.l1SetsPerSM, count: configuration.l1SetsPerSM) }
        spend(slot: slot, on: .fences, from: now)
        countFence(sm: sm, now: now)
        guard slots[slot].unfenced != 0 else {
            events.push(time: now + configuration.fence, kind: .block, index: slot)
            return
        }
        let ticket = newTicket(slot: slot, kind: .atomic)
        buckets.append(
            SectorRequest(
                time: max(now, slots[slot].portUntil), line: 0, ticket: ticket, gpc: gpcOfSM[sm], sectors: slots[slot].unfenced,
                wholeSectors: 0, kind: .fence), window: runningWindow)
        sms[sm].outstandingLines += 1
        openTicket(ticket, lines: 1, arrival: now + configuration.fence)
        slots[slot].unfenced = 0
        slots[slot].wait = .loads
    }

    /// Counts the lookups of a fence: it asks every slice once. An SM's fences go one after the other, and those that come while
    /// another one waits go with it.
    private mutating func countFence(sm: Int, now: Double) {
        let (current, last) = (sms[sm].fenceEnd, sms[sm].lastFenceEnd)
        if now < current {
            guard last == current else { return }
            sms[sm].lastFenceEnd = current + configuration.farFence
        } else if now < last {
            sms[sm].fenceEnd = last
            sms[sm].lastFenceEnd = last + configuration.farFence
        } else {
            sms[sm].fenceEnd = now + configuration.farFence
            sms[sm].lastFenceEnd = sms[sm].fenceEnd
        }
        counters.l2OtherSectors &+= map.slices
        counters.l2OtherHitSectors &+= map.slices
        if map.partitions > 1 { counters.l2FabricFenceSectors &+= map.slices }
    }
}
