/// The ways in which a resident block uses its time.
package enum TimeUse: Int, BitwiseCopyable, CaseIterable, Sendable {
    /// From the start to the first instruction: address set-up, cold instruction caches.
    case start
    /// Executing instructions, including contention with co-resident blocks.
    case compute
    /// Waiting for plain loads or atomics.
    case loads
    /// Waiting for asynchronous copies.
    case copies
    /// Waiting for the SM's port to take requests, or for a free miss slot.
    case port
    /// Waiting for stores to leave the SM.
    case stores
    /// Waiting for fences.
    case fences
    /// Waiting for signals of other blocks, or for locks.
    case flags

    /// The name in reports.
    package var name: String {
        switch self {
        case .start: "start"
        case .compute: "compute"
        case .loads: "loads"
        case .copies: "copies"
        case .port: "port"
        case .stores: "stores"
        case .fences: "fences"
        case .flags: "flags"
        }
    }
}
