import Trace

/// Gathers the steps of a block's warps and joins them to one program.
///
/// A block of Weir's moves as one, so the recorded warps advance side by side. In each round, all warps whose next step
/// has the lowest kind take it. Accesses come before waits, and waits before barriers. Warps of equal code thus stay
/// together. A warp that does more than others between two waits or barriers does it before the others go on. A round's
/// instructions are the mean over the block's warps, and fractions are carried on within the block.
struct BlockAssembly {
    /// Most steps of a block, because a program has no more operations.
    static let eventLimit = TraceLimits.programOperations
    /// Number of groups of asynchronous copies that are followed. Hardware has fewer outstanding.
    private static let groupLimit = 64

    private(set) var events: [WarpEvent] = []
    private(set) var lanes: [UInt64] = []
    /// Steps of each warp.
    private var warps: [Range<Int>] = []
    private var heads: [Int] = []
    private var carry = SIMD8<UInt64>()
    /// The groups that were closed last. An entry is the address of the barrier that a bulk copy completes. For other
    /// copies it is 0.
    private var groups: [UInt64] = []
    private var warpStart = 0

    mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
        lanes.removeAll(keepingCapacity: true)
        warps.removeAll(keepingCapacity: true)
        warpStart = 0
    }

    /// Whether a program has room for another step with `count` addresses.
    @inline(__always)
    func hasRoom(for count: Int) -> Bool {
        events.count < Self.eventLimit && lanes.count &+ count <= TraceLimits.programLanes
    }

    @inline(__always)
    var laneCount: Int { lanes.count }

    @inline(__always)
    mutating func append(lane address: UInt64) { lanes.append(address) }

    /// Removes the addresses from `count` on.
    @inline(__always)
    mutating func truncateLanes(to count: Int) { lanes.removeLast(lanes.count &- count) }

    /// Removes addresses that belonged only to a step that was taken back.
    mutating func removeLanes(_ range: Range<Int>) { lanes.removeSubrange(range) }

    @inline(__always)
    mutating func append(_ event: WarpEvent) { events.append(event) }

    /// Takes back the last step.
    /// - Returns: its instructions.
    mutating func removeLast() -> WorkCounts { events.removeLast().work }

    /// Ends the current warp's steps.
    mutating func endWarp(work: WorkCounts) {
        events.append(WarpEvent(kind: .end, work: work))
        warps.append(warpStart..<events.count)
        warpStart = events.count
    }

    /// Joins the warps' steps.
    /// - Parameters:
    ///   - warpCount: warps of the block, including those that recorded nothing.
    ///   - tensor: gives the tensor of an access from its first address.
    /// - Returns: number of accesses written.
    mutating func assemble(
        into program: inout BlockProgram, warpCount: Int, tensor: (UInt64) -> Int
    ) -> UInt64 {
        program.removeAll()
        carry = SIMD8()
        heads.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        for warp in warps { heads.append(warp.lowerBound) }
        var accesses: UInt64 = 0
        while let kind = lowestKind() {
            addWork(of: kind, warpCount: warpCount, to: &program)
            var least = UInt64.max
            for warp in warps.indices where heads[warp] < warps[warp].upperBound && events[heads[warp]].kind == kind {
                let event = events[heads[warp]]
                heads[warp] &+= 1
                switch kind {
                case .access:
                    append(event, tensor: tensor(lanes[Int(event.firstLane)]), to: &program)
                    accesses &+= 1
                case .commit where event.number != 0, .awaitBulk:
                    finish(kind, number: event.number, in: &program)
                default:
                    least = min(least, event.number)
                }
            }
            if least != .max { finish(kind, number: least, in: &program) }
        }
        return accesses
    }

    private func lowestKind() -> WarpEvent.Kind? {
        var lowest: UInt8 = .max
        for warp in warps.indices where heads[warp] < warps[warp].upperBound {
            lowest = min(lowest, events[heads[warp]].kind.rawValue)
        }
        return WarpEvent.Kind(rawValue: lowest)
    }

    /// Appends the instructions that come before the steps of this round.
    private mutating func addWork(of kind: WarpEvent.Kind, warpCount: Int, to program: inout BlockProgram) {
        var sum = carry
        for warp in warps.indices where heads[warp] < warps[warp].upperBound && events[heads[warp]].kind == kind {
            sum &+= SIMD8<UInt64>(truncatingIfNeeded: events[heads[warp]].work)
        }
        var divisor = SIMD8<UInt64>(repeating: UInt64(warpCount))
        divisor[WorkCounts.productEighths] = UInt64(warpCount) * 8
        let mean = sum / divisor
        carry = sum &- mean &* divisor
        guard mean != SIMD8() else { return }
        let counts = SIMD8<Int>(truncatingIfNeeded: mean)
        program.operations.append(
            .compute(
                ComputeWork(
                    instructions: counts[WorkCounts.instructions], tensor: counts[WorkCounts.tensor],
                    fp32: counts[WorkCounts.fp32], alu: counts[WorkCounts.alu], special: counts[WorkCounts.special],
                    memory: counts[WorkCounts.memory], shuffle: counts[WorkCounts.shuffle],
                    products: counts[WorkCounts.productEighths])))
    }

    private func append(_ event: WarpEvent, tensor: Int, to program: inout BlockProgram) {
        if event.isRun {
            program.operations.append(
                .tile(
                    TileAccess(
                        kind: event.access, tensor: tensor, elementBytes: Int(event.laneBytes),
                        address: lanes[Int(event.firstLane)],
                        rows: 1, rowBytes: Int(event.laneBytes) * Int(event.laneCount), pitchBytes: 0, requestRows: 1,
                        lanesPerRow: Int(event.laneCount), laneBytes: Int(event.laneBytes),
                        laneStrideBytes: Int(event.laneBytes), hint: event.hint)))
            return
        }
        program.operations.append(
            .lanes(
                LaneAccess(
                    kind: event.access, tensor: tensor, laneBytes: Int(event.laneBytes),
                    firstLane: program.laneAddresses.count,
                    laneCount: Int(event.laneCount), hint: event.hint)))
        let first = Int(event.firstLane)
        program.laneAddresses.append(contentsOf: lanes[first..<(first + Int(event.laneCount))])
    }

    /// Appends the operation of a round whose kind is not an access.
    private mutating func finish(_ kind: WarpEvent.Kind, number: UInt64, in program: inout BlockProgram) {
        switch kind {
        case .access, .end: break
        case .awaitLoads: program.operations.append(.awaitLoads)
        case .invalidate: program.operations.append(.invalidateL1)
        case .barrier: program.operations.append(.barrier)
        case .commit:
            program.operations.append(.commitGroup)
            if groups.count == Self.groupLimit { groups.removeFirst() }
            groups.append(number)
        case .awaitGroups:
            // Groups of bulk copies between those that may be outstanding may be outstanding too.
            var left = number
            for place in groups.indices.reversed() where groups[place] == 0 {
                if left == 0 {
                    wait(until: place, in: &program)
                    return
                }
                left -= 1
            }
        case .awaitBulk:
            if let place = groups.lastIndex(of: number) { wait(until: place, in: &program) }
        }
    }

    /// Waits for the group at `place` and for those before it.
    private func wait(until place: Int, in program: inout BlockProgram) {
        program.operations.append(.awaitGroups(pending: UInt32(groups.count - 1 - place)))
    }
}
