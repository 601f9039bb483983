import Trace

/// The kinds of operations as reports name them. Memory operations are named by their way to the memory hierarchy.
package enum OperationName: Int, CaseIterable, Sendable {
    case load, store, copyBypass, copyThroughL1, reduction, atomic, bulkLoad, bulkStore, localLoad, localStore, fetch
    case copyBack, invalidate
    case awaitLoads, commitGroup, awaitGroups, barrier, compute, invalidateL1, signal, awaitFlag
    case beginProducts, awaitProducts

    package init(_ operation: Operation) {
        self =
            switch operation {
            case .tile(let tile): Self(tile.kind)
            case .lanes(let access): Self(access.kind)
            case .awaitLoads: .awaitLoads
            case .commitGroup: .commitGroup
            case .awaitGroups: .awaitGroups
            case .barrier: .barrier
            case .compute: .compute
            case .invalidateL1: .invalidateL1
            case .signal: .signal
            case .awaitFlag: .awaitFlag
            case .beginProducts: .beginProducts
            case .awaitProducts: .awaitProducts
            }
    }

    private init(_ kind: AccessKind) {
        self =
            switch kind {
            case .load: .load
            case .store: .store
            case .copyBypass: .copyBypass
            case .copyThroughL1: .copyThroughL1
            case .reduction: .reduction
            case .atomic: .atomic
            case .bulkLoad: .bulkLoad
            case .bulkStore: .bulkStore
            case .localLoad: .localLoad
            case .localStore: .localStore
            case .fetch: .fetch
            case .copyBack: .copyBack
            case .invalidate: .invalidate
            }
    }

    /// The name in reports.
    package var name: String {
        switch self {
        case .load: "load"
        case .store: "store"
        case .copyBypass: "copy_bypass"
        case .copyThroughL1: "copy_through_l1"
        case .reduction: "reduction"
        case .atomic: "atomic"
        case .bulkLoad: "bulk_load"
        case .bulkStore: "bulk_store"
        case .localLoad: "local_load"
        case .localStore: "local_store"
        case .fetch: "fetch"
        case .copyBack: "copy_back"
        case .invalidate: "invalidate"
        case .awaitLoads: "await_loads"
        case .commitGroup: "commit_group"
        case .awaitGroups: "await_groups"
        case .barrier: "barrier"
        case .compute: "compute"
        case .invalidateL1: "invalidate_l1"
        case .signal: "signal"
        case .awaitFlag: "await_flag"
        case .beginProducts: "begin_products"
        case .awaitProducts: "await_products"
        }
    }
}
