import Trace

/// One step of a warp, as recorded: what it did last, and the instructions since its step before.
struct WarpEvent {
    /// Kinds in the order in which warps of a block that stand at different steps go on: see `BlockAssembly`.
    enum Kind: UInt8 {
        case access, awaitLoads, commit, awaitGroups, awaitBulk, invalidate, barrier, end
    }

    var kind: Kind
    var access = AccessKind.load
    var hint = CacheHint.normal
    /// Bytes of a lane.
    var laneBytes: UInt16 = 0
    /// Lanes that take part; they lie behind one another where `isRun`.
    var laneCount: UInt16 = 0
    var isRun = false
    /// Place of the first lane's address in the block's addresses; a run has only this one.
    var firstLane: UInt32 = 0
    /// Groups that may be left, of `awaitGroups`; the barrier's address, of `commit` and `awaitBulk`.
    var number: UInt64 = 0
    var work = WorkCounts()
}
