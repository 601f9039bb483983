/// LRU in two segments. Lines that were hit since they came leave after those that were not, so lines that are used
/// once do not drive out lines that are used again.
///
/// The protected segment has at most half of the ways, rounded down. A hit makes a line the youngest of this segment.
/// If the segment then has a line too many, its oldest goes back to the other segment as the youngest there. New lines
/// come in as the youngest of the other segment, whose oldest line leaves. In the set's order the protected lines come
/// first, and their mark is 1.
///
/// *Source:* Karedla, Love, Wherry: Caching strategies to improve disk system performance, IEEE Computer 27(3), 1994.
public enum SegmentedLRU: ReplacementRules {
    public static let meaning =
        "the line whose last touch is oldest, of those not hit since they came; at most half of the ways are protected by a hit"

    @inlinable @inline(__always)
    public static var memory: ReplacementMemory { .marks }
    @inlinable @inline(__always)
    public static var movesLines: Bool { true }
    @inlinable @inline(__always)
    public static var knowsAges: Bool { true }

    @inlinable @inline(__always)
    public static func reset<Lines: ReplacementSet>(_ set: Lines) { set.clear() }

    @inlinable
    public static func hit<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int {
        let isNew = set.mark(of: way) == 0
        set.setMark(of: way, to: 1)
        let now = set.move(way, toRank: 0)
        if isNew {
            let count = protectedLines(of: set)
            if count > set.ways / 2 { set.setMark(of: set.way(atRank: count - 1), to: 0) }
        }
        return now
    }

    @inlinable
    public static func victim<Lines: ReplacementSet>(in set: Lines) -> Int { set.way(atRank: set.ways &- 1) }

    @inlinable
    public static func fill<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int {
        set.setMark(of: way, to: 0)
        return set.move(way, toRank: protectedLines(of: set))
    }

    @inlinable
    public static func remove<Lines: ReplacementSet>(_ way: Int, in set: Lines) {
        set.setMark(of: way, to: 0)
        _ = set.move(way, toRank: set.ways &- 1)
    }

    @inlinable
    public static func age<Lines: CleanableSet>(of way: Int, in set: Lines) -> Int { set.rank(of: way) }

    @inlinable
    public static func oldestDirty<Lines: CleanableSet>(in set: Lines) -> Int { set.dirtyOfHighestRank }

    @inlinable
    static func protectedLines<Lines: ReplacementSet>(of set: Lines) -> Int {
        var count = 0
        for way in 0..<set.ways { count += Int(set.mark(of: way)) }
        return count
    }
}
