import Trace

/// Instruction issue: co-resident blocks that compute share the SM's schedulers and pipes.
extension Half {
    mutating func startComputing(slot: Int, work: ComputeWork, now: Double) {
        let sm = slot / configuration.slotsPerSM
        let warps = UInt64(configuration.warpsPerBlock)
        counters.warpInstructions &+= UInt64(work.instructions) &* warps
        counters.tensorInstructions &+= UInt64(work.tensor) &* warps
        counters.tensorOperations &+= UInt64(work.products) &* (warps &* ComputeWork.operationsPerProduct)
        counters.fp32Instructions &+= UInt64(work.fp32) &* warps
        counters.aluInstructions &+= UInt64(work.alu) &* warps
        counters.specialInstructions &+= UInt64(work.special) &* warps
        bringForward(sm: sm, to: now)
        spend(slot: slot, on: .compute, from: now)
        slots[slot].wait = .compute
        slots[slot].instructionsLeft = Double(work.instructions)
        slots[slot].pipeUse = configuration.pipes.usePerInstruction(of: work)
        slots[slot].interval = configuration.pipes.interval(of: work)
        sms[sm].computing += 1
        reschedule(sm: sm, now: now)
    }

    /// Continues the blocks whose compute steps are done at `now`.
    mutating func finishComputing(sm: Int, now: Double) {
        bringForward(sm: sm, to: now)
        let first = sm * configuration.slotsPerSM
        for slot in first..<(first + configuration.slotsPerSM) where slots[slot].wait == .compute && isDone(slot: slot, now: now) {
            slots[slot].wait = .computed
            sms[sm].computing -= 1
        }
        reschedule(sm: sm, now: now)
        for slot in first..<(first + configuration.slotsPerSM) where slots[slot].wait == .computed {
            advance(slot: slot, now: now)
        }
    }

    /// Whether no instructions are left, or so few that the clock, late in a long launch, cannot tell their end from `now`.
    @inline(__always)
    private func isDone(slot: Int, now: Double) -> Bool {
        let left = slots[slot].instructionsLeft
        return left <= 1e-6 || now + left * slots[slot].cyclesPerInstruction <= now
    }

    /// Brings the progress of the SM's compute steps to `now`.
    private mutating func bringForward(sm: Int, to now: Double) {
        let elapsed = now - sms[sm].progressTime
        sms[sm].progressTime = max(now, sms[sm].progressTime)
        guard sms[sm].computing > 0, elapsed > 0 else { return }
        let first = sm * configuration.slotsPerSM
        for slot in first..<(first + configuration.slotsPerSM) where slots[slot].wait == .compute {
            slots[slot].instructionsLeft -= elapsed / slots[slot].cyclesPerInstruction
        }
    }

    /// Sets every computing block's rate for the present number of computing warps and schedules the first to finish.
    private mutating func reschedule(sm: Int, now: Double) {
        sms[sm].generation &+= 1
        let computing = Int(sms[sm].computing)
        guard computing > 0 else { return }
        let warps = computing * configuration.warpsPerBlock
        let first = sm * configuration.slotsPerSM
        var next = Double.infinity
        var lastUse = -1.0
        var lastInterval = -1.0
        var lastCycles = 0.0
        for slot in first..<(first + configuration.slotsPerSM) where slots[slot].wait == .compute {
            if slots[slot].pipeUse != lastUse || slots[slot].interval != lastInterval {
                lastUse = slots[slot].pipeUse
                lastInterval = slots[slot].interval
                lastCycles = configuration.pipes.cyclesPerInstruction(use: lastUse, interval: lastInterval, warps: warps)
            }
            slots[slot].cyclesPerInstruction = lastCycles
            next = min(next, max(0, slots[slot].instructionsLeft) * lastCycles)
        }
        events.push(time: now + next, kind: .compute, index: sm, generation: sms[sm].generation)
    }
}
