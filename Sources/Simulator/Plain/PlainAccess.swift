import Trace

/// The kinds of access that plain caches see in an operation.
enum PlainAccess: Int {
    case fetch, read
    /// A read of unknown type: the trace does not say which access it was. It is counted separately.
    case miscellaneous
    case write
    /// A read and a write of the same bytes at once. It is one access, and it counts as a read.
    case modify
    /// The write of a modify whose read was an access of its own. It is no access and only marks the written lines.
    case finish
    /// Not an access. `copyBack` moves a line's dirty bytes from all levels towards memory; `invalidate` drops the line
    /// from all levels.
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
