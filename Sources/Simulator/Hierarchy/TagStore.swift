import CSupport
import Machine

/// A set-associative sectored tag store without timing: tags, replacement order, valid and dirty sectors.
///
/// One store holds many caches of equal shape (all L1s of a half, one L2 partition); the caller adds the cache's first set.
/// Each set is one record of `8 * paddedWays` bytes: tags (4 bytes a way), replacement ranks, valid, dirty and torn sectors, so that a
/// lookup of a 16-way set touches two adjacent host cache lines; bits of tree replacement stand behind.
struct TagStore: ~Copyable {
    /// Tag of an empty way.
    static let emptyTag = UInt32.max

    let sets: Int
    let ways: Int
    private let paddedWays: Int
    private let recordBytes: Int
    private let replacement: ReplacementPolicy
    private let memory: UnsafeMutableRawPointer
    private let seed: UInt64
    private var randomState: UInt64

    /// - Parameters:
    ///   - sets: sets in all.
    ///   - ways: ways of a set, 1 to 64.
    init(sets: Int, ways: Int, replacement: ReplacementPolicy, seed: UInt64) {
        precondition(sets > 0 && (1...64).contains(ways))
        self.sets = sets
        self.ways = ways
        self.replacement = replacement
        paddedWays = Self.paddedWays(ways)
        recordBytes = Self.byteCount(sets: 1, ways: ways, replacement: replacement)
        memory = .allocate(byteCount: sets * recordBytes, alignment: 128)
        self.seed = seed &* 2 &+ 1
        randomState = self.seed
        reset()
    }

    private static func paddedWays(_ ways: Int) -> Int { (ways + 15) / 16 * 16 }

    /// Bytes that a store of so many sets takes.
    static func byteCount(sets: Int, ways: Int, replacement: ReplacementPolicy) -> Int {
        sets * paddedWays(ways) * (replacement == .treePLRU ? 9 : 8)
    }

    deinit { memory.deallocate() }

    /// Empties every set and starts random replacement anew.
    mutating func reset() {
        randomState = seed
        reset(firstSet: 0, count: sets)
    }

    /// Empties `count` sets from `firstSet`.
    func reset(firstSet: Int, count: Int) {
        for set in firstSet..<(firstSet + count) {
            let record = memory + set * recordBytes
            let tags = record.assumingMemoryBound(to: UInt32.self)
            for way in 0..<paddedWays { tags[way] = Self.emptyTag }
            let bytes = (record + paddedWays * 4).assumingMemoryBound(to: UInt8.self)
            for way in 0..<paddedWays { bytes[way] = UInt8(truncatingIfNeeded: way) }
            for index in paddedWays..<(recordBytes - 4 * paddedWays) { bytes[index] = 0 }
        }
    }

    @inline(__always)
    func prefetch(set: Int) {
        weir_prefetch(memory + set &* recordBytes)
        weir_prefetch(memory + set &* recordBytes + 64)
    }

    @inline(__always)
    private func tags(_ set: Int) -> UnsafeMutablePointer<UInt32> {
        (memory + set &* recordBytes).assumingMemoryBound(to: UInt32.self)
    }

    @inline(__always)
    private func ranks(_ set: Int) -> UnsafeMutablePointer<UInt8> {
        (memory + set &* recordBytes + paddedWays &* 4).assumingMemoryBound(to: UInt8.self)
    }

    @inline(__always)
    private func treeBits(_ set: Int) -> UnsafeMutablePointer<UInt64> {
        (memory + set &* recordBytes + paddedWays &* 8).assumingMemoryBound(to: UInt64.self)
    }

    /// The way of `set` that holds `tag`, or -1.
    @inline(__always)
    func find(set: Int, tag: UInt32) -> Int {
        assert(set >= 0 && set < sets)
        return Int(weir_find_tag(tags(set), Int32(truncatingIfNeeded: paddedWays), tag))
    }

    @inline(__always)
    func tag(set: Int, way: Int) -> UInt32 { tags(set)[way] }

    @inline(__always)
    func validSectors(set: Int, way: Int) -> UInt8 { ranks(set)[paddedWays &+ way] }

    @inline(__always)
    func setValidSectors(set: Int, way: Int, _ sectors: UInt8) { ranks(set)[paddedWays &+ way] = sectors }

    @inline(__always)
    func dirtySectors(set: Int, way: Int) -> UInt8 { ranks(set)[paddedWays &* 2 &+ way] }

    @inline(__always)
    func setDirtySectors(set: Int, way: Int, _ sectors: UInt8) { ranks(set)[paddedWays &* 2 &+ way] = sectors }

    /// Sectors written in some of their bytes alone, whose others are not there.
    @inline(__always)
    func tornSectors(set: Int, way: Int) -> UInt8 { ranks(set)[paddedWays &* 3 &+ way] }

    @inline(__always)
    func setTornSectors(set: Int, way: Int, _ sectors: UInt8) { ranks(set)[paddedWays &* 3 &+ way] = sectors }

    /// Tells the replacement policy that `way` was hit.
    @inline(__always)
    func touch(set: Int, way: Int) {
        switch replacement {
        case .lru: makeYoungest(set: set, way: way)
        case .treePLRU: pointAway(set: set, way: way)
        case .fifo, .random: break
        }
    }

    /// The way that `insert` would fill next, an empty one first.
    @inline(__always)
    mutating func victim(set: Int) -> Int {
        switch replacement {
        case .lru, .fifo:
            return Int(weir_find_byte(ranks(set), Int32(truncatingIfNeeded: ways), UInt8(truncatingIfNeeded: ways &- 1)))
        case .random:
            let empty = find(set: set, tag: Self.emptyTag)
            if empty >= 0 && empty < ways { return empty }
            randomState = randomState &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((randomState &>> 33) % UInt64(ways))
        case .treePLRU:
            let empty = find(set: set, tag: Self.emptyTag)
            return empty >= 0 && empty < ways ? empty : treeVictim(set: set)
        }
    }

    /// Puts `tag` into `way`, clean and with `sectors` valid, as the youngest line.
    @inline(__always)
    func insert(set: Int, way: Int, tag: UInt32, sectors: UInt8) {
        tags(set)[way] = tag
        setValidSectors(set: set, way: way, sectors)
        setDirtySectors(set: set, way: way, 0)
        setTornSectors(set: set, way: way, 0)
        switch replacement {
        case .lru, .fifo: makeYoungest(set: set, way: way)
        case .treePLRU: pointAway(set: set, way: way)
        case .random: break
        }
    }

    /// Empties `way` and makes it the next victim.
    func remove(set: Int, way: Int) {
        let rank = ranks(set)
        let old = rank[way]
        for other in 0..<ways where rank[other] > old { rank[other] -= 1 }
        rank[way] = UInt8(truncatingIfNeeded: ways - 1)
        tags(set)[way] = Self.emptyTag
        setValidSectors(set: set, way: way, 0)
        setDirtySectors(set: set, way: way, 0)
        setTornSectors(set: set, way: way, 0)
    }

    /// Lines of `set` that hold dirty sectors.
    @inline(__always)
    func dirtyLines(set: Int) -> Int {
        let dirty = ranks(set) + paddedWays &* 2
        var count = 0
        for way in 0..<ways { count &+= dirty[way] != 0 ? 1 : 0 }
        return count
    }

    /// The dirty way that was used longest ago (by rank where the policy keeps ranks), or -1.
    @inline(__always)
    func oldestDirty(set: Int) -> Int {
        let rank = ranks(set)
        return Int(weir_oldest_marked(rank, rank + paddedWays &* 2, Int32(truncatingIfNeeded: ways)))
    }

    /// Lines of `set` that were touched after `way`'s, where the policy keeps ranks.
    @inline(__always)
    func rank(set: Int, way: Int) -> Int { Int(ranks(set)[way]) }

    @inline(__always)
    private func makeYoungest(set: Int, way: Int) {
        weir_touch_rank(ranks(set), Int32(truncatingIfNeeded: paddedWays), Int32(truncatingIfNeeded: way))
    }

    /// Walks the binary tree over `0..<ways` and makes every node on the way to `way` point to the other half.
    private func pointAway(set: Int, way: Int) {
        var low = 0
        var high = ways
        var node = 1
        let bits = treeBits(set)
        while high - low > 1 {
            let middle = (low + high) / 2
            let goesRight = way >= middle
            if goesRight { bits.pointee &= ~(UInt64(1) << UInt64(node & 63)) } else { bits.pointee |= UInt64(1) << UInt64(node & 63) }
            if goesRight { low = middle } else { high = middle }
            node = node * 2 + (goesRight ? 1 : 0)
        }
    }

    private func treeVictim(set: Int) -> Int {
        var low = 0
        var high = ways
        var node = 1
        let bits = treeBits(set).pointee
        while high - low > 1 {
            let middle = (low + high) / 2
            let goRight = bits >> UInt64(node & 63) & 1 == 1
            if goRight { low = middle } else { high = middle }
            node = node * 2 + (goRight ? 1 : 0)
        }
        return low
    }
}
