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
    /// Where the hand's round comes to each set, and which set is at each place of the round.
    private let placeOfSet: Buffer<UInt32>
    private let setAtPlace: Buffer<UInt32>
    /// The lines of each cache's sets by their places in the round. Eight zeros follow the sets of a cache.
    private let counts: Buffer<UInt8>
    private var stride: Int { sets + 8 }
    /// The lines that each cache holds.
    private let held: Buffer<Int32>
    /// The place that each cache's hand is at.
    private let hands: Buffer<Int32>

    /// - Parameters:
    ///   - lines: the lines that a cache has room for.
    ///   - sets: the sets of a cache.
    init(caches: Int, lines: Int, sets: Int, ways: Int) {
        isShort = lines < sets * ways
        self.lines = Int32(clamping: lines)
        self.sets = sets
        let needed = isShort ? 1 : 0
        placeOfSet = Buffer(repeating: 0, count: sets * needed)
        setAtPlace = Buffer(repeating: 0, count: sets * needed)
        counts = Buffer(repeating: 0, count: caches * (sets + 8) * needed)
        held = Buffer(repeating: 0, count: caches * needed)
        hands = Buffer(repeating: 0, count: caches * needed)
        guard isShort else { return }
        // A step that has no divisor in common with the number of sets comes to all of them.
        var step = max(1, sets * 5 / 8)
        while Self.commonDivisor(step, sets) > 1 { step += 1 }
        for place in 0..<sets {
            let set = place * step % sets
            setAtPlace[place] = UInt32(truncatingIfNeeded: set)
            placeOfSet[set] = UInt32(truncatingIfNeeded: place)
        }
    }

    private static func commonDivisor(_ one: Int, _ other: Int) -> Int {
        var (one, other) = (one, other)
        while other != 0 { (one, other) = (other, one % other) }
        return one
    }

    /// Empties a cache.
    func reset(cache: Int) {
        guard isShort else { return }
        held[cache] = 0
        hands[cache] = 0
        counts.pointer(at: cache * stride).update(repeating: 0, count: sets)
    }

    /// Finds room for a line that comes into an empty way of `set`.
    /// - Returns: the set that gives up its last line for it, or -1 if there was a free place.
    @inline(__always)
    func take(cache: Int, set: Int) -> Int {
        let sets = counts.pointer(at: cache &* stride)
        var from = -1
        if held[cache] == lines {
            let place = nextPlace(sets, from: Int(hands[cache]))
            hands[cache] = Int32(truncatingIfNeeded: place &+ 1)
            sets[place] &-= 1
            from = Int(setAtPlace[place])
        } else {
            held[cache] &+= 1
        }
        sets[Int(placeOfSet[set])] &+= 1
        return from
    }

    /// The set that probably gives up a line in a few takes.
    @inline(__always)
    func laterSet(cache: Int) -> Int {
        let place = Int(hands[cache]) &+ 4
        return Int(setAtPlace[place < sets ? place : 0])
    }

    /// The first place from `hand` on whose set holds a line.
    @inline(__always)
    private func nextPlace(_ counts: UnsafeMutablePointer<UInt8>, from hand: Int) -> Int {
        var place = hand
        while true {
            if place >= sets { place = 0 }
            let eight = UnsafeRawPointer(counts + place).loadUnaligned(as: UInt64.self).littleEndian
            if eight != 0 { return place &+ eight.trailingZeroBitCount / 8 }
            place &+= 8
        }
    }
}
