import Machine
import Replacement

/// The lines of one plain cache: one word per way, set after set.
///
/// A word is a line number. Line numbers are below 2^62, since lines have 4 bytes or more. Bit 63 marks a dirty line.
/// In a set the lines lie before the empty ways. The line used (or inserted) last comes first. Under policies that move
/// no lines, the lines lie in the order in which they came.
struct LineStore: ~Copyable {
    /// Marks a line as dirty.
    static let dirty: UInt64 = 1 << 63
    /// An empty way. As a victim it means that no line had to leave.
    static let nothing = UInt64.max
    /// `touch` returns this if the line was there.
    static let hit = UInt64.max - 1

    let lineBytes: UInt64
    private let lineShift: UInt64
    private let words: Buffer<UInt64>
    /// The policy's memory: one byte per way, or nothing.
    private let memory: Buffer<UInt8>
    /// The seed of random replacement plus the number of draws so far.
    private let draws: Buffer<UInt64>
    private let ways: Int
    private let sets: UInt64
    /// `sets` - 1 if that is a mask; otherwise all ones.
    private let setMask: UInt64
    private let replacement: ReplacementPolicy
    private let movesMarks: Bool
    private let remembers: Bool
    private let seed: UInt64

    init(_ geometry: CacheGeometry) {
        lineBytes = UInt64(geometry.lineBytes)
        lineShift = UInt64(geometry.lineBytes.trailingZeroBitCount)
        ways = geometry.ways
        sets = UInt64(geometry.sets)
        setMask = sets & (sets - 1) == 0 ? sets - 1 : .max
        replacement = geometry.replacement
        movesMarks = replacement.memory == .marks
        remembers = replacement.memory != .nothing
        seed = UInt64(geometry.seed)
        words = Buffer(repeating: Self.nothing, count: geometry.sets * geometry.ways)
        memory = Buffer(repeating: 0, count: remembers ? geometry.sets * geometry.ways : 0)
        draws = Buffer(repeating: seed, count: 1)
        reset()
    }

    /// Empties the cache. Random replacement begins anew.
    mutating func reset() {
        draws[0] = seed
        empty()
    }

    private func empty() {
        words.fill(Self.nothing)
        replacement.accept(Reset(first: self[set: 0], count: Int(sets)))
    }

    /// A set as its policy sees it. `first` is the set's first way.
    @inline(__always)
    private subscript(set first: Int) -> LineSet {
        LineSet(
            words: words.pointer(at: first), ways: ways, memory: remembers ? memory.pointer(at: first) : nil,
            movesMarks: movesMarks, draws: draws.pointer(at: 0))
    }

    /// The line of the byte at `address`.
    @inline(__always)
    func line(of address: UInt64) -> UInt64 { address &>> lineShift }

    /// The address of a line's first byte.
    @inline(__always)
    func address(ofLine line: UInt64) -> UInt64 { line &<< lineShift }

    /// The line after `line`. Line 0 follows the last line of the address space.
    @inline(__always)
    func line(after line: UInt64) -> UInt64 { (line &+ 1) & (.max &>> lineShift) }

    @inline(__always)
    private func firstWay(ofLine line: UInt64) -> Int {
        let set = setMask == .max ? line % sets : line & setMask
        return Int(truncatingIfNeeded: set) &* ways
    }

    /// Looks up `line` and makes it the youngest of its set.
    /// - Parameters:
    ///   - mark: `dirty` or 0, added to the line.
    ///   - allocates: whether a missing line comes in.
    /// - Returns: `hit`; after a miss the word that left for the line, or `nothing`.
    @inline(__always)
    mutating func touch(_ line: UInt64, mark: UInt64, allocates: Bool) -> UInt64 {
        let first = firstWay(ofLine: line)
        let word = words[first]
        // A hit on the youngest line changes nothing, unless the policy remembers hits.
        if word & ~Self.dirty == line, !remembers {
            if mark != 0 { words[first] = word | mark }
            return Self.hit
        }
        return replacement.accept(Touch(set: self[set: first], line: line, mark: mark, allocates: allocates))
    }

    /// Empties the cache and hands each dirty line to `body`, set by set. Within a set the youngest line comes first.
    func drain(_ body: (UInt64) -> Void) {
        for first in stride(from: 0, to: words.count, by: ways) {
            for place in 0..<ways {
                let word = words[index(ofAge: place, first: first)]
                if word != Self.nothing, word & Self.dirty != 0 { body(word & ~Self.dirty) }
            }
        }
        empty()
    }

    /// Makes all lines clean and hands those that were dirty to `body`. The last set comes first, and within a set the
    /// oldest line. The ages of lines stay.
    func cleanAll(_ body: (UInt64) -> Void) {
        for first in stride(from: 0, to: words.count, by: ways).reversed() {
            for place in (0..<ways).reversed() {
                let line = clean(word: index(ofAge: place, first: first))
                if line != Self.nothing { body(line) }
            }
        }
    }

    /// The index of the word that is `age` ways behind the youngest one. `first` is the set's first way.
    private func index(ofAge age: Int, first: Int) -> Int { first + (replacement.movesLines ? age : ways - 1 - age) }

    /// Makes the line in a word of the store clean. Its age stays.
    /// - Returns: the line, or `nothing` if it was clean or the way is empty.
    private func clean(word index: Int) -> UInt64 {
        let word = words[index]
        guard word != Self.nothing, word & Self.dirty != 0 else { return Self.nothing }
        words[index] = word & ~Self.dirty
        return words[index]
    }

    /// Makes `line` clean. Its age stays.
    /// - Returns: whether it was here and dirty.
    func clean(_ line: UInt64) -> Bool {
        guard let index = index(of: line) else { return false }
        return clean(word: index) != Self.nothing
    }

    /// Drops `line`, dirty or not. The lines behind it move up.
    func remove(_ line: UInt64) {
        guard let index = index(of: line) else { return }
        let first = firstWay(ofLine: line)
        replacement.accept(Removal(set: self[set: first], way: index - first))
        words[first + ways - 1] = Self.nothing
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

    /// Marks `line` as dirty. Its age stays.
    /// - Returns: false if it is not here.
    func markDirty(_ line: UInt64) -> Bool {
        guard let index = index(of: line) else { return false }
        words[index] |= Self.dirty
        return true
    }
}

// The store's requests to any policy.

private struct Reset: ReplacementVisitor {
    let first: LineSet
    let count: Int

    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) {
        for number in 0..<count { Rules.reset(first.advanced(by: number &* first.ways)) }
    }
}

private struct Removal: ReplacementVisitor {
    let set: LineSet
    let way: Int

    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) { Rules.remove(way, in: set) }
}

/// `LineStore.touch` within the line's set.
private struct Touch: ReplacementVisitor {
    let set: LineSet
    let line: UInt64
    let mark: UInt64
    let allocates: Bool

    @inline(never)
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> UInt64 {
        let words = set.words
        var way = 0
        while way < set.ways, words[way] != LineStore.nothing {
            if words[way] & ~LineStore.dirty == line {
                words[Rules.hit(way, in: set)] |= mark
                return LineStore.hit
            }
            way &+= 1
        }
        guard allocates else { return LineStore.nothing }
        if way == set.ways { way = Rules.victim(in: set) }
        let left = words[way]
        words[way] = line | mark
        _ = Rules.fill(way, in: set)
        return left
    }
}
