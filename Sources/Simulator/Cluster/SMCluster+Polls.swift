import Trace

/// Skips polls that change nothing.
extension SMCluster {
    /// The time of the next event other than a poll, if only steady polls for flags happen here apart from it.
    /// Otherwise nil. Infinity if no block does anything else.
    func nextBesidesPolls() -> Double? {
        for slot in 0..<slots.count where slots[slot].block >= 0 {
            switch slots[slot].phase {
            case .polled, .pausing: guard flags.polls[slot].isSteady else { return nil }
            case .none, .fenced: guard slots[slot].wait == .compute else { return nil }
            case .lockFenced, .lockAsked, .lockTaken, .lockRefused, .lockPausing: return nil
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

    /// Cycles between the polls of the block that polls least often; 0 if no block waits.
    func longestPollPeriod() -> Double {
        var longest = 0.0
        for slot in 0..<slots.count
        where slots[slot].block >= 0 && (slots[slot].phase == .polled || slots[slot].phase == .pausing) {
            longest = max(longest, flags.polls[slot].period)
        }
        return longest
    }

    /// Moves a held poll by `count` of its block's periods, and counts the polls in between.
    /// - Returns: the lines of one of these polls.
    mutating func skip(_ held: HeldPoll, by count: Double) -> [LineRequest] {
        let slot = Int(held.slot)
        let period = flags.polls[slot].period
        flags.polls[slot].skip(count)
        events.push(time: held.time + count * period, kind: .block, index: slot)
        guard case .awaitFlag(let flag, _) = programs[slot].operations[Int(slots[slot].position)] else { return [] }
        let polls = Self.polls(count)
        counters.flagPolls &+= polls
        counters.warpInstructions &+= polls &* Self.pollInstructions &* UInt64(configuration.warpsPerBlock)
        expander.expand(flagAccess(flag, kind: .load))
        return expander.requests
    }

    /// A number of polls as a counter value.
    static func polls(_ count: Double) -> UInt64 { UInt64(min(count, 0x1p62)) }

    /// Ends the holding back of polls.
    mutating func endHold() {
        flags.held.removeAll()
        flags.holdsPolls = false
    }
}
