import CSupport

/// The arrival times of lines that are on their way into a partition's slices. A hit on such a line waits for it.
///
/// The table holds the lines requested last. A line that another one displaced counts as arrived.
struct PendingFills: ~Copyable {
    private static let count = 1 << 15
    private let fills = Buffer(repeating: PendingFill(), count: Self.count)

    func reset() { fills.fill(PendingFill()) }

    @inline(__always)
    private static func place(of line: UInt64) -> Int {
        Int(truncatingIfNeeded: AddressMap.mix(line) &>> 40) & (count &- 1)
    }

    /// Hints that `line` is looked up soon.
    @inline(__always)
    func prefetch(line: UInt64) { weir_prefetch(fills.pointer(at: Self.place(of: line))) }

    /// Notes that `line` was requested and is expected at `arrival`.
    @inline(__always)
    func expect(line: UInt64, arrival: Double) {
        fills[Self.place(of: line)] = PendingFill(line: line, arrival: arrival)
    }

    /// Corrects the expectation once the arrival is known.
    @inline(__always)
    func update(line: UInt64, arrival: Double) {
        let place = Self.place(of: line)
        if fills[place].line == line { fills[place].arrival = arrival }
    }

    /// Cycle at which `line` arrives or arrived; 0 if nothing is known about it.
    @inline(__always)
    func arrival(of line: UInt64) -> Double {
        let fill = fills[Self.place(of: line)]
        return fill.line == line ? fill.arrival : 0
    }
}

/// A line on its way.
struct PendingFill: BitwiseCopyable {
    var line = UInt64.max
    /// Cycle at which a near requester receives it.
    var arrival = 0.0
}
