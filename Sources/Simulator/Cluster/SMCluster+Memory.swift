import Trace

/// An SM's memory operations: the port, the ticket that counts the answers, and what the block waits for.
extension SMCluster {
    /// Performs the operation that the expander holds, issued by the block in `slot` at `now`.
    mutating func access<Below: OperationPath & ~Copyable>(
        slot: Int, kind: AccessKind, hint: CacheHint, now: Double, below: inout Below
    ) {
        switch kind {
        case .load: read(slot: slot, kind: kind, now: now, throughL1: hint != .bypassL1, below: &below)
        case .copyThroughL1, .localLoad: read(slot: slot, kind: kind, now: now, throughL1: true, below: &below)
        case .copyBypass: read(slot: slot, kind: kind, now: now, throughL1: false, below: &below)
        case .bulkLoad:
            read(slot: slot, kind: kind, now: now, throughL1: false, receivers: hint.receivers, below: &below)
        case .store, .bulkStore, .localStore: store(slot: slot, kind: kind, now: now, below: &below)
        case .reduction:
            reduce(slot: slot, isBulk: hint == .bypassL1, now: now, waits: false, below: &below)
        case .atomic: reduce(slot: slot, isBulk: false, now: now, waits: true, below: &below)
        case .fetch, .copyBack, .invalidate: break
        }
    }

    private mutating func read<Below: OperationPath & ~Copyable>(
        slot: Int, kind: AccessKind, now: Double, throughL1: Bool, receivers: Int = 1, below: inout Below
    ) {
        let sm = sm(of: slot)
        let ticket = newTicket(slot: slot, kind: kind)
        let outcome = below.read(
            expander.requests, kind: kind, throughL1: throughL1, receivers: receivers, sm: sm, ticket: ticket,
            at: max(now, sms[sm].portFree))
        sms[sm].portFree = outcome.issued
        slots[slot].portUntil = outcome.issued
        slots[slot].requestsUntil = outcome.issued
        let hitReady = outcome.issued + configuration.l1HitLatency
        guard outcome.missingLines > 0 else {
            tickets.release(ticket)
            noteArrival(slot: slot, cell: Self.cell(of: kind, state: slots[slot]), arrival: hitReady)
            return
        }
        sms[sm].outstandingLines += Int32(truncatingIfNeeded: outcome.missingLines)
        openTicket(ticket, lines: outcome.missingLines, arrival: hitReady)
    }

    private mutating func store<Below: OperationPath & ~Copyable>(
        slot: Int, kind: AccessKind, now: Double, below: inout Below
    ) {
        let sm = sm(of: slot)
        let free = below.store(expander.requests, kind: kind, sm: sm, at: max(now, sms[sm].portFree))
        sms[sm].portFree = free
        slots[slot].portUntil = free
        if !expander.requests.isEmpty { slots[slot].unfenced = allHomes }
    }

    /// Sends reductions, or atomics if the block `waits` for results.
    private mutating func reduce<Below: OperationPath & ~Copyable>(
        slot: Int, isBulk: Bool, now: Double, waits: Bool, below: inout Below
    ) {
        let sm = sm(of: slot)
        let count = expander.requests.count
        guard count > 0 else { return }
        let ticket = waits ? newTicket(slot: slot, kind: .atomic) : -1
        let (free, homes) = below.reduce(
            expander.requests, isBulk: isBulk, sm: sm, ticket: ticket, at: max(now, sms[sm].portFree))
        sms[sm].portFree = free
        slots[slot].portUntil = free
        slots[slot].unfenced |= homes
        if waits {
            sms[sm].outstandingLines += Int32(truncatingIfNeeded: count)
            openTicket(ticket, lines: count, arrival: free)
        }
    }

    /// A fence, once the block's loads and atomics have arrived. The block waits until a request that follows its
    /// writes to each partition would be back.
    /// - Parameters:
    ///   - invalidates: whether the SM's L1 is dropped, as an acquire does.
    ///   - asksSlices: whether the fence counts as a lookup in each slice.
    mutating func fence<Below: OperationPath & ~Copyable>(
        slot: Int, now: Double, invalidates: Bool, asksSlices: Bool = true, below: inout Below
    ) {
        let sm = sm(of: slot)
        if invalidates { below.invalidate(sm: sm) }
        spend(slot: slot, on: .fences, from: now)
        if asksSlices { countFence(sm: sm, now: now) }
        guard slots[slot].unfenced != 0 else {
            events.push(time: now + configuration.fence, kind: .block, index: slot)
            return
        }
        let ticket = newTicket(slot: slot, kind: .atomic)
        below.fence(homes: slots[slot].unfenced, sm: sm, ticket: ticket, at: max(now, slots[slot].portUntil))
        sms[sm].outstandingLines += 1
        openTicket(ticket, lines: 1, arrival: now + configuration.fence)
        slots[slot].unfenced = 0
        slots[slot].wait = .loads
    }

    /// Counts the lookups of a fence: it asks every slice once. An SM's fences run one after the other. Fences that
    /// arrive while another one waits join it.
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
        counters.l2OtherSectors &+= slices
        counters.l2OtherHitSectors &+= slices
        if partitions > 1 { counters.l2FabricFenceSectors &+= slices }
    }
}
