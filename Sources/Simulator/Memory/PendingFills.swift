/// When lines that are on their way into a partition's slices will be there: a hit on such a line waits for it.
///
/// A table of the lines asked for last; a line that another one displaced counts as arrived.
struct PendingFills: ~Copyable {
    private static let count = 1 << 15
    private let fills = Buffer(repeating: PendingFill(), count: Self.count)

    func reset() { fills.fill(PendingFill()) }

    @inline(__always)
    private static func place(of line: UInt64) -> Int {
        Int(truncatingIfNeeded: AddressMap.mix(line) &>> 40) & (count &- 1)
    }

    /// Notes that `line` has been asked for and is expected at `arrival`.
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

    /// Cycle at which `line` arrives or arrived; 0 if nothing is known of it.
    @inline(__always)
    func arrival(of line: UInt64) -> Double {
        let fill = fills[Self.place(of: line)]
        return fill.line == line ? fill.arrival : 0
    }
}

/// A line on its way.
struct PendingFill: BitwiseCopyable {
    var line = UInt64.max
    /// Cycle at which a near requester has it.
    var arrival = 0.0
}
