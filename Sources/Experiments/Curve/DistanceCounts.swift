/// Accesses by distance and tensor, which here is any number that the owner of the counts has for one, such as one for a tensor's
/// reads and another for its writes. The distance of an access is the largest number of lines (of ways, in a set) with which it
/// still misses: a cache of `n` lines serves the distances below `n`.
struct DistanceCounts: ~Copyable {
    /// The distance of what no capacity serves.
    static let never = UInt32.max

    let tensorCount: Int
    /// Distances up to the largest one seen, and some room.
    private var rows = 0
    /// Tensors of distance 0, then of distance 1, and so on.
    private var counts = GrowingBuffer<UInt64>()
    private var unserved = GrowingBuffer<UInt64>()

    init(tensorCount: Int) {
        self.tensorCount = tensorCount
        unserved.reset(repeating: 0, count: tensorCount)
    }

    @inline(__always)
    mutating func add(_ number: Int, distance: UInt32, tensor: Int) {
        guard distance != Self.never else {
            unserved[tensor] &+= UInt64(truncatingIfNeeded: number)
            return
        }
        let row = Int(distance)
        if row >= rows { grow(to: row &+ 1) }
        counts[row &* tensorCount &+ tensor] &+= UInt64(truncatingIfNeeded: number)
    }

    /// Accesses that miss at every capacity.
    func compulsory(tensor: Int) -> UInt64 { unserved[tensor] }

    /// Lines from which nothing but compulsory misses is left; 0 where there is nothing else at all.
    var sufficientLines: Int {
        var row = rows
        while row > 0, isEmpty(row: row - 1) { row -= 1 }
        return row
    }

    /// The numbers of lines at which misses change, ascending.
    var steps: [Int] { (0..<rows).filter { !isEmpty(row: $0) }.map { $0 + 1 } }

    /// Misses of one tensor at each of several numbers of lines.
    func misses(tensor: Int, lines: [Int]) -> [UInt64] {
        var result = Array(repeating: UInt64(0), count: lines.count)
        var sum = unserved[tensor]
        var row = rows
        for index in lines.indices.sorted(by: { lines[$0] > lines[$1] }) {
            while row > lines[index] {
                row -= 1
                sum += counts[row * tensorCount + tensor]
            }
            result[index] = sum
        }
        return result
    }

    private func isEmpty(row: Int) -> Bool {
        (0..<tensorCount).allSatisfy { counts[row * tensorCount + $0] == 0 }
    }

    private mutating func grow(to needed: Int) {
        let new = max(needed, rows &+ rows / 4, 1024)
        counts.append(repeating: 0, count: (new &- rows) &* tensorCount)
        rows = new
    }
}

/// Counts that several caches share, each for the length of an operation.
final class DistanceCountsBox {
    var counts: DistanceCounts

    init(tensorCount: Int) { counts = DistanceCounts(tensorCount: tensorCount) }
}
