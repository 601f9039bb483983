import Trace

/// What plain caches see in an operation.
enum PlainAccess: Int {
    case fetch, read
    /// A read that may have been any access; it is counted apart.
    case miscellaneous
    case write
    /// A read and a write of the same bytes at once: one access, counted with the reads.
    case modify
    /// The write of a modify whose read was an access of its own: it is no access, and only marks what it wrote.
    case finish
    /// No access: a line's dirty bytes go towards memory from all levels, or the line leaves all levels.
    case copyBack, invalidate

    init(_ kind: AccessKind, hint: CacheHint) {
        self =
            switch kind {
            case .fetch: .fetch
            case .load where hint == .miscellaneous: .miscellaneous
            case .load, .copyBypass, .copyThroughL1, .bulkLoad, .localLoad: .read
            case .store, .bulkStore, .localStore: hint == .modify ? .finish : .write
            case .reduction, .atomic: .modify
            case .copyBack: .copyBack
            case .invalidate: .invalidate
            }
    }

    /// Whether the bytes are written.
    @inline(__always)
    var writes: Bool { rawValue >= Self.write.rawValue }
}
