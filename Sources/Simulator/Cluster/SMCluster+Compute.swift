import Trace

/// Instruction issue: co-resident blocks that compute share the SM's schedulers and pipes.
extension SMCluster {
    mutating func startComputing(slot: Int, work: ComputeWork, now time: Double) {
        let sm = sm(of: slot)
        // A block that continues with a part from between windows may lie behind the SM's compute progress.
        let now = max(time, sms[sm].progressTime)
        let warps = UInt64(configuration.warpsPerBlock)
        counters.warpInstructions &+= UInt64(work.instructions) &* warps
        counters.tensorInstructions &+= UInt64(work.tensor) &* warps
        counters.tensorOperations &+= UInt64(work.products) &* (warps &* ComputeWork.operationsPerProduct)
        counters.fp32Instructions &+= UInt64(work.fp32) &* warps
        counters.aluInstructions &+= UInt64(work.alu) &* warps
        counters.specialInstructions &+= UInt64(work.special) &* warps
        bringForward(sm: sm, to: now)
        spend(slot: slot, on: .compute, from: time)
        slots[slot].wait = .compute
        slots[slot].instructionsLeft = Double(work.instructions) * chance(sm: sm)
        slots[slot].pipeUse = configuration.pipes.usePerInstruction(of: work)
        slots[slot].interval = configuration.pipes.interval(of: work)
        sms[sm].computing += 1
        reschedule(sm: sm, now: now)
    }

    /// The factor of the step that begins on the SM. Its mean is 1.
    ///
    /// Blocks that share an SM compete for its issue slots, and chance decides who gets them. Blocks of different SMs
    /// that read the same lines therefore drift apart. Without it all SMs would evolve alike, and the coalescers would
    /// merge what they do not merge on the device. A block alone on its SM does not drift.
    @inline(__always)
    private func chance(sm: Int) -> Double {
        guard configuration.stepJitter > 0, sms[sm].resident > 1 else { return 1 }
        let number = UInt64(smNumbers[sm]) &<< 32 | UInt64(sms[sm].generation)
        return 1 + configuration.stepJitter * (Double(AddressMap.mix(number) &>> 48) / 65536 - 0.5)
    }

    /// Gives products to the SM's tensor cores. They execute the products of all blocks one after the other and at full
    /// rate, beside the products of compute steps.
    mutating func beginProducts(_ products: UInt32, slot: Int, now: Double) {
        let sm = sm(of: slot)
        let warps = UInt64(configuration.warpsPerBlock)
        counters.tensorOperations &+= UInt64(products) &* (warps &* ComputeWork.operationsPerProduct)
        let cycles = configuration.pipes.productCycles(products: Double(products) * Double(warps))
        sms[sm].productsFree = max(now, sms[sm].productsFree) + cycles
        let ends = slots[slot].productEnds
        slots[slot].productEnds = SIMD4(sms[sm].productsFree, ends[0], ends[1], ends[2])
    }

    /// Continues the blocks whose compute steps end at `now`.
    mutating func finishComputing<Below: OperationPath & ~Copyable>(sm: Int, now: Double, below: inout Below) {
        bringForward(sm: sm, to: now)
        let first = sm * configuration.slotsPerSM
        for slot in first..<(first + configuration.slotsPerSM)
        where slots[slot].wait == .compute && isDone(slot: slot, now: now) {
            slots[slot].wait = .computed
            sms[sm].computing -= 1
        }
        reschedule(sm: sm, now: now)
        for slot in first..<(first + configuration.slotsPerSM) where slots[slot].wait == .computed {
            advance(slot: slot, now: now, below: &below)
        }
    }

    /// Whether the step is complete at `now`. This includes a rest so small that the clock cannot resolve it late in a
    /// long launch.
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

    /// Sets the rate of every computing block for the present number of blocks, and schedules the first one to finish.
    private mutating func reschedule(sm: Int, now: Double) {
        sms[sm].generation &+= 1
        let computing = Int(sms[sm].computing)
        sms[sm].computesForEver = false
        guard computing > 0 else { return }
        let first = sm * configuration.slotsPerSM
        var next = Double.infinity
        for slot in first..<(first + configuration.slotsPerSM) where slots[slot].wait == .compute {
            let cycles = configuration.pipes.cyclesPerInstruction(
                use: slots[slot].pipeUse, interval: slots[slot].interval, warps: configuration.warpsPerBlock,
                blocks: computing,
                ahead: blocksAhead(of: slot, first: first))
            slots[slot].cyclesPerInstruction = cycles
            next = min(next, max(0, slots[slot].instructionsLeft) * cycles)
        }
        sms[sm].computesForEver = next == .infinity
        events.push(time: now + next, kind: .compute, index: sm, generation: sms[sm].generation)
    }

    /// The number of the SM's computing blocks that go first: those with fewer instructions left, and those with
    /// equally many in an earlier slot.
    @inline(__always)
    private func blocksAhead(of slot: Int, first: Int) -> Int {
        let left = slots[slot].instructionsLeft
        var ahead = 0
        for other in first..<(first + configuration.slotsPerSM) where slots[other].wait == .compute {
            let otherLeft = slots[other].instructionsLeft
            if otherLeft < left || (otherLeft == left && other < slot) { ahead += 1 }
        }
        return ahead
    }
}
