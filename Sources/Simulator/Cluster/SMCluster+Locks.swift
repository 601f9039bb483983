import Trace

/// Locks that blocks take and give back.
extension SMCluster {
    /// Continues the taking or giving back of the lock at `word`'s address, as acquire-release atomics do both: a fence
    /// behind what the block wrote, the atomic, and the invalidation of the SM's L1.
    ///
    /// A block that finds the lock taken repeats all this after the cycles of a spinning loop. It waits for the answer
    /// of a compare-and-swap, but not for that of the exchange.
    /// - Returns: whether the block continues with its next operation at once.
    @inline(never)
    mutating func useLock<Below: OperationPath & ~Copyable>(
        _ word: TileAccess, slot: Int, now: Double, below: inout Below
    ) -> Bool {
        let takes = word.hint == .takesLock
        switch slots[slot].phase {
        case .lockFenced:
            expander.expand(word)
            access(slot: slot, kind: .atomic, hint: .normal, now: now, below: &below)
            // The fence before has left nothing, so this is the home of the lock's line.
            let way = slots[slot].unfenced & 2 != 0 ? configuration.farHitLatency : configuration.nearHitLatency
            flags.lockRequests.append(
                LockRequest(
                    time: slots[slot].portUntil + way / 2, address: word.address,
                    slot: takes ? Int32(truncatingIfNeeded: slot) : -1))
            guard takes else {
                below.invalidate(sm: sm(of: slot))
                slots[slot].phase = .none
                counters.flagSignals &+= 1
                return true
            }
            slots[slot].phase = .lockAsked
            slots[slot].wait = .loads
            return false
        case .lockAsked:
            // The answer is here before its time was reached: another request may still come before it.
            events.push(time: now + configuration.windowCycles, kind: .block, index: slot)
            return false
        case .lockTaken:
            below.invalidate(sm: sm(of: slot))
            slots[slot].phase = .none
            flags.waitingForLocks -= 1
            return true
        case .lockRefused:
            below.invalidate(sm: sm(of: slot))
            slots[slot].phase = .lockPausing
            counters.flagPolls &+= 1
            counters.warpInstructions &+= Self.pollInstructions &* UInt64(configuration.warpsPerBlock)
            events.push(time: now + configuration.pollPause, kind: .block, index: slot)
            return false
        case .none, .lockPausing, .fenced, .polled, .pausing:
            let isFirst = slots[slot].phase == .none
            if takes && isFirst { flags.waitingForLocks += 1 }
            slots[slot].phase = .lockFenced
            // The fence between two polls waits as one behind a write does (h200_atomics.md: 466 cycles behind the
            // last atomic), but asks no slice. In h200_triton_dev.csv, layer_norm_bwd_dx_locks has the lookups of the
            // 8,192 fences behind stores, and none for those of 47,600 further polls.
            fence(slot: slot, now: now, invalidates: false, asksSlices: isFirst, below: &below)
            if takes { spend(slot: slot, on: .flags, from: now) }
            return false
        }
    }
}
