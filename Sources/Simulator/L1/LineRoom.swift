/// The room that caches of equal shape have for lines where they have fewer places for data than tags.
///
/// A new line takes a free place. Where all are taken, a hand goes round the cache's sets, and the last line in the
/// order of the next set that holds any leaves. The hand's steps are long, so that it does not keep pace with a stream
/// of lines through neighbouring sets. The device's hand goes round in an order of its own, which is not known.
///
/// *Source:* docs/validation/h200_reread.md.
struct LineRoom: ~Copyable {
    /// Whether a cache can run out of room before all its ways hold lines.
    let isShort: Bool
    private let lines: Int32
    private let sets: Int
    private let step: Int
    /// The lines that each cache holds.
    private var held: [Int32]
    /// The set that each cache's hand is at.
    private var hands: [Int32]

    /// - Parameters:
    ///   - lines: the lines that a cache has room for.
    ///   - sets: the sets of a cache.
    init(caches: Int, lines: Int, sets: Int, ways: Int) {
        isShort = lines < sets * ways
        self.lines = Int32(clamping: lines)
        self.sets = sets
        // A step that has no divisor in common with the number of sets comes to all of them.
        var step = max(1, sets * 5 / 8)
        while Self.commonDivisor(step, sets) > 1 { step += 1 }
        self.step = step
        held = Array(repeating: 0, count: isShort ? caches : 0)
        hands = held
    }

    private static func commonDivisor(_ one: Int, _ other: Int) -> Int {
        var (one, other) = (one, other)
        while other != 0 { (one, other) = (other, one % other) }
        return one
    }

    /// Empties a cache.
    mutating func reset(cache: Int) {
        guard isShort else { return }
        held[cache] = 0
        hands[cache] = 0
    }

    @inline(__always)
    func isFull(cache: Int) -> Bool { held[cache] == lines }

    /// Takes a free place for a new line.
    @inline(__always)
    mutating func add(cache: Int) { held[cache] &+= 1 }

    /// The set that gives up a line. The hand goes to the one behind it.
    /// - Parameter firstSet: the cache's first set in `tags`.
    mutating func nextSet(in tags: borrowing TagStore, firstSet: Int, cache: Int) -> Int {
        var hand = Int(hands[cache])
        var set = firstSet + hand
        while true {
            hand += step
            if hand >= sets { hand -= sets }
            if tags.lastLine(set: set) >= 0 { break }
            set = firstSet + hand
        }
        hands[cache] = Int32(truncatingIfNeeded: hand)
        return set
    }
}
