import CSupport
import Replacement

/// One set of a `TagStore` as its replacement policy sees it. Ways stay in place. One byte per way holds its rank.
struct TagSet: CleanableSet {
    private let tags: UnsafeMutablePointer<UInt32>
    /// The ranks. Behind them lie the valid, dirty and torn sectors and the policy's memory, `paddedWays` bytes each.
    private let ranks: UnsafeMutablePointer<UInt8>
    private let paddedWays: Int
    private let memoryBytes: Int
    private let randomState: UnsafeMutablePointer<UInt64>
    let ways: Int

    /// - Parameter memoryBytes: bytes of the policy's memory beside the ranks.
    @inline(__always)
    init(
        record: UnsafeMutableRawPointer, ways: Int, paddedWays: Int, memoryBytes: Int,
        randomState: UnsafeMutablePointer<UInt64>
    ) {
        tags = record.assumingMemoryBound(to: UInt32.self)
        ranks = (record + paddedWays &* 4).assumingMemoryBound(to: UInt8.self)
        self.ways = ways
        self.paddedWays = paddedWays
        self.memoryBytes = memoryBytes
        self.randomState = randomState
    }

    /// The set whose record lies `bytes` behind this one.
    func advanced(by bytes: Int) -> TagSet {
        TagSet(
            record: UnsafeMutableRawPointer(tags) + bytes, ways: ways, paddedWays: paddedWays, memoryBytes: memoryBytes,
            randomState: randomState)
    }

    @inline(__always)
    var firstEmpty: Int {
        let empty = Int(weir_find_tag(tags, Int32(truncatingIfNeeded: paddedWays), TagStore.emptyTag))
        return empty < ways ? empty : -1
    }

    @inline(__always)
    func rank(of way: Int) -> Int { Int(ranks[way]) }

    @inline(__always)
    func way(atRank rank: Int) -> Int {
        Int(weir_find_byte(ranks, Int32(truncatingIfNeeded: paddedWays), UInt8(truncatingIfNeeded: rank)))
    }

    @inline(__always)
    func move(_ way: Int, toRank rank: Int) -> Int {
        if rank == 0 {
            weir_touch_rank(ranks, Int32(truncatingIfNeeded: paddedWays), Int32(truncatingIfNeeded: way))
        } else {
            weir_move_rank(
                ranks, Int32(truncatingIfNeeded: ways), Int32(truncatingIfNeeded: way),
                UInt8(truncatingIfNeeded: rank))
        }
        return way
    }

    func clear() {
        for way in 0..<paddedWays { ranks[way] = UInt8(truncatingIfNeeded: way) }
        for index in 0..<memoryBytes { memory[index] = 0 }
    }

    @inline(__always)
    private var memory: UnsafeMutablePointer<UInt8> { ranks + paddedWays &* 4 }

    @inline(__always)
    func mark(of way: Int) -> UInt8 { memory[way] }

    @inline(__always)
    func setMark(of way: Int, to mark: UInt8) { memory[way] = mark }

    @inline(__always)
    func flag(_ number: Int) -> Bool { memory[number / 8] &>> UInt8(number % 8) & 1 == 1 }

    @inline(__always)
    func setFlag(_ number: Int, to value: Bool) {
        let bit = UInt8(1) &<< UInt8(number % 8)
        if value { memory[number / 8] |= bit } else { memory[number / 8] &= ~bit }
    }

    @inline(__always)
    func draw() -> Int {
        randomState.pointee = randomState.pointee &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((randomState.pointee &>> 33) % UInt64(ways))
    }

    @inline(__always)
    func isEmpty(_ way: Int) -> Bool { tags[way] == TagStore.emptyTag }

    /// The way of the highest rank that holds a line, or -1.
    @inline(__always)
    var lastLine: Int {
        var (last, highest) = (-1, -1)
        for way in 0..<ways where !isEmpty(way) && rank(of: way) > highest { (last, highest) = (way, rank(of: way)) }
        return last
    }

    @inline(__always)
    func isDirty(_ way: Int) -> Bool { ranks[paddedWays &* 2 &+ way] != 0 }

    @inline(__always)
    var dirtyOfHighestRank: Int {
        Int(weir_oldest_marked(ranks, ranks + paddedWays &* 2, Int32(truncatingIfNeeded: paddedWays)))
    }
}
