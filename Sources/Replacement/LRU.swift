/// The line whose last touch is oldest leaves. Empty ways are at the end of the order, where victims are taken.
public enum LRU: ReplacementRules {
    public static let meaning = "the line whose last touch is oldest"

    @inlinable @inline(__always)
    public static var memory: ReplacementMemory { .nothing }
    @inlinable @inline(__always)
    public static var movesLines: Bool { true }
    @inlinable @inline(__always)
    public static var knowsAges: Bool { true }

    @inlinable @inline(__always)
    public static func reset<Lines: ReplacementSet>(_ set: Lines) { set.clear() }

    @inlinable @inline(__always)
    public static func hit<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int { set.move(way, toRank: 0) }

    @inlinable @inline(__always)
    public static func victim<Lines: ReplacementSet>(in set: Lines) -> Int { set.way(atRank: set.ways &- 1) }

    @inlinable @inline(__always)
    public static func fill<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int { set.move(way, toRank: 0) }

    @inlinable
    public static func remove<Lines: ReplacementSet>(_ way: Int, in set: Lines) {
        _ = set.move(way, toRank: set.ways &- 1)
    }

    @inlinable @inline(__always)
    public static func age<Lines: CleanableSet>(of way: Int, in set: Lines) -> Int { set.rank(of: way) }

    @inlinable @inline(__always)
    public static func oldestDirty<Lines: CleanableSet>(in set: Lines) -> Int { set.dirtyOfHighestRank }
}
