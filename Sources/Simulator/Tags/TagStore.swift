import CSupport
import Replacement

/// A set-associative sectored tag store without timing: tags, replacement order, valid and dirty sectors.
///
/// One store holds many caches of equal shape: all L1s of a half, or one L2 partition. The caller adds the cache's
/// first set. Each set is one record of `8 * paddedWays` bytes: tags (4 bytes per way), replacement ranks, and valid,
/// dirty and torn sectors. A lookup of a 16-way set therefore touches two adjacent host cache lines, and of a 4-way set
/// one or two. The further memory of some policies lies behind the ranks and sectors.
struct TagStore: ~Copyable {
    /// Tag of an empty way.
    static let emptyTag = UInt32.max

    let sets: Int
    let ways: Int
    private let paddedWays: Int
    private let recordBytes: Int
    /// Where the second host cache line of a record begins, or ends.
    private let prefetchOffset: Int
    private let replacement: ReplacementPolicy
    private let memory: UnsafeMutableRawPointer
    /// State of random replacement. It lies behind the records.
    private let randomState: UnsafeMutablePointer<UInt64>
    private let seed: UInt64

    /// - Parameters:
    ///   - sets: the number of sets of all caches.
    ///   - ways: the number of ways of a set, 1 to 64.
    init(sets: Int, ways: Int, replacement: ReplacementPolicy, seed: UInt64) {
        precondition(sets > 0 && (1...64).contains(ways))
        self.sets = sets
        self.ways = ways
        self.replacement = replacement
        paddedWays = Self.paddedWays(ways)
        recordBytes = Self.byteCount(sets: 1, ways: ways, replacement: replacement)
        prefetchOffset = min(64, recordBytes - 1)
        // Records of few ways do not end at a multiple of eight bytes.
        let end = (sets * recordBytes + 7) & ~7
        guard let memory = weir_allocate(end + 64) else { fatalError("no memory for \(end) bytes of tags") }
        self.memory = memory
        randomState = (memory + end).bindMemory(to: UInt64.self, capacity: 1)
        self.seed = seed &* 2 &+ 1
        reset()
    }

    private static func paddedWays(_ ways: Int) -> Int { ways <= 4 ? 4 : (ways + 15) / 16 * 16 }

    /// Bytes of the records of `sets` sets.
    static func byteCount(sets: Int, ways: Int, replacement: ReplacementPolicy) -> Int {
        sets * paddedWays(ways) * (replacement.memory == .nothing ? 8 : 9)
    }

    deinit { weir_free(memory) }

    /// Empties every set and starts random replacement anew.
    mutating func reset() {
        randomState.pointee = seed
        reset(firstSet: 0, count: sets)
    }

    /// Empties `count` sets from `firstSet`.
    func reset(firstSet: Int, count: Int) {
        for set in firstSet..<(firstSet + count) {
            let tags = tags(set)
            for way in 0..<paddedWays { tags[way] = Self.emptyTag }
            let bytes = ranks(set)
            for index in paddedWays..<(4 * paddedWays) { bytes[index] = 0 }
        }
        replacement.accept(Reset(first: self[firstSet], recordBytes: recordBytes, count: count))
    }

    /// The set as its policy sees it.
    @inline(__always)
    private subscript(set: Int) -> TagSet {
        assert(set >= 0 && set < sets)
        return TagSet(
            record: memory + set &* recordBytes, ways: ways, paddedWays: paddedWays,
            memoryBytes: recordBytes &- 8 &* paddedWays,
            randomState: randomState)
    }

    @inline(__always)
    func prefetch(set: Int) {
        let record = memory + set &* recordBytes
        weir_prefetch(record)
        weir_prefetch(record + prefetchOffset)
    }

    @inline(__always)
    private func tags(_ set: Int) -> UnsafeMutablePointer<UInt32> {
        (memory + set &* recordBytes).assumingMemoryBound(to: UInt32.self)
    }

    @inline(__always)
    private func ranks(_ set: Int) -> UnsafeMutablePointer<UInt8> {
        (memory + set &* recordBytes + paddedWays &* 4).assumingMemoryBound(to: UInt8.self)
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

    /// The sectors of which only some bytes were written. Their other bytes are missing.
    @inline(__always)
    func tornSectors(set: Int, way: Int) -> UInt8 { ranks(set)[paddedWays &* 3 &+ way] }

    @inline(__always)
    func setTornSectors(set: Int, way: Int, _ sectors: UInt8) { ranks(set)[paddedWays &* 3 &+ way] = sectors }

    /// Tells the replacement policy that `way` was hit.
    @inline(__always)
    func touch(set: Int, way: Int) { replacement.accept(Hit(set: self[set], way: way)) }

    /// The way that `insert` has to fill next, an empty one first. The caller asks once for each line that comes in.
    @inline(__always)
    func victim(set: Int) -> Int { replacement.accept(Victim(set: self[set])) }

    /// The line that is last in the order of `set`, as its way, or -1 in an empty set.
    @inline(__always)
    func lastLine(set: Int) -> Int { self[set].lastLine }

    /// Puts `tag` into `way`, clean and with `sectors` valid, and tells the replacement policy.
    @inline(__always)
    func insert(set: Int, way: Int, tag: UInt32, sectors: UInt8) {
        tags(set)[way] = tag
        setValidSectors(set: set, way: way, sectors)
        setDirtySectors(set: set, way: way, 0)
        setTornSectors(set: set, way: way, 0)
        replacement.accept(Fill(set: self[set], way: way))
    }

    /// Empties `way` and tells the replacement policy.
    func remove(set: Int, way: Int) {
        replacement.accept(Removal(set: self[set], way: way))
        tags(set)[way] = Self.emptyTag
        setValidSectors(set: set, way: way, 0)
        setDirtySectors(set: set, way: way, 0)
        setTornSectors(set: set, way: way, 0)
    }

    /// The number of lines of `set` that hold dirty sectors.
    @inline(__always)
    func dirtyLines(set: Int) -> Int {
        Int(weir_count_marked(ranks(set) + paddedWays &* 2, Int32(truncatingIfNeeded: paddedWays)))
    }

    /// The dirty way that the policy would give up first, or -1.
    @inline(__always)
    func oldestDirty(set: Int) -> Int { replacement.accept(OldestDirty(set: self[set])) }

    /// The number of lines of `set` that leave after the line in `way`. It has no meaning if the policy knows no ages.
    @inline(__always)
    func age(set: Int, way: Int) -> Int { replacement.accept(Age(set: self[set], way: way)) }
}

// The store's requests to any policy. Ways of a store stay in place, so that a returned way is the given way.

private struct Reset: ReplacementVisitor {
    let first: TagSet
    let recordBytes: Int
    let count: Int

    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) {
        for number in 0..<count { Rules.reset(first.advanced(by: number &* recordBytes)) }
    }
}

private struct Hit: ReplacementVisitor {
    let set: TagSet
    let way: Int

    @inline(__always)
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) { _ = Rules.hit(way, in: set) }
}

private struct Victim: ReplacementVisitor {
    let set: TagSet

    @inline(__always)
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> Int { Rules.victim(in: set) }
}

private struct Fill: ReplacementVisitor {
    let set: TagSet
    let way: Int

    @inline(__always)
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) { _ = Rules.fill(way, in: set) }
}

private struct Removal: ReplacementVisitor {
    let set: TagSet
    let way: Int

    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) { Rules.remove(way, in: set) }
}

private struct OldestDirty: ReplacementVisitor {
    let set: TagSet

    @inline(__always)
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> Int { Rules.oldestDirty(in: set) }
}

private struct Age: ReplacementVisitor {
    let set: TagSet
    let way: Int

    @inline(__always)
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> Int { Rules.age(of: way, in: set) }
}
