/// One set of a cache as its replacement policy sees it: ways, the order of their lines, and what the policy remembers.
///
/// A set is a view: copies of it look at the same lines.
public protocol ReplacementSet {
    /// Number of ways, at least 1.
    var ways: Int { get }
    /// The first way without a line; -1 in a full set.
    var firstEmpty: Int { get }
    /// Place of a way in the set's order, from 0, the youngest, to `ways` - 1.
    func rank(of way: Int) -> Int
    /// The way at a place of the set's order.
    func way(atRank rank: Int) -> Int
    /// Moves a way to a place of the set's order; the ways between move by one place.
    /// - Returns: the way where its line is now.
    func move(_ way: Int, toRank rank: Int) -> Int
    /// Puts the ways into the order of their numbers, with marks 0 and without flags.
    func clear()
    /// The mark of a way's line. Only for policies whose memory is `marks`.
    func mark(of way: Int) -> UInt8
    func setMark(of way: Int, to mark: UInt8)
    /// One of the set's flags, numbered from 0 to below 8 `ways`. Only for policies whose memory is `flags`.
    func flag(_ number: Int) -> Bool
    func setFlag(_ number: Int, to value: Bool)
    /// A way drawn from the random numbers that the cache's seed begins.
    func draw() -> Int
}

/// A set whose dirty lines can be written back ahead of their eviction.
public protocol CleanableSet: ReplacementSet {
    func isEmpty(_ way: Int) -> Bool
    func isDirty(_ way: Int) -> Bool
    /// The dirty way with the highest rank, or -1.
    var dirtyOfHighestRank: Int { get }
}
