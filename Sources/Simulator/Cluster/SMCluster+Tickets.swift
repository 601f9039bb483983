import Trace

/// Operations on their way, and the blocks that wait for them.
extension SMCluster {
    /// Ring cell of the block's open copy group, or `Ticket.loads`.
    @inline(__always)
    static func cell(of kind: AccessKind, state: SlotState) -> Int32 {
        kind.isAsynchronous ? state.committedGroups % Int32(CopyGroups.cells) : Ticket.loads
    }

    /// Takes a ticket for an operation of the block in `slot`. The ticket counts only once it is opened.
    mutating func newTicket(slot: Int, kind: AccessKind) -> Int32 {
        tickets.add(
            Ticket(
                slot: Int32(truncatingIfNeeded: slot), remaining: 0, lines: 0,
                cell: Self.cell(of: kind, state: slots[slot]),
                arrival: 0))
    }

    /// Lets the block wait for `lines` answers. `arrival` is the earliest cycle at which all of them can arrive.
    mutating func openTicket(_ number: Int32, lines: Int, arrival: Double) {
        var ticket = tickets[number]
        let slot = Int(ticket.slot)
        ticket.remaining = Int32(truncatingIfNeeded: lines)
        ticket.lines = ticket.remaining
        ticket.arrival = arrival
        let warps = configuration.warpsPerBlock
        if lines >= warps, warps > 1, !isJoined(slot: slot) {
            ticket.linesPerWarp = Int32(truncatingIfNeeded: (lines + warps - 1) / warps)
        }
        tickets[number] = ticket
        if ticket.cell == Ticket.loads {
            slots[slot].loadsOutstanding += 1
        } else {
            groups.open(slot: slot, cell: ticket.cell)
        }
    }

    /// Whether the warps of the block in `slot` meet between the wait for its next operation and the wait that follows.
    private func isJoined(slot: Int) -> Bool {
        let state = slots[slot]
        guard state.position >= state.joinEnd else { return state.isJoined }
        var end = Int(state.position)
        let isJoined = programs[slot].isJoined(from: &end)
        slots[slot].isJoined = isJoined
        slots[slot].joinEnd = Int32(truncatingIfNeeded: end)
        return isJoined
    }

    /// Notes that loads or copies of the block arrive at `arrival`.
    @inline(__always)
    func noteArrival(slot: Int, cell: Int32, arrival: Double) {
        if cell == Ticket.loads {
            slots[slot].loadsReady = max(slots[slot].loadsReady, arrival)
        } else {
            groups.note(slot: slot, cell: cell, arrival: arrival)
        }
    }

    /// Delivers the answer to one line. `arrival` is the cycle at which it reaches the SM.
    @inline(__always)
    mutating func deliver(ticket number: Int32, arrival: Double, now: Double) {
        var ticket = tickets[number]
        ticket.remaining &-= 1
        ticket.arrival = max(ticket.arrival, arrival)
        if ticket.linesPerWarp > 0,
            ticket.remaining == 0 || (ticket.lines &- ticket.remaining) % ticket.linesPerWarp == 0
        {
            // This is the last line of a warp. The block as a whole continues when its mean warp does.
            let warps = (ticket.lines &+ ticket.linesPerWarp &- 1) / ticket.linesPerWarp
            ticket.arrivals += ticket.arrival
            ticket.arrival = ticket.remaining == 0 ? ticket.arrivals / Double(warps) : 0
        }
        tickets[number] = ticket
        if ticket.remaining == 0 { close(number, ticket: ticket, now: now) }
    }

    private mutating func close(_ number: Int32, ticket: Ticket, now: Double) {
        let slot = Int(ticket.slot)
        let sm = sm(of: slot)
        tickets.release(number)
        noteArrival(slot: slot, cell: ticket.cell, arrival: ticket.arrival)
        if ticket.cell == Ticket.loads {
            slots[slot].loadsOutstanding -= 1
        } else {
            groups.close(slot: slot, cell: ticket.cell)
        }
        sms[sm].outstandingLines -= ticket.lines
        wakeIfReady(slot: slot, now: now)
        if sms[sm].waitingForMissSlots > 0 { wakeMissWaiters(sm: sm, at: max(ticket.arrival, now)) }
    }

    private mutating func wakeMissWaiters(sm: Int, at time: Double) {
        guard Int(sms[sm].outstandingLines) < configuration.missesInFlight else { return }
        let first = sm * configuration.slotsPerSM
        for slot in first..<(first + configuration.slotsPerSM) where slots[slot].wait == .missSlots {
            slots[slot].wait = .none
            events.push(time: max(time, slots[slot].since), kind: .block, index: slot)
        }
        sms[sm].waitingForMissSlots = 0
    }
}

extension BlockProgram {
    /// Whether a barrier follows the first wait from `position` on, before the wait after it. `position` moves on to
    /// that first wait.
    fileprivate func isJoined(from position: inout Int) -> Bool {
        var waits = 0
        for index in position..<operations.count {
            switch operations[index] {
            case .awaitLoads, .awaitGroups:
                waits += 1
                if waits > 1 { return false }
                position = index
            case .barrier, .signal, .awaitFlag, .invalidateL1:
                if waits > 0 { return true }
            case .tile, .lanes, .commitGroup, .compute, .beginProducts, .awaitProducts: break
            }
        }
        if waits == 0 { position = operations.count }
        return false
    }
}
