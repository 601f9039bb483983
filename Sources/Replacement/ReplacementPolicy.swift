/// The rule by which a cache chooses the line that leaves a full set. This is the list of all policies. Each has a
/// name, and in `accept` the type that holds its rules.
///
/// L1, L2 and the caches of one core share it. A new policy needs a file with its rules, a case here, and its line in
/// `accept`.
public enum ReplacementPolicy: String, CaseIterable, Sendable {
    case lru
    case treePLRU
    case fifo
    case random
    case srrip
    case slru

    /// Hands the policy's rules to `visitor`. This is the one place where names become types.
    @inlinable @inline(__always)
    public func accept<Visitor: ReplacementVisitor>(_ visitor: Visitor) -> Visitor.Answer {
        switch self {
        case .lru: visitor.visit(LRU.self)
        case .treePLRU: visitor.visit(TreePLRU.self)
        case .fifo: visitor.visit(FIFO.self)
        case .random: visitor.visit(RandomReplacement.self)
        case .srrip: visitor.visit(SRRIP.self)
        case .slru: visitor.visit(SegmentedLRU.self)
        }
    }
}

/// Work that is the same for all policies. The compiler makes a copy of it for each.
public protocol ReplacementVisitor {
    associatedtype Answer
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> Answer
}

extension ReplacementPolicy {
    /// One sentence about which line leaves, without the full stop.
    public var meaning: String { accept(MeaningVisitor()) }

    /// What the policy remembers of a set beside the order of its lines.
    public var memory: ReplacementMemory { accept(MemoryVisitor()) }

    /// Whether the policy knows how old lines are.
    public var knowsAges: Bool { accept(AgesVisitor()) }

    /// Whether the policy moves lines within the order of their set.
    public var movesLines: Bool { accept(MovesVisitor()) }
}

private struct MeaningVisitor: ReplacementVisitor {
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> String { Rules.meaning }
}

private struct MemoryVisitor: ReplacementVisitor {
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> ReplacementMemory { Rules.memory }
}

private struct AgesVisitor: ReplacementVisitor {
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> Bool { Rules.knowsAges }
}

private struct MovesVisitor: ReplacementVisitor {
    func visit<Rules: ReplacementRules>(_ rules: Rules.Type) -> Bool { Rules.movesLines }
}
