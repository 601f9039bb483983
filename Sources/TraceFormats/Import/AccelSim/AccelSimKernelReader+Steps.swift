import Trace

/// What instructions amount to: steps of the current warp.
extension AccelSimKernelReader {
    /// Appends a step with the instructions since the one before.
    mutating func append(_ event: WarpEvent) {
        var event = event
        event.work = work
        work = WorkCounts()
        block.append(event)
    }

    /// Makes an instruction's step, if it is one.
    /// - Parameters:
    ///   - number: of the opcode.
    ///   - event: the step, if it is an access, but for its kind and hint; its addresses are the block's last.
    mutating func perform(
        _ number: Int, _ event: WarpEvent, hasAddresses: Bool, immediate: UInt64, destination: UInt64?
    ) {
        let opcode = opcodes.opcodes[number]
        let mark = Int(event.firstLane)
        var event = event
        event.hint = opcode.hint
        switch opcode.action {
        case .access(let kind), .local(let kind): event.access = kind
        case .generic(let kind):
            event.access = kind
            guard block.laneCount > mark else { return }
            switch spaces.space(of: block.lanes[mark]) {
            case .global: break
            case .local: event.access = kind == .load ? .localLoad : .localStore
            case .shared:
                counted.add(.shared)
                block.truncateLanes(to: mark)
            }
        case .commit, .awaitGroups, .awaitBulk, .barrier, .invalidate, .counted, .bulk, .none:
            if opcode.action == .awaitBulk, block.laneCount > mark {
                append(WarpEvent(kind: .awaitBulk, number: block.lanes[mark] &+ 1))
            }
            block.truncateLanes(to: mark)
            performWithoutAccess(opcode.action, hasAddresses: hasAddresses, immediate: immediate)
            return
        }
        guard block.laneCount > mark else { return }
        append(event)
        guard event.access == .load || event.access == .localLoad || event.access == .atomic, let first = destination else { return }
        for register in first..<(first + UInt64((event.laneBytes + 3) / 4)) { pending.insert(register) }
    }

    private mutating func performWithoutAccess(_ action: SASSOpcode.Action, hasAddresses: Bool, immediate: UInt64) {
        switch action {
        case .commit: append(WarpEvent(kind: .commit))
        case .awaitGroups: append(WarpEvent(kind: .awaitGroups, number: immediate))
        case .barrier: append(WarpEvent(kind: .barrier))
        case .invalidate: append(WarpEvent(kind: .invalidate))
        case .counted(let name): counted.add(name)
        case .none, .bulk: if hasAddresses { counted.add(.other) }
        case .awaitBulk, .access, .local, .generic: break
        }
    }
}
