import Trace

/// Thread blocks: starting them, walking their programs, ending them.
extension SMCluster {
    /// Makes `block` resident in `slot`; its program is already in `programs[slot]`.
    mutating func startBlock(slot: Int, block: Int, at time: Double, isFirstWave: Bool) {
        // A freed slot keeps the end of its last block in `since`.
        if !isFirstWave { account.addTurnaround(time - slots[slot].since) }
        account.start(slot: slot)
        var state = SlotState()
        state.block = Int32(truncatingIfNeeded: block)
        state.hasNextPart = hasParts
        state.start = time
        state.since = time
        slots[slot] = state
        groups.reset(slot: slot)
        let sm = sm(of: slot)
        sms[sm].wasActive = true
        activeBlocks += 1
        let cold = configuration.firstWave + configuration.codeFetch + startUpShare[sm] * configuration.firstWaveSpread
        let delay = configuration.blockBase + (isFirstWave ? cold : 0)
        events.push(time: time + delay, kind: .begin, index: slot)
    }

    /// Continues the block in `slot` at `time` with the part of its program that `programs[slot]` now holds. Without a
    /// part the block ends.
    mutating func continueBlock(slot: Int, at time: Double, hasPart: Bool) {
        if hasPart {
            slots[slot].position = 0
            slots[slot].joinEnd = 0
        } else {
            slots[slot].hasNextPart = false
        }
        events.push(time: time, kind: .block, index: slot)
    }

    /// Counts the block in `slot` as resident on its SM and executes its first operations.
    ///
    /// The blocks of an SM begin in the order of their starts, since start-up takes the same time for each. If no block
    /// is resident here, the SM has therefore been empty from the last end to this start.
    private mutating func begin<Below: OperationPath & ~Copyable>(slot: Int, now: Double, below: inout Below) {
        let sm = sm(of: slot)
        let start = slots[slot].start
        if sms[sm].resident == 0 {
            if sms[sm].endedBlocks == 0 {
                sms[sm].firstStart = start
            } else {
                sms[sm].emptyCycles += max(0, start - sms[sm].lastEnd)
            }
        }
        sms[sm].resident += 1
        advance(slot: slot, now: now, below: &below)
    }

    /// Runs all events before the end of `window`. An event may be older than the window: if blocks start without
    /// delay, a block begins in the same window in which its predecessor freed the slot.
    mutating func runEvents<Below: OperationPath & ~Copyable>(in window: Int, below: inout Below) {
        let end = Double(window) * configuration.windowCycles + configuration.windowCycles
        while events.nextTime < end {
            let event = events.pop()
            switch event.kind {
            case .begin:
                begin(slot: Int(event.index), now: event.time, below: &below)
            case .block:
                advance(slot: Int(event.index), now: event.time, below: &below)
            case .compute:
                let sm = Int(event.index)
                if sms[sm].generation == event.generation { finishComputing(sm: sm, now: event.time, below: &below) }
            }
        }
    }

    /// Notes that the block's time goes to `use` from `now` on.
    @inline(__always)
    func spend(slot: Int, on use: TimeUse, from now: Double) {
        let state = slots[slot]
        account.spend(now - state.since, on: state.use, slot: slot)
        slots[slot].since = now
        slots[slot].use = use
    }

    /// Executes the block's operations from `now` until the block has to wait or ends.
    mutating func advance<Below: OperationPath & ~Copyable>(slot: Int, now: Double, below: inout Below) {
        slots[slot].wait = .none
        while true {
            let position = Int(slots[slot].position)
            guard position < programs[slot].operations.count else {
                if slots[slot].hasNextPart {
                    endedParts.append(EndedPart(time: now, slot: Int32(truncatingIfNeeded: slot)))
                } else {
                    drain(slot: slot, now: now)
                }
                return
            }
            let operation = programs[slot].operations[position]
            switch operation {
            case .tile(let tile):
                if tile.kind.isOfPlainCaches {
                    if tile.kind == .fetch { counters.instructionFetches &+= tile.laneAccesses }
                    break
                }
                if tile.kind == .atomic, tile.hint == .takesLock || tile.hint == .givesLock {
                    if slots[slot].phase == .none {
                        guard resume(slot: slot, wait: .loads, use: .loads, steps: 0, now: now) else { return }
                    }
                    guard useLock(tile, slot: slot, now: now, below: &below) else { return }
                    break
                }
                guard admit(slot: slot, kind: tile.kind, now: now) else { return }
                guard isShort(tile) else {
                    guard accessPiece(of: tile, slot: slot, now: now, below: &below) else { continue }
                    break
                }
                expander.expand(tile)
                access(slot: slot, kind: tile.kind, hint: tile.hint, now: now, below: &below)
            case .lanes(let lanes):
                if lanes.kind.isOfPlainCaches {
                    if lanes.kind == .fetch { counters.instructionFetches &+= UInt64(lanes.laneCount) }
                    break
                }
                guard admit(slot: slot, kind: lanes.kind, now: now) else { return }
                expander.expand(lanes, laneAddresses: programs[slot].laneAddresses)
                guard expander.requests.count <= configuration.pieceLines else {
                    guard accessPiece(of: lanes, slot: slot, now: now, below: &below) else { continue }
                    break
                }
                access(slot: slot, kind: lanes.kind, hint: lanes.hint, now: now, below: &below)
            case .awaitLoads:
                guard resume(slot: slot, wait: .loads, use: .loads, now: now) else { return }
            case .commitGroup:
                slots[slot].committedGroups += 1
            case .awaitGroups(let pending):
                let committed = slots[slot].committedGroups
                slots[slot].wantedGroups = max(0, committed - Int32(clamping: pending))
                guard resume(slot: slot, wait: .groups, use: .copies, now: now) else { return }
            case .barrier:
                break
            case .compute(let work):
                guard work.instructions > 0 else { break }
                slots[slot].position += 1
                startComputing(slot: slot, work: work, now: now)
                return
            case .invalidateL1:
                guard resume(slot: slot, wait: .loads, use: .fences, steps: 0, now: now) else { return }
                slots[slot].position += 1
                fence(slot: slot, now: now, invalidates: true, below: &below)
                return
            case .signal(let flag):
                guard signalFlag(flag, slot: slot, now: now, below: &below) else { return }
            case .awaitFlag(let flag, let count):
                if slots[slot].phase == .none {
                    guard resume(slot: slot, wait: .loads, use: .loads, steps: 0, now: now) else { return }
                }
                guard awaitFlag(flag, count: count, slot: slot, now: now, below: &below) else { return }
            case .beginProducts(let products):
                beginProducts(products, slot: slot, now: now)
            case .awaitProducts(let pending):
                let end = slots[slot].productEnds[Int(min(pending, Operation.mostPendingProducts))]
                guard end <= now else {
                    slots[slot].position += 1
                    spend(slot: slot, on: .compute, from: now)
                    events.push(time: end, kind: .block, index: slot)
                    return
                }
            }
            slots[slot].position += 1
        }
    }

    /// Whether a memory operation may issue now. If not, the block waits for the port, for a miss slot, or for the
    /// queues behind the L1.
    private mutating func admit(slot: Int, kind: AccessKind, now: Double) -> Bool {
        let sm = sm(of: slot)
        if kind.isRead {
            let resume = slots[slot].requestsUntil - configuration.portBacklog
            guard resume <= now else {
                spend(slot: slot, on: .port, from: now)
                events.push(time: resume, kind: .block, index: slot)
                return false
            }
            guard Int(sms[sm].outstandingLines) < configuration.missesInFlight else {
                sms[sm].waitingForMissSlots += 1
                slots[slot].wait = .missSlots
                spend(slot: slot, on: .port, from: now)
                return false
            }
        } else {
            let held = kind == .reduction ? holds.reductions : holds.fabric
            let resume = max(
                sms[sm].portFree - configuration.portBacklog, holds.stores, now + (held - now) * turn(slot: slot))
            guard resume <= now else {
                spend(slot: slot, on: .stores, from: now)
                events.push(time: resume, kind: .block, index: slot)
                return false
            }
        }
        return true
    }

    /// The factor of a block's wait when the fabric holds stores up. A hash picks it between 0.5 and 1.5, so that
    /// chance decides whose stores continue first.
    @inline(__always)
    private func turn(slot: Int) -> Double {
        let number =
            UInt64(UInt32(bitPattern: slots[slot].block)) &<< 32 | UInt64(UInt32(bitPattern: slots[slot].position))
        return 0.5 + Double(AddressMap.mix(number) &>> 48) / 65536
    }

    /// Cycle at which everything that `wait` names has arrived; nil while something is on its way.
    private func readyTime(slot: Int, wait: SlotState.Wait) -> Double? {
        let state = slots[slot]
        // A block whose warps are still issuing requests cannot have reached the wait.
        var ready = state.requestsUntil
        if wait == .loads || wait == .drain {
            guard state.loadsOutstanding == 0 else { return nil }
            ready = state.loadsReady
        }
        if wait == .groups || wait == .drain {
            let end = wait == .drain ? state.committedGroups + 1 : state.wantedGroups
            var group = max(state.firstOpenGroup, end - Int32(CopyGroups.cells))
            while group < end {
                guard let arrival = groups.ready(slot: slot, group: group) else { return nil }
                ready = max(ready, arrival)
                group += 1
            }
        }
        return ready
    }

    /// Continues at once if everything that the block waits for has arrived. Otherwise it puts the block to sleep.
    /// - Parameter steps: the number of operations to move on by, if the arrival is known and only lies ahead.
    private mutating func resume(
        slot: Int, wait: SlotState.Wait, use: TimeUse, steps: Int32 = 1, now: Double
    ) -> Bool {
        guard let ready = readyTime(slot: slot, wait: wait) else {
            slots[slot].wait = wait
            spend(slot: slot, on: use, from: now)
            return false
        }
        if wait == .groups { slots[slot].firstOpenGroup = max(slots[slot].firstOpenGroup, slots[slot].wantedGroups) }
        if ready <= now { return true }
        slots[slot].position += steps
        spend(slot: slot, on: use, from: now)
        events.push(time: ready, kind: .block, index: slot)
        return false
    }

    /// Wakes a sleeping block if the last thing it waited for has arrived.
    mutating func wakeIfReady(slot: Int, now: Double) {
        let wait = slots[slot].wait
        guard wait == .loads || wait == .groups || wait == .drain, let ready = readyTime(slot: slot, wait: wait) else {
            return
        }
        slots[slot].wait = .none
        events.push(time: max(ready, slots[slot].since, now), kind: .block, index: slot)
    }

    /// Ends the block once its loads and copies have arrived.
    private mutating func drain(slot: Int, now: Double) {
        guard let ready = readyTime(slot: slot, wait: .drain) else {
            slots[slot].wait = .drain
            spend(slot: slot, on: .copies, from: now)
            return
        }
        if slots[slot].portUntil > now {
            spend(slot: slot, on: .stores, from: now)
            events.push(time: slots[slot].portUntil, kind: .block, index: slot)
            return
        }
        let products = slots[slot].productEnds[0]
        if products > now {
            spend(slot: slot, on: .compute, from: now)
            events.push(time: products, kind: .block, index: slot)
            return
        }
        let end = max(ready, now)
        spend(slot: slot, on: .start, from: end)
        let lifetime = end - slots[slot].start
        account.end(lifetime: lifetime, at: end)
        let sm = sm(of: slot)
        sms[sm].lifetimeCycles += lifetime
        sms[sm].lastEnd = max(sms[sm].lastEnd, end)
        sms[sm].endedBlocks += 1
        sms[sm].resident -= 1
        if account.isRecording { record(slot: slot, end: end) }
        slots[slot].block = -1
        activeBlocks -= 1
        freed.append(
            FreedSlot(
                time: end, sm: Int32(truncatingIfNeeded: sm),
                slot: Int32(truncatingIfNeeded: slot)))
    }

    private mutating func record(slot: Int, end: Double) {
        let sm = sm(of: slot)
        account.records.append(
            BlockRecord(
                block: slots[slot].block, sm: Int32(truncatingIfNeeded: smNumbers[sm]),
                slot: Int32(truncatingIfNeeded: slot - sm * configuration.slotsPerSM), start: slots[slot].start,
                end: end,
                uses: account.uses(slot: slot)))
    }
}
