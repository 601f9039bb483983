import Trace

/// Signals between blocks, and blocks that wait for them.
extension Half {
    /// Goes on with a signal: a fence behind the block's stores, then the reduction of the flag's word.
    /// - Returns: whether the block goes on with its next operation at once.
    @inline(never)
    mutating func signalFlag(_ flag: UInt32, slot: Int, now: Double) -> Bool {
        guard slots[slot].phase == .fenced else {
            slots[slot].phase = .fenced
            fence(slot: slot, now: now, invalidates: false)
            return false
        }
        slots[slot].phase = .none
        expander.expand(flagAccess(flag, kind: .reduction))
        access(slot: slot, kind: .reduction, hint: .normal, now: now)
        signals.append(FlagSignal(time: now + configuration.signalDelay, flag: flag))
        counters.flagSignals &+= 1
        return true
    }

    /// Goes on with the wait for a flag: a load of its word past the L1, which the L1's invalidation follows, and again after the
    /// cycles that a spinning loop takes, until it shows `count`.
    /// - Returns: whether the block goes on with its next operation at once.
    @inline(never)
    mutating func awaitFlag(_ flag: UInt32, count: UInt32, slot: Int, now: Double) -> Bool {
        if slots[slot].phase == .polled {
            let sm = slot / configuration.slotsPerSM
            l1.reset(firstSet: sm * configuration.l1SetsPerSM, count: configuration.l1SetsPerSM)
            // The answer is as old as its way back from the L2.
            if board.shows(flag, count: count, at: now - configuration.nearHitLatency / 2) {
                slots[slot].phase = .none
                blocksAtFlags -= 1
                return true
            }
            slots[slot].phase = .pausing
            counters.warpInstructions &+= Self.pollInstructions &* UInt64(configuration.warpsPerBlock)
            events.push(time: now + configuration.pollPause, kind: .block, index: slot)
            return false
        }
        if slots[slot].phase == .none {
            blocksAtFlags += 1
            spend(slot: slot, on: .flags, from: now)
            polls[slot] = PollState()
        } else if holdsPolls {
            heldPolls.append(HeldPoll(time: now, slot: Int32(truncatingIfNeeded: slot)))
            return false
        }
        polls[slot].begin(at: now)
        slots[slot].phase = .polled
        expander.expand(flagAccess(flag, kind: .load))
        access(slot: slot, kind: .load, hint: .bypassL1, now: now)
        counters.flagPolls &+= 1
        slots[slot].wait = .loads
        return false
    }

    /// Whether a block waits for a flag that has been signalled often enough, be it that the signals are on their way.
    var hasSignalledWaiter: Bool {
        for slot in 0..<slots.count where slots[slot].block >= 0 {
            guard slots[slot].phase == .polled || slots[slot].phase == .pausing,
                case .awaitFlag(let flag, let count) = programs[slot].operations[Int(slots[slot].position)]
            else { continue }
            if board.shows(flag, count: count, at: .infinity) { return true }
        }
        return false
    }

    /// Notes which of the window's polls the coalescer answers together with others.
    @inline(never)
    mutating func noteMergedPolls() {
        for position in 0..<merged.count {
            let slot = Int(tickets[Int(merged[position].ticket)].slot)
            if slots[slot].phase == .polled { polls[slot].isMerged = true }
        }
    }

    /// Instructions per warp of one more poll.
    /// *Source:* compiled/fused_sections.csv, "one more poll" of the two spins, 12 and 14.
    static var pollInstructions: UInt64 { 13 }

    func flagAccess(_ flag: UInt32, kind: AccessKind) -> TileAccess {
        TileAccess(
            kind: kind, tensor: 0, elementBytes: 4, address: flagsAddress &+ 4 &* UInt64(flag), rows: 1, rowBytes: 4,
            pitchBytes: 4, requestRows: 1, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4, hint: kind == .load ? .bypassL1 : .normal)
    }
}
