import Trace

/// Signals between blocks, and blocks that wait for them.
extension SMCluster {
    /// Continues a signal: first a fence behind the block's stores, then the reduction of the flag's word.
    /// - Returns: whether the block continues with its next operation at once.
    @inline(never)
    mutating func signalFlag<Below: OperationPath & ~Copyable>(
        _ flag: UInt32, slot: Int, now: Double, below: inout Below
    ) -> Bool {
        guard slots[slot].phase == .fenced else {
            slots[slot].phase = .fenced
            fence(slot: slot, now: now, invalidates: false, below: &below)
            return false
        }
        slots[slot].phase = .none
        expander.expand(flagAccess(flag, kind: .reduction))
        access(slot: slot, kind: .reduction, hint: .normal, now: now, below: &below)
        flags.signals.append(FlagSignal(time: now + configuration.signalDelay, flag: flag))
        counters.flagSignals &+= 1
        return true
    }

    /// Continues the wait for a flag. The block loads the flag's word past the L1, and then the L1 is invalidated. It
    /// repeats this after the cycles of a spinning loop until the word shows `count`.
    /// - Returns: whether the block continues with its next operation at once.
    @inline(never)
    mutating func awaitFlag<Below: OperationPath & ~Copyable>(
        _ flag: UInt32, count: UInt32, slot: Int, now: Double, below: inout Below
    ) -> Bool {
        if slots[slot].phase == .polled {
            below.invalidate(sm: sm(of: slot))
            // The answer was read at the L2, so it is as old as its way back.
            if flags.board.shows(flag, count: count, at: now - configuration.nearHitLatency / 2) {
                slots[slot].phase = .none
                flags.waiting -= 1
                return true
            }
            slots[slot].phase = .pausing
            counters.warpInstructions &+= Self.pollInstructions &* UInt64(configuration.warpsPerBlock)
            events.push(time: now + configuration.pollPause, kind: .block, index: slot)
            return false
        }
        if slots[slot].phase == .none {
            flags.waiting += 1
            spend(slot: slot, on: .flags, from: now)
            flags.polls[slot] = PollState()
        } else if flags.holdsPolls {
            flags.held.append(HeldPoll(time: now, slot: Int32(truncatingIfNeeded: slot)))
            return false
        }
        flags.polls[slot].begin(at: now)
        slots[slot].phase = .polled
        expander.expand(flagAccess(flag, kind: .load))
        access(slot: slot, kind: .load, hint: .bypassL1, now: now, below: &below)
        counters.flagPolls &+= 1
        slots[slot].wait = .loads
        return false
    }

    /// Whether a block waits for a flag with enough signals, including signals that are still on their way.
    var hasSignalledWaiter: Bool {
        for slot in 0..<slots.count where slots[slot].block >= 0 {
            guard slots[slot].phase == .polled || slots[slot].phase == .pausing,
                case .awaitFlag(let flag, let count) = programs[slot].operations[Int(slots[slot].position)]
            else { continue }
            if flags.board.shows(flag, count: count, at: .infinity) { return true }
        }
        return false
    }

    /// If the operation with this ticket is a poll, notes that the coalescer answers it together with another read.
    @inline(never)
    func noteMerged(ticket: Int32) {
        let slot = Int(tickets[ticket].slot)
        if slots[slot].phase == .polled { flags.polls[slot].isMerged = true }
    }

    /// Instructions per warp of one more poll.
    /// *Source:* compiled/fused_sections.csv, "one more poll" of the two spins: 12 and 14.
    static var pollInstructions: UInt64 { 13 }

    func flagAccess(_ flag: UInt32, kind: AccessKind) -> TileAccess {
        TileAccess(
            kind: kind, tensor: 0, elementBytes: 4, address: flags.address &+ 4 &* UInt64(flag), rows: 1, rowBytes: 4,
            pitchBytes: 4, requestRows: 1, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4,
            hint: kind == .load ? .bypassL1 : .normal)
    }
}
