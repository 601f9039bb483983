import Trace

/// Polls that change nothing, skipped.
extension Half {
    /// The next event that is no poll, where besides it nothing but steady polls for flags happens here; nil otherwise.
    /// Infinity where no block does anything else.
    func nextBesidesPolls() -> Double? {
        for slot in 0..<slots.count where slots[slot].block >= 0 {
            switch slots[slot].phase {
            case .polled, .pausing: guard polls[slot].isSteady else { return nil }
            case .none, .fenced: guard slots[slot].wait == .compute else { return nil }
            }
        }
        return events.earliest { event in
            switch event.kind {
            case .begin: true
            case .block: slots[Int(event.index)].phase != .pausing && slots[Int(event.index)].phase != .polled
            case .compute: sms[Int(event.index)].generation == event.generation
            }
        }
    }

    /// Cycles between the polls of the block that polls least often; 0 where none waits.
    func longestPollPeriod() -> Double {
        var longest = 0.0
        for slot in 0..<slots.count where slots[slot].block >= 0 && slots[slot].phase != .none && slots[slot].phase != .fenced {
            longest = max(longest, polls[slot].period)
        }
        return longest
    }

    /// Lets every held poll come as many periods later as fit before `time`, counted from `first`, and counts those between.
    mutating func skipPolls(from first: Double, to time: Double) {
        for position in 0..<heldPolls.count {
            let held = heldPolls[position]
            let slot = Int(held.slot)
            let count = max(0, ((time - first) / polls[slot].period).rounded(.down))
            countPolls(UInt64(min(count, 0x1p62)), slot: slot)
            polls[slot].skip(count)
            events.push(time: held.time + count * polls[slot].period, kind: .block, index: slot)
        }
        heldPolls.removeAll()
        holdsPolls = false
    }

    /// Counts polls that go the way of the block's last one.
    private mutating func countPolls(_ count: UInt64, slot: Int) {
        guard case .awaitFlag(let flag, _) = programs[slot].operations[Int(slots[slot].position)] else { return }
        counters.flagPolls &+= count
        counters.warpInstructions &+= count &* Self.pollInstructions &* UInt64(configuration.warpsPerBlock)
        expander.expand(flagAccess(flag, kind: .load))
        for request in expander.requests {
            let sectors = request.sectors
            let sectorCount = count &* UInt64(sectors.nonzeroBitCount)
            counters.lineRequests &+= count
            counters.l1LoadRequests &+= request.startsRequest ? count : 0
            counters.l1LoadSectors &+= sectorCount
            counters.l2ToL1ReadSectors &+= sectorCount
            if polls[slot].isMerged { continue }
            counters.l2TexReadSectors &+= sectorCount
            answerCycles += Double(count) * (polls[slot].period - configuration.pollPause)
            if map.home(of: request.line) == index || partition.holds(line: request.line, sectors: sectors) {
                counters.l2TexReadHitSectors &+= sectorCount
            } else {
                let asked = count &* UInt64(partition.widened(sectors).nonzeroBitCount)
                counters.l2FabricReadSectors &+= asked
                counters.l2FabricReadHitSectors &+= asked
            }
        }
    }
}
