import Trace

/// The path between the SMs of a half and its L2: the L1s on top of the crossbar.
struct RequestPath: ~Copyable, OperationPath {
    var l1s: L1Caches
    var crossbar: Crossbar

    mutating func read(
        _ requests: [LineRequest], kind: AccessKind, throughL1: Bool, receivers: Int, sm: Int, ticket: Int32,
        at start: Double
    ) -> ReadOutcome {
        l1s.read(
            requests, kind: kind, throughL1: throughL1, receivers: receivers, sm: sm, ticket: ticket, at: start,
            below: &crossbar)
    }

    mutating func store(_ requests: [LineRequest], kind: AccessKind, sm: Int, at start: Double) -> Double {
        l1s.store(requests, kind: kind, sm: sm, at: start, below: &crossbar)
    }

    mutating func reduce(_ requests: [LineRequest], isBulk: Bool, sm: Int, ticket: Int32, at start: Double) -> (
        free: Double, homes: UInt8
    ) {
        l1s.reduce(requests, isBulk: isBulk, sm: sm, ticket: ticket, at: start, below: &crossbar)
    }

    mutating func fence(homes: UInt8, sm: Int, ticket: Int32, at time: Double) {
        l1s.fence(homes: homes, sm: sm, ticket: ticket, at: time, below: &crossbar)
    }

    mutating func invalidate(sm: Int) { l1s.invalidate(sm: sm) }
}
