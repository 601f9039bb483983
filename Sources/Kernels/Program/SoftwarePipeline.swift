import Trace

/// The loop that the compiler makes of a loop around a matrix product. Copies run `stages - 1` trips ahead.
///
/// Before the loop, the copies of the first trips are issued, one group a trip. A trip then does the following:
///
/// 1. It waits for its group and meets the other warps.
/// 2. It issues the copies of trip + stages - 1, among the product's instructions, so that the two overlap.
/// 3. It loads what could not be copied asynchronously.
/// 4. It computes.
///
/// Groups behind the last trip are empty.
struct SoftwarePipeline {
    let stages: Int
    /// Whether any of the loop's loads is an asynchronous copy.
    let hasCopies: Bool
    /// Whether any of them is a plain load.
    let hasLoads: Bool
    let trip: ComputeWork

    init(stages: Int, operands: [Operand], trip: ComputeWork) {
        self.stages = stages
        hasCopies = operands.contains { $0.isAsynchronous }
        hasLoads = operands.contains { !$0.isAsynchronous }
        self.trip = trip
    }

    /// Appends `trips` trips.
    ///
    /// - Parameters:
    ///   - lead: addresses and masks, computed among the first trips' copies.
    ///   - hasPendingLoads: whether the first trip is the first to use loads from before the loop.
    ///   - finish: appends what follows a trip's product.
    ///   - issue: appends the copies or the plain loads of a trip.
    @inline(__always)
    func append(
        trips: Int, lead: ComputeWork? = nil, hasPendingLoads: Bool = false, to program: inout BlockProgram,
        finish: (_ index: Int, inout BlockProgram) -> Void = { _, _ in },
        issue: (_ index: Int, _ asynchronous: Bool, inout BlockProgram) -> Void
    ) {
        let ahead = stages - 1
        if hasCopies {
            for index in 0..<ahead {
                if index < trips { issue(index, true, &program) }
                program.operations.append(.commitGroup)
                if let lead { program.append(Self.part(index, of: ahead, lead)) }
            }
        } else if let lead {
            program.append(lead)
        }
        for index in 0..<max(0, trips) {
            if hasCopies { program.operations.append(.awaitGroups(pending: UInt32(ahead - 1))) }
            program.operations.append(.barrier)
            if hasCopies {
                if index + ahead < trips { issue(index + ahead, true, &program) }
                program.operations.append(.commitGroup)
            }
            if hasLoads { issue(index, false, &program) }
            if hasLoads || (hasPendingLoads && index == 0) { program.operations.append(.awaitLoads) }
            program.operations.append(.compute(trip))
            finish(index, &program)
        }
        if hasCopies { program.operations.append(.awaitGroups(pending: 0)) }
    }

    /// One of `count` parts of the lead. Each is a little shorter than the one before, because equal steps would count
    /// as trips of one loop.
    private static func part(_ index: Int, of count: Int, _ lead: ComputeWork) -> ComputeWork {
        let whole = count * (count + 7) / 2
        func share(_ index: Int) -> Int { 100 * (index * (count + 4) - index * (index + 1) / 2) / whole }
        return lead.part(from: share(index), to: index + 1 == count ? 100 : share(index + 1))
    }
}

extension BlockProgram {
    /// Appends the access of `region` if the operand is of the wanted kind: a copy or a plain load.
    @inline(__always)
    mutating func append(_ operand: Operand, _ region: TileRegion, ifAsynchronous asynchronous: Bool) {
        if operand.isAsynchronous == asynchronous { append(operand, region) }
    }
}
