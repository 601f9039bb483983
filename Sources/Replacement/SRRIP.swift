/// Static re-reference interval prediction with two bits a line. It expects lines that were hit back at once, and new
/// lines late.
///
/// A line comes in with the prediction 2 and gets 0 when it is hit. The first way with 3 leaves. Where no line has 3,
/// all predictions grow until one has. The marks are the predictions.
///
/// *Source:* Jaleel, Theobald, Steely, Emer: High performance cache replacement using re-reference interval prediction
/// (RRIP), ISCA 2010, section 4 (SRRIP-HP, M = 2).
public enum SRRIP: ReplacementRules {
    public static let meaning = "the first line expected back latest: two bits a line, 2 when it comes, 0 from a hit on"

    /// The prediction that a line comes in with, and the one that it leaves with.
    @usableFromInline static var long: UInt8 { 2 }
    @usableFromInline static var distant: UInt8 { 3 }

    @inlinable @inline(__always)
    public static var memory: ReplacementMemory { .marks }
    @inlinable @inline(__always)
    public static var movesLines: Bool { false }
    @inlinable @inline(__always)
    public static var knowsAges: Bool { true }

    @inlinable @inline(__always)
    public static func reset<Lines: ReplacementSet>(_ set: Lines) { set.clear() }

    @inlinable
    public static func hit<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int {
        set.setMark(of: way, to: 0)
        return way
    }

    @inlinable
    public static func victim<Lines: ReplacementSet>(in set: Lines) -> Int {
        let empty = set.firstEmpty
        guard empty < 0 else { return empty }
        var (victim, latest) = (0, set.mark(of: 0))
        for way in 1..<max(1, set.ways) where set.mark(of: way) > latest { (victim, latest) = (way, set.mark(of: way)) }
        if latest < distant {
            for way in 0..<set.ways { set.setMark(of: way, to: set.mark(of: way) + distant - latest) }
        }
        return victim
    }

    @inlinable
    public static func fill<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int {
        set.setMark(of: way, to: long)
        return way
    }

    @inlinable
    public static func remove<Lines: ReplacementSet>(_ way: Int, in set: Lines) {
        set.setMark(of: way, to: 0)
        _ = set.move(way, toRank: set.ways &- 1)
    }

    @inlinable
    public static func age<Lines: CleanableSet>(of way: Int, in set: Lines) -> Int {
        let own = set.mark(of: way)
        var later = 0
        for other in 0..<set.ways where other != way && !set.isEmpty(other) {
            let mark = set.mark(of: other)
            if mark < own || mark == own && other > way { later += 1 }
        }
        return later
    }

    @inlinable
    public static func oldestDirty<Lines: CleanableSet>(in set: Lines) -> Int {
        var oldest = -1
        for way in 0..<set.ways where set.isDirty(way) && (oldest < 0 || set.mark(of: way) > set.mark(of: oldest)) {
            oldest = way
        }
        return oldest
    }
}
