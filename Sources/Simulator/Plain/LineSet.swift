import Replacement

/// One set of a `LineStore` as its replacement policy sees it. Ways lie in the set's order, so that a way's number is
/// its rank.
struct LineSet: ReplacementSet {
    let words: UnsafeMutablePointer<UInt64>
    /// Marks or flags, one byte per way; nil if the policy remembers nothing.
    private let memory: UnsafeMutablePointer<UInt8>?
    /// The seed of random replacement plus the number of draws so far.
    private let draws: UnsafeMutablePointer<UInt64>
    private let movesMarks: Bool
    let ways: Int

    @inline(__always)
    init(
        words: UnsafeMutablePointer<UInt64>, ways: Int, memory: UnsafeMutablePointer<UInt8>?, movesMarks: Bool,
        draws: UnsafeMutablePointer<UInt64>
    ) {
        self.words = words
        self.ways = ways
        self.memory = memory
        self.movesMarks = movesMarks
        self.draws = draws
    }

    /// The set that begins `count` ways behind this one.
    func advanced(by count: Int) -> LineSet {
        LineSet(
            words: words + count, ways: ways, memory: memory.map { $0 + count }, movesMarks: movesMarks, draws: draws)
    }

    /// The lines lie before all empty ways.
    @inline(__always)
    var firstEmpty: Int {
        guard words[ways &- 1] == LineStore.nothing else { return -1 }
        var way = 0
        while words[way] != LineStore.nothing { way &+= 1 }
        return way
    }

    @inline(__always)
    func rank(of way: Int) -> Int { way }

    @inline(__always)
    func way(atRank rank: Int) -> Int { rank }

    @inline(__always)
    func move(_ way: Int, toRank rank: Int) -> Int {
        Self.move(words, from: way, to: rank)
        if movesMarks, let memory { Self.move(memory, from: way, to: rank) }
        return rank
    }

    /// Moves an element to another place. The elements in between move by one.
    @inline(__always)
    private static func move<Element>(_ elements: UnsafeMutablePointer<Element>, from start: Int, to end: Int) {
        let moved = elements[start]
        var index = start
        while index > end {
            elements[index] = elements[index &- 1]
            index &-= 1
        }
        while index < end {
            elements[index] = elements[index &+ 1]
            index &+= 1
        }
        elements[end] = moved
    }

    func clear() { memory?.update(repeating: 0, count: ways) }

    @inline(__always)
    func mark(of way: Int) -> UInt8 { memory.unsafelyUnwrapped[way] }

    @inline(__always)
    func setMark(of way: Int, to mark: UInt8) { memory.unsafelyUnwrapped[way] = mark }

    @inline(__always)
    func flag(_ number: Int) -> Bool { memory.unsafelyUnwrapped[number / 8] &>> UInt8(number % 8) & 1 == 1 }

    @inline(__always)
    func setFlag(_ number: Int, to value: Bool) {
        let bit = UInt8(1) &<< UInt8(number % 8)
        if value { memory.unsafelyUnwrapped[number / 8] |= bit } else { memory.unsafelyUnwrapped[number / 8] &= ~bit }
    }

    /// The age is counted from the way of the line that came last.
    @inline(__always)
    func draw() -> Int {
        draws.pointee &+= 1
        return ways &- 1 &- Int(truncatingIfNeeded: AddressMap.mix(draws.pointee) % UInt64(ways))
    }
}
