import Trace

/// Signals between blocks, and blocks that wait for them.
extension Half {
    /// Goes on with a signal: a fence behind the block's stores, then the reduction of the flag's word.
    /// - Returns: whether the block goes on with its next operation at once.
    mutating func signalFlag(_ flag: UInt32, slot: Int, now: Double) -> Bool {
        guard slots[slot].phase == .fenced else {
            slots[slot].phase = .fenced
            fence(slot: slot, now: now, invalidates: false)
            return false
        }
        slots[slot].phase = .none
        expander.expand(flagAccess(flag, kind: .reduction))
        access(slot: slot, kind: .reduction, hint: .normal, now: now)
        signals.append(FlagSignal(time: now + wayToFlag(flag), flag: flag))
        counters.flagSignals &+= 1
        return true
    }

    /// Goes on with the wait for a flag: a load of its word past the L1, which the L1's invalidation follows, and again after the
    /// cycles that a spinning loop takes, until it shows `count`.
    /// - Returns: whether the block goes on with its next operation at once.
    mutating func awaitFlag(_ flag: UInt32, count: UInt32, slot: Int, now: Double) -> Bool {
        if slots[slot].phase == .polled {
            let sm = slot / configuration.slotsPerSM
            l1.reset(firstSet: sm * configuration.l1SetsPerSM, count: configuration.l1SetsPerSM)
            if board.shows(flag, count: count, at: now - wayToFlag(flag)) {
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
        }
        slots[slot].phase = .polled
        expander.expand(flagAccess(flag, kind: .load))
        read(slot: slot, kind: .load, now: now, throughL1: false, request: .poll)
        counters.flagPolls &+= 1
        slots[slot].wait = .loads
        return false
    }

    /// Instructions per warp of one more poll.
    /// *Source:* compiled/fused_sections.csv, "one more poll" of the two spins, 12 and 14.
    private static var pollInstructions: UInt64 { 13 }

    /// Cycles between a request for the flag's word and its lookup at home; half of the way there and back.
    private func wayToFlag(_ flag: UInt32) -> Double {
        let line = (flagsAddress &+ 4 &* UInt64(flag)) / configuration.geometry.lineBytes
        return (map.home(of: line) == index ? configuration.nearHitLatency : configuration.farHitLatency) / 2
    }

    /// Looks a poll up. It asks the line's home, where alone signals are added; nothing is merged with it.
    mutating func lookUpPoll(_ request: SectorRequest, delay: Double) {
        let read = Int32(truncatingIfNeeded: reads.count)
        let sectors = request.sectors.nonzeroBitCount
        reads.append(WaitingRead(ticket: request.ticket))
        answerCycles -= request.time - delay
        counters.l2TexReadSectors &+= UInt64(sectors)
        let wait = waitForSlice(line: request.line, sectors: sectors, now: request.time)
        queueCycles += delay + wait
        let hit = request.time + nearLatency(line: request.line, gpc: request.gpc) + wait
        answers.append(hit)
        guard map.home(of: request.line) == index else {
            fabricRequests.append(
                FabricRequest(
                    time: request.time + wait, line: request.line, read: read, sectors: request.sectors, wholeSectors: 0, kind: .read))
            return
        }
        let result = partition.readAtHome(line: request.line, sectors: request.sectors, overFabric: false)
        counters.l2TexReadHitSectors &+= UInt64(result.hit.nonzeroBitCount)
        if !result.written.isEmpty { writeBack(result.written, time: request.time) }
        if result.fetched == 0 {
            answers[Int(read)] = max(hit, pending.arrival(of: request.line))
        } else {
            fetch(line: request.line, sectors: result.fetched, read: read, isForeign: false, time: request.time + wait)
        }
    }

    private func flagAccess(_ flag: UInt32, kind: AccessKind) -> TileAccess {
        TileAccess(
            kind: kind, tensor: 0, elementBytes: 4, address: flagsAddress &+ 4 &* UInt64(flag), rows: 1, rowBytes: 4, pitchBytes: 4,
            requestRows: 1, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4, hint: kind == .load ? .bypassL1 : .normal)
    }
}
