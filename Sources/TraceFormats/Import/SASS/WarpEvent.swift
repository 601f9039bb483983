import Trace

/// One recorded step of a warp: what it does, and the instructions since the step before.
struct WarpEvent {
    /// Kinds of steps. Warps of a block that stand at different steps go on in this order, as `BlockAssembly` explains.
    enum Kind: UInt8 {
        case access, awaitLoads, commit, awaitGroups, awaitBulk, invalidate, barrier, end
    }

    var kind: Kind
    var access = AccessKind.load
    var hint = CacheHint.normal
    /// Bytes of a lane.
    var laneBytes: UInt16 = 0
    /// Number of lanes that take part. They lie one behind the other where `isRun`.
    var laneCount: UInt16 = 0
    var isRun = false
    /// Index of the first lane's address in the block's addresses. A run has only this one.
    var firstLane: UInt32 = 0
    /// For `awaitGroups`, the number of groups that may stay outstanding. For `commit` and `awaitBulk`, the barrier's
    /// address.
    var number: UInt64 = 0
    var work = WorkCounts()
}
