/// Any line of a full set leaves. It is drawn with the cache's seed. The order of the lines is not kept, so no dirty
/// line is known to be old.
public enum RandomReplacement: ReplacementRules {
    public static let meaning = "any line, drawn with the cache's seed"

    @inlinable @inline(__always)
    public static var memory: ReplacementMemory { .nothing }
    @inlinable @inline(__always)
    public static var movesLines: Bool { false }
    @inlinable @inline(__always)
    public static var knowsAges: Bool { false }

    @inlinable @inline(__always)
    public static func reset<Lines: ReplacementSet>(_ set: Lines) { set.clear() }

    @inlinable @inline(__always)
    public static func hit<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int { way }

    @inlinable @inline(__always)
    public static func victim<Lines: ReplacementSet>(in set: Lines) -> Int {
        let empty = set.firstEmpty
        return empty >= 0 ? empty : set.draw()
    }

    @inlinable @inline(__always)
    public static func fill<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int { way }

    @inlinable
    public static func remove<Lines: ReplacementSet>(_ way: Int, in set: Lines) {
        _ = set.move(way, toRank: set.ways &- 1)
    }

    @inlinable
    public static func age<Lines: CleanableSet>(of way: Int, in set: Lines) -> Int { set.rank(of: way) }

    @inlinable
    public static func oldestDirty<Lines: CleanableSet>(in set: Lines) -> Int { set.dirtyOfHighestRank }
}
