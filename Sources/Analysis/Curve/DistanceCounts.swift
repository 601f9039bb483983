/// Accesses by distance and tensor. A tensor is here any number that the owner of the counts chooses, such as one for a
/// tensor's reads and another for its writes. The distance of an access is the largest number of lines (of ways, in a
/// set) with which it still misses. A cache of `n` lines therefore serves the distances below `n`.
struct DistanceCounts: ~Copyable {
    /// The distance of an access that no capacity serves.
    static let never = UInt32.max

    let tensorCount: Int
    /// The number of distances up to the largest one seen, and some room.
    private var rows = 0
    /// The counts of all tensors at distance 0, then at distance 1, and so on. If several stacks each stand for a part
    /// of the capacities, the counts below a stack's part are subtracted. Rows may then be negative, as two's
    /// complements.
    private var counts = GrowingBuffer<UInt64>()
    private var unserved = GrowingBuffer<UInt64>()
    /// The least and the greatest number of lines of the caches for which the next accesses count.
    private var low: UInt32 = 0
    private var high = UInt32.max
    /// The counts by groups of lines; nil if they are not wanted.
    let spread: SpreadCounts?
    /// Whether every access counts for all capacities and nothing is counted by groups.
    private var isPlain: Bool
    /// Gives the memory for more rows.
    private let memory: CurveMemory

    init(tensorCount: Int, spread: SpreadCounts? = nil, memory: CurveMemory) {
        self.memory = memory
        self.tensorCount = tensorCount
        self.spread = spread
        isPlain = spread == nil
        unserved.reset(repeating: 0, count: tensorCount)
    }

    /// Sets the caches for which the next accesses count: those of `low` to `high` lines.
    mutating func count(from low: UInt32, through high: UInt32) {
        self.low = low
        self.high = high
        isPlain = spread == nil && low == 0 && high == .max
    }

    @inline(__always)
    mutating func add(_ number: Int, distance: UInt32, tensor: Int) {
        guard isPlain else { return addPart(number, distance: distance, tensor: tensor) }
        guard distance != Self.never else {
            unserved[tensor] &+= UInt64(truncatingIfNeeded: number)
            return
        }
        add(UInt64(truncatingIfNeeded: number), row: Int(distance), tensor: tensor)
    }

    @inline(__always)
    private mutating func add(_ number: UInt64, row: Int, tensor: Int) {
        if row >= rows, !grow(to: row &+ 1) { return }
        counts[row &* tensorCount &+ tensor] &+= number
    }

    @inline(never)
    private mutating func addPart(_ number: Int, distance: UInt32, tensor: Int) {
        guard distance >= low else { return }
        let number = UInt64(truncatingIfNeeded: number)
        // The largest number of lines with which the access misses.
        let last = min(distance, high)
        if last == Self.never { unserved[tensor] &+= number } else { add(number, row: Int(last), tensor: tensor) }
        if low > 0 { add(0 &- number, row: Int(low &- 1), tensor: tensor) }
        spread?.add(number, last: last, low: low, slot: tensor)
    }

    /// Accesses that miss at every capacity.
    func compulsory(tensor: Int) -> UInt64 { unserved[tensor] }

    /// The least number of lines at which only compulsory misses are left; 0 if there are no others.
    var sufficientLines: Int {
        var row = rows
        while row > 0, isEmpty(row: row - 1) { row -= 1 }
        return row
    }

    /// The numbers of lines at which the misses change, ascending.
    var steps: [Int] { (0..<rows).filter { !isEmpty(row: $0) }.map { $0 + 1 } }

    /// Misses of one tensor at each of the numbers of lines.
    func misses(tensor: Int, lines: [Int]) -> [UInt64] {
        var result = Array(repeating: UInt64(0), count: lines.count)
        var sum = unserved[tensor]
        var row = rows
        for index in lines.indices.sorted(by: { lines[$0] > lines[$1] }) {
            while row > lines[index] {
                row -= 1
                sum &+= counts[row * tensorCount + tensor]
            }
            result[index] = sum
        }
        return result
    }

    private func isEmpty(row: Int) -> Bool {
        (0..<tensorCount).allSatisfy { counts[row * tensorCount + $0] == 0 }
    }

    /// - Returns: whether there is room.
    private mutating func grow(to needed: Int) -> Bool {
        let new = max(needed, rows &+ rows / 4, max(16, (1 << 16) / tensorCount))
        guard memory.reserve((new &- rows) &* tensorCount &* 8) else { return false }
        counts.append(repeating: 0, count: (new &- rows) &* tensorCount)
        rows = new
        return true
    }
}

/// Counts that several caches share. Each cache has them for the length of an operation.
final class DistanceCountsBox {
    var counts: DistanceCounts

    init(tensorCount: Int, spread: SpreadCounts? = nil, memory: CurveMemory) {
        counts = DistanceCounts(tensorCount: tensorCount, spread: spread, memory: memory)
    }
}
