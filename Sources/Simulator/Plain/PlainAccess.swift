import Trace

/// What plain caches see in an operation.
enum PlainAccess: Int {
    case fetch, read, write
    /// A read and a write of the same bytes at once: one access, counted with the reads.
    case modify

    init(_ kind: AccessKind) {
        self = switch kind {
        case .fetch: .fetch
        case .load, .copyBypass, .copyThroughL1, .bulkLoad, .localLoad: .read
        case .store, .bulkStore, .localStore: .write
        case .reduction, .atomic: .modify
        }
    }

    /// Whether the bytes are written.
    @inline(__always)
    var writes: Bool { rawValue >= Self.write.rawValue }

    /// The class that counters show: a modify is a read.
    @inline(__always)
    var counted: Int { self == .modify ? Self.read.rawValue : rawValue }
}
