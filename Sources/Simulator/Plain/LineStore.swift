import Machine

/// The lines of one plain cache: one word a way, set after set, in a set the line used last (or inserted last) first.
///
/// A word is a line number, below 2^62 since lines have 4 bytes or more, and bit 63 where the line is dirty.
struct LineStore: ~Copyable {
    /// Marks a line as dirty.
    static let dirty: UInt64 = 1 << 63
    /// An empty way; as a victim: nothing had to leave.
    static let nothing = UInt64.max
    /// Returned by `touch` where the line was there.
    static let hit = UInt64.max - 1

    let lineBytes: UInt64
    private let lineShift: UInt64
    private let words: FixedBuffer<UInt64>
    private let ways: Int
    private let sets: UInt64
    /// `sets` - 1 where that is a mask; otherwise all ones.
    private let setMask: UInt64
    private let replacement: PlainReplacement
    private let seed: UInt64
    private var draws: UInt64 = 0

    init(_ geometry: CacheGeometry) {
        lineBytes = UInt64(geometry.lineBytes)
        lineShift = UInt64(geometry.lineBytes.trailingZeroBitCount)
        ways = geometry.ways
        sets = UInt64(geometry.sets)
        setMask = sets & (sets - 1) == 0 ? sets - 1 : .max
        replacement = geometry.replacement
        seed = UInt64(geometry.seed)
        words = FixedBuffer(repeating: Self.nothing, count: geometry.sets * geometry.ways)
    }

    /// Empties the cache; random replacement begins anew.
    mutating func reset() {
        words.fill(Self.nothing)
        draws = 0
    }

    /// The line of the byte at `address`.
    @inline(__always)
    func line(of address: UInt64) -> UInt64 { address &>> lineShift }

    /// The address of a line's first byte.
    @inline(__always)
    func address(ofLine line: UInt64) -> UInt64 { line &<< lineShift }

    /// The line behind `line`; line 0 behind the last of the address space.
    @inline(__always)
    func line(after line: UInt64) -> UInt64 { (line &+ 1) & (.max &>> lineShift) }

    @inline(__always)
    private func firstWay(ofLine line: UInt64) -> Int {
        let set = setMask == .max ? line % sets : line & setMask
        return Int(truncatingIfNeeded: set) &* ways
    }

    /// Looks up `line` and makes it its set's youngest.
    /// - Parameters:
    ///   - mark: `dirty` or 0, added to the line.
    ///   - allocates: whether a missing line comes in.
    /// - Returns: `hit`, or after a miss the word that left for the line, or `nothing`.
    @inline(__always)
    mutating func touch(_ line: UInt64, mark: UInt64, allocates: Bool) -> UInt64 {
        let first = firstWay(ofLine: line)
        let word = words[first]
        if word & ~Self.dirty == line {
            if mark != 0 { words[first] = word | mark }
            return Self.hit
        }
        return touchBehind(line, first: first, mark: mark, allocates: allocates)
    }

    /// `touch` where the line is not in its set's first way.
    private mutating func touchBehind(_ line: UInt64, first: Int, mark: UInt64, allocates: Bool) -> UInt64 {
        var way = 1
        var last = words[first]
        while way < ways, last != Self.nothing {
            last = words[first &+ way]
            if last & ~Self.dirty == line {
                if replacement == .lru {
                    shift(first: first, count: way)
                    words[first] = last | mark
                } else {
                    words[first &+ way] = last | mark
                }
                return Self.hit
            }
            way &+= 1
        }
        guard allocates else { return Self.nothing }
        if replacement == .random, last != Self.nothing {
            draws &+= 1
            let drawn = first &+ Int(truncatingIfNeeded: AddressMap.mix(seed &+ draws) % UInt64(ways))
            let victim = words[drawn]
            words[drawn] = line | mark
            return victim
        }
        // The words before `way` are the set's lines, or they end with the first empty way.
        shift(first: first, count: way &- 1)
        words[first] = line | mark
        return last
    }

    /// Moves `count` words from `first` on one way up.
    @inline(__always)
    private func shift(first: Int, count: Int) {
        var index = first &+ count
        while index > first {
            words[index] = words[index &- 1]
            index &-= 1
        }
    }

    /// Empties the cache and hands each dirty line to `body`.
    func drain(_ body: (UInt64) -> Void) {
        for way in 0..<words.count {
            let word = words[way]
            words[way] = Self.nothing
            if word != Self.nothing, word & Self.dirty != 0 { body(word & ~Self.dirty) }
        }
    }

    /// Words of all sets, empty ways included.
    var wordCount: Int { words.count }

    /// Makes the line in a word of the store clean, and leaves its age alone.
    /// - Returns: the line, or `nothing` where it was clean or the way is empty.
    func clean(word index: Int) -> UInt64 {
        let word = words[index]
        guard word != Self.nothing, word & Self.dirty != 0 else { return Self.nothing }
        words[index] = word & ~Self.dirty
        return words[index]
    }

    /// Makes `line` clean, and leaves its age alone.
    /// - Returns: whether it was here and dirty.
    func clean(_ line: UInt64) -> Bool {
        guard let index = index(of: line) else { return false }
        return clean(word: index) != Self.nothing
    }

    /// Drops `line`, dirty or not; the older lines of its set move up.
    func remove(_ line: UInt64) {
        guard var index = index(of: line) else { return }
        let end = firstWay(ofLine: line) + ways
        while index + 1 < end {
            words[index] = words[index + 1]
            index += 1
        }
        words[index] = Self.nothing
    }

    private func index(of line: UInt64) -> Int? {
        let first = firstWay(ofLine: line)
        for way in first..<(first + ways) {
            let word = words[way]
            if word == Self.nothing { return nil }
            if word & ~Self.dirty == line { return way }
        }
        return nil
    }

    /// Marks `line` as dirty and leaves its age alone.
    /// - Returns: false where it is not here.
    func markDirty(_ line: UInt64) -> Bool {
        guard let index = index(of: line) else { return false }
        words[index] |= Self.dirty
        return true
    }
}
