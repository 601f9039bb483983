/// The counts from which a sample's error follows. They say how accesses of sampled lines spread over groups of lines,
/// by distance, and how unevenly all lines, sampled or not, are accessed. A slot is a tensor's reads or its writes.
final class SpreadCounts {
    /// The number of groups into which hashes divide the sampled lines.
    static let groupCount = 64
    /// The number of cells of the sketch of all lines. A cell holds the sum of its lines' accesses. Each line's hash
    /// gives the sign of its accesses.
    static let cellCount = 256
    /// The greatest number of slots with counts of their own. Beyond it all reads share one slot and all writes
    /// another.
    private static let slotLimit = 128

    /// Whether each slot has counts of its own.
    let isApart: Bool
    private let slots: Int
    private var buckets = 0
    /// Buckets of distances. Each bucket holds the slots, and each slot its groups. Bucket 0 counts accesses that no
    /// capacity serves.
    private var counts = GrowingBuffer<UInt64>()
    private var cells = GrowingBuffer<Int64>()
    /// The group of the line whose accesses are counted next.
    var group = 0

    init(slots: Int) {
        isApart = slots <= Self.slotLimit
        self.slots = isApart ? slots : 2
        cells.reset(repeating: 0, count: self.slots * Self.cellCount)
    }

    /// Notes accesses of any line.
    /// - Parameter hash: the hash of the line. The bits above those that choose a group choose the cell and the sign.
    @inline(__always)
    func weigh(_ number: Int, hash: UInt64, slot: Int) {
        let cell = Int(truncatingIfNeeded: hash &>> 6) & (Self.cellCount &- 1)
        let signed = hash &>> 14 & 1 == 0 ? Int64(number) : -Int64(number)
        cells[own(slot) &* Self.cellCount &+ cell] &+= signed
    }

    /// Counts accesses of the current group that miss in caches of `low` to `last` lines.
    func add(_ number: UInt64, last: UInt32, low: UInt32, slot: Int) {
        count(number, bucket: last == DistanceCounts.never ? 0 : Self.bucket(of: last), slot: slot)
        if low > 0 { count(0 &- number, bucket: Self.bucket(of: low &- 1), slot: slot) }
    }

    private func count(_ number: UInt64, bucket: Int, slot: Int) {
        let row = slots &* Self.groupCount
        if bucket >= buckets {
            counts.append(repeating: 0, count: (bucket &+ 1 &- buckets) &* row)
            buckets = bucket &+ 1
        }
        counts[bucket &* row &+ own(slot) &* Self.groupCount &+ group] &+= number
    }

    @inline(__always)
    private func own(_ slot: Int) -> Int { isApart ? slot : slot & 1 }

    /// Distances up to 63 have a bucket each. Above, each octave has sixteen buckets.
    private static func bucket(of distance: UInt32) -> Int {
        guard distance >= 64 else { return 1 &+ Int(distance) }
        let octave = 31 &- distance.leadingZeroBitCount
        return 65 &+ (octave &- 6) &* 16 &+ Int(distance &>> UInt32(octave &- 4)) & 15
    }

    /// Accesses that miss at each of several numbers of sampled lines. The result is indexed by number of lines, then
    /// by group.
    func misses(slots chosen: [Int], lines: [Int]) -> [[Double]] {
        let slots = Set(chosen.map { own($0) }).sorted()
        var result = Array(repeating: [Double](), count: lines.count)
        var sums = Array(repeating: UInt64(0), count: Self.groupCount)
        func add(bucket: Int) {
            for slot in slots {
                let first = (bucket * self.slots + slot) * Self.groupCount
                for group in 0..<Self.groupCount { sums[group] &+= counts[first + group] }
            }
        }
        if buckets > 0 { add(bucket: 0) }
        var bucket = max(buckets, 1)
        for index in lines.indices.sorted(by: { lines[$0] > lines[$1] }) {
            let last = Self.bucket(of: UInt32(clamping: lines[index]))
            while bucket > last {
                bucket -= 1
                add(bucket: bucket)
            }
            result[index] = sums.map { Double(Int64(bitPattern: $0)) }
        }
        return result
    }

    /// The sketch of all lines.
    func sketch(slots chosen: [Int]) -> [Int64] {
        let slots = Set(chosen.map { own($0) }).sorted()
        return (0..<Self.cellCount).map { cell in slots.reduce(0) { $0 + cells[$1 * Self.cellCount + cell] } }
    }
}
