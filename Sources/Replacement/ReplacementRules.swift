/// Everything that a cache asks its replacement policy. Policies have no state of their own. What they remember lies in
/// the set.
///
/// A cache tells the policy of every hit, fill and removal. Where a function returns a way, the line lies there
/// afterwards. Some caches keep the lines of a set in the set's order, so a line that moves in that order gets another
/// way.
///
/// This room is `public` where other rooms are `package`, because the compiler makes a copy for each caller in another
/// room only of public generic code.
public protocol ReplacementRules {
    /// One sentence about which line leaves, without the full stop.
    static var meaning: String { get }
    /// What the policy remembers of a set beside the order of its lines.
    static var memory: ReplacementMemory { get }
    /// Whether the policy moves lines within the set's order as they come in and are hit. Otherwise lines stay in their
    /// places.
    static var movesLines: Bool { get }
    /// Whether `age` tells which lines leave soon. Dirty lines can then be written back ahead of their eviction.
    static var knowsAges: Bool { get }

    /// Puts a set into the state that it has before the first line comes.
    static func reset<Lines: ReplacementSet>(_ set: Lines)
    /// Records that the line in `way` was hit.
    /// - Returns: the way where the line is now.
    static func hit<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int
    /// Chooses the way for the next line. It is an empty way where there is one, else the way of the line that leaves.
    /// The call may age the set's lines, so a cache calls it once for each line that it brings in.
    static func victim<Lines: ReplacementSet>(in set: Lines) -> Int
    /// Records that a new line is in `way`.
    /// - Returns: the way where the line is now.
    static func fill<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int
    /// Records that `way`'s line is gone without a successor. The way moves to the end of the set's order.
    static func remove<Lines: ReplacementSet>(_ way: Int, in set: Lines)
    /// The line's age: how many lines of the set leave after the line in `way` if none is hit. It has a meaning only if
    /// `knowsAges`.
    static func age<Lines: CleanableSet>(of way: Int, in set: Lines) -> Int
    /// The dirty line that is written back first where a set has too many of them. It is the one that leaves first, as
    /// far as the policy knows.
    /// - Returns: its way, or -1 where no line is dirty.
    static func oldestDirty<Lines: CleanableSet>(in set: Lines) -> Int
}

/// What a policy remembers of a set beside the order of its lines.
public enum ReplacementMemory: Sendable {
    case nothing
    /// A small number for each line. It moves with the line.
    case marks
    /// Flags of the set itself.
    case flags
}
