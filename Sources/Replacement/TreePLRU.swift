/// A binary tree over the ways. Each node points to the half that was not used last, and the victim is where the nodes
/// lead.
///
/// The tree is uneven where the number of ways is no power of two. The nodes are the set's flags, numbered from 1 at
/// the root as in a heap. A flag is set where its node points to the right. The order of the lines is not kept, so no
/// dirty line is known to be old.
public enum TreePLRU: ReplacementRules {
    public static let meaning = "the line that a binary tree of touch bits leads to"

    @inlinable @inline(__always)
    public static var memory: ReplacementMemory { .flags }
    @inlinable @inline(__always)
    public static var movesLines: Bool { false }
    @inlinable @inline(__always)
    public static var knowsAges: Bool { false }

    @inlinable @inline(__always)
    public static func reset<Lines: ReplacementSet>(_ set: Lines) { set.clear() }

    @inlinable
    public static func hit<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int { pointAway(from: way, in: set) }

    @inlinable
    public static func victim<Lines: ReplacementSet>(in set: Lines) -> Int {
        let empty = set.firstEmpty
        guard empty < 0 else { return empty }
        var (low, high, node) = (0, set.ways, 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            let goesRight = set.flag(node)
            if goesRight { low = middle } else { high = middle }
            node = node * 2 + (goesRight ? 1 : 0)
        }
        return low
    }

    @inlinable
    public static func fill<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int { pointAway(from: way, in: set) }

    @inlinable
    public static func remove<Lines: ReplacementSet>(_ way: Int, in set: Lines) {
        _ = set.move(way, toRank: set.ways &- 1)
    }

    @inlinable
    public static func age<Lines: CleanableSet>(of way: Int, in set: Lines) -> Int { set.rank(of: way) }

    @inlinable
    public static func oldestDirty<Lines: CleanableSet>(in set: Lines) -> Int { set.dirtyOfHighestRank }

    /// Makes every node on the way to `way` point to its other half.
    @inlinable
    static func pointAway<Lines: ReplacementSet>(from way: Int, in set: Lines) -> Int {
        var (low, high, node) = (0, set.ways, 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            let goesRight = way >= middle
            set.setFlag(node, to: !goesRight)
            if goesRight { low = middle } else { high = middle }
            node = node * 2 + (goesRight ? 1 : 0)
        }
        return way
    }
}
