/// One set of a cache as its replacement policy sees it: the ways, the order of their lines, and what the policy
/// remembers.
///
/// A set is a view. Copies of it look at the same lines.
public protocol ReplacementSet {
    /// Number of ways, at least 1.
    var ways: Int { get }
    /// The first way without a line; -1 in a full set.
    var firstEmpty: Int { get }
    /// Place of a way in the set's order. The youngest has place 0, the last one `ways` - 1.
    func rank(of way: Int) -> Int
    /// The way at a place of the set's order.
    func way(atRank rank: Int) -> Int
    /// Moves a way to a place of the set's order. The ways between move by one place.
    /// - Returns: the way where its line is now.
    func move(_ way: Int, toRank rank: Int) -> Int
    /// Puts the ways into the order of their numbers, sets all marks to 0, and clears all flags.
    func clear()
    /// The mark of the line in a way. Only policies whose memory is `marks` may use it.
    func mark(of way: Int) -> UInt8
    func setMark(of way: Int, to mark: UInt8)
    /// One of the set's flags. Numbers run from 0 to 8 `ways` - 1. Only policies whose memory is `flags` may use it.
    func flag(_ number: Int) -> Bool
    func setFlag(_ number: Int, to value: Bool)
    /// A random way. The cache's seed begins the random numbers.
    func draw() -> Int
}

/// A set whose dirty lines can be written back ahead of their eviction.
public protocol CleanableSet: ReplacementSet {
    func isEmpty(_ way: Int) -> Bool
    func isDirty(_ way: Int) -> Bool
    /// The dirty way with the highest rank, or -1.
    var dirtyOfHighestRank: Int { get }
}
