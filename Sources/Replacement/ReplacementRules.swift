/// Everything that a cache asks its replacement policy. Policies have no state of their own: what they remember lies in
/// the set.
///
/// A cache tells the policy of every hit, fill and removal. Where a function returns a way, the line lies there
/// afterwards: some caches keep the lines of a set in the set's order, so that a line which moves in that order gets
/// another way.
///
/// This room is `public` where other rooms are `package`: only of public generic code does the compiler make a copy for
/// each caller in another room.
public protocol ReplacementRules {
    /// One sentence about which line leaves, without the full stop.
    static var meaning: String { get }
    /// What the policy remembers of a set beside the order of its lines.
    static var memory: ReplacementMemory { get }
    /// Whether the policy moves lines within the set's order as they come and are hit. Where it does not, lines stay
    /// where they came in.
    static var movesLines: Bool { get }
    /// Whether `age` says which lines leave soon, so that dirty lines can be written back ahead of their eviction.
    static var knowsAges: Bool { get }

    /// Makes the state of a set what it is before the first line comes.
    static func reset<Lines: ReplacementSet>(_ set: Lines)
    /// Notes that the line in `way` was hit.
    /// - Returns: the way where it is now.
    static func hit<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int
    /// Chooses the way of the next line: an empty one where there is one, else that of the line that leaves. May age
    /// the set's lines, so that a cache asks once for each line that it brings in.
    static func victim<Lines: ReplacementSet>(in set: Lines) -> Int
    /// Notes that a new line is in `way`.
    /// - Returns: the way where it is now.
    static func fill<Lines: ReplacementSet>(_ way: Int, in set: Lines) -> Int
    /// Notes that `way`'s line is gone without a successor. The way moves to the end of the set's order.
    static func remove<Lines: ReplacementSet>(_ way: Int, in set: Lines)
    /// The line's age: how many lines of the set leave after the one in `way` if none is hit. It means nothing unless
    /// `knowsAges`.
    static func age<Lines: CleanableSet>(of way: Int, in set: Lines) -> Int
    /// The dirty line that is written back first where a set has too many of them: the one that leaves first, as far as
    /// the policy knows.
    /// - Returns: its way, or -1 where no line is dirty.
    static func oldestDirty<Lines: CleanableSet>(in set: Lines) -> Int
}

/// What a policy remembers of a set beside the order of its lines.
public enum ReplacementMemory: Sendable {
    case nothing
    /// A small number for each line, which moves with the line.
    case marks
    /// Flags of the set itself.
    case flags
}
