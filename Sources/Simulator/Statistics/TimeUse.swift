/// What a resident block's time goes to.
package enum TimeUse: Int, BitwiseCopyable, CaseIterable, Sendable {
    /// From the start to the first instruction: address set-up, cold instruction caches.
    case start
    /// Executing instructions, contention with co-resident blocks included.
    case compute
    /// Waiting for plain loads or atomics.
    case loads
    /// Waiting for asynchronous copies.
    case copies
    /// Waiting because the SM's misses in flight are used up.
    case missSlots
    /// Waiting because the store port is backed up.
    case stores
    /// Waiting for fences.
    case fences

    /// The name in reports.
    package var name: String {
        switch self {
        case .start: "start"
        case .compute: "compute"
        case .loads: "loads"
        case .copies: "copies"
        case .missSlots: "miss_slots"
        case .stores: "stores"
        case .fences: "fences"
        }
    }
}
