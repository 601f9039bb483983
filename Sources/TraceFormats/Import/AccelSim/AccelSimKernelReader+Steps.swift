import Trace

/// Turning instructions into steps of the current warp.
extension AccelSimKernelReader {
    /// Appends a step, together with the instructions since the step before.
    mutating func append(_ event: WarpEvent) {
        var event = event
        event.work = work
        work = WorkCounts()
        block.append(event)
    }

    /// Makes the step of an instruction, if it makes one.
    /// - Parameters:
    ///   - number: number of the opcode.
    ///   - event: the step if it is an access, without its kind and hint. Its addresses are the block's last ones.
    /// - Returns: what became of its line.
    mutating func perform(
        _ number: Int, _ event: WarpEvent, mask: UInt32, hasAddresses: Bool, immediate: UInt64, destination: UInt64?
    ) -> LineAccount.Outcome {
        let opcode = opcodes.opcodes[number]
        let mark = Int(event.firstLane)
        var event = event
        event.hint = opcode.hint
        switch opcode.action {
        case .access(let kind), .local(let kind): event.access = kind
        case .generic(let kind):
            event.access = kind
            guard block.laneCount > mark else { return hasAddresses ? .idle : .unlocated }
            switch spaces.space(of: block.lanes[mark]) {
            case .global: break
            case .local: event.access = kind == .load ? .localLoad : .localStore
            case .shared where isUnlocated(event): break
            case .shared:
                block.truncateLanes(to: mark)
                return .shared
            }
        case .commit, .awaitGroups, .awaitBulk, .barrier, .invalidate, .counted, .bulk, .none:
            if opcode.action == .awaitBulk, block.laneCount > mark {
                append(WarpEvent(kind: .awaitBulk, number: block.lanes[mark] &+ 1))
            }
            block.truncateLanes(to: mark)
            return performWithoutAccess(
                opcode.action, hasAddresses: hasAddresses, isActive: mask != 0, immediate: immediate)
        }
        guard block.laneCount > mark else { return hasAddresses || mask == 0 ? .idle : .unlocated }
        let laneBytes = UInt64(event.laneBytes)
        let isLocal = event.access == .localLoad || event.access == .localStore
        if isLocal {
            placeLocal(&event, mask: mask)
        } else if isUnlocated(event) {
            block.truncateLanes(to: mark)
            return .unlocated
        }
        append(event)
        guard event.access == .load || event.access == .localLoad || event.access == .atomic, let first = destination
        else {
            return .request
        }
        for register in first..<(first + (laneBytes + 3) / 4) { pending.insert(register) }
        return .request
    }

    /// Whether every lane's address is 0. A recorder that had no addresses writes zeros.
    private func isUnlocated(_ event: WarpEvent) -> Bool {
        let mark = Int(event.firstLane)
        guard !event.isRun || event.laneCount == 1 else { return false }
        for lane in mark..<block.laneCount where block.lanes[lane] != 0 { return false }
        return true
    }

    /// Replaces the lanes' offsets by the addresses of their words in local memory. The offsets are the block's last
    /// addresses.
    private mutating func placeLocal(_ event: inout WarpEvent, mask: UInt32) {
        let mark = Int(event.firstLane)
        let laneBytes = Int(event.laneBytes)
        offsets.removeAll(keepingCapacity: true)
        for lane in 0..<Int(event.laneCount) {
            offsets.append(event.isRun ? block.lanes[mark] &+ UInt64(lane * laneBytes) : block.lanes[mark + lane])
        }
        block.truncateLanes(to: mark)
        let words = LocalMemoryMap.words(laneBytes: laneBytes)
        let first = mask.trailingZeroBitCount
        let isRow =
            laneBytes == 4 && (mask >> UInt32(first)) &+ 1 & (mask >> UInt32(first)) == 0
            && offsets.allSatisfy { $0 == offsets[0] }
        event.laneBytes = UInt16(min(4, max(1, laneBytes)))
        event.isRun = isRow
        guard !isRow else {
            block.append(lane: localMap.address(base: localBase, lane: first, offset: offsets[0]))
            return
        }
        var left = mask
        for offset in offsets {
            let lane = left.trailingZeroBitCount
            left &= left &- 1
            for word in 0..<words {
                block.append(lane: localMap.address(base: localBase, lane: lane, offset: offset &+ UInt64(word * 4)))
            }
        }
        event.laneCount = UInt16(offsets.count * words)
    }

    private mutating func performWithoutAccess(
        _ action: SASSOpcode.Action, hasAddresses: Bool, isActive: Bool, immediate: UInt64
    ) -> LineAccount.Outcome {
        switch action {
        case .commit: append(WarpEvent(kind: .commit))
        case .awaitGroups: append(WarpEvent(kind: .awaitGroups, number: immediate))
        case .barrier: append(WarpEvent(kind: .barrier))
        case .invalidate: append(WarpEvent(kind: .invalidate))
        case .counted(let outcome): return outcome
        case .bulk: return isActive ? .bulk : .idle
        case .none: return hasAddresses ? .other : .plain
        case .awaitBulk, .access, .local, .generic: break
        }
        return .plain
    }
}
