import Simulator

/// What a launch's duration is mostly made of.
package enum BoundKind: String, CaseIterable, Sendable {
    case hbmBandwidth = "HBM bandwidth"
    case launch = "launch"
    case tail = "tail"
    case fewBlocks = "too few blocks"
    case blockStart = "block start"
    case instructionIssue = "instruction issue"
    case loadLatency = "load latency"
    case copyLatency = "copy latency"
    case missesInFlight = "misses in flight"
    case storeBandwidth = "store bandwidth"
    case fences = "fences"

    /// From this share of peak HBM bandwidth on, in percent, nothing else is named.
    package static let hbmBoundPercent = 80.0

    /// Decides for one launch.
    ///
    /// The duration is divided among launch overhead, empty block slots and what the resident blocks' cycles went to;
    /// the largest part is named. Empty slots are a tail where the grid fills the machine at least once, otherwise too few blocks.
    package init(of result: LaunchResult) {
        if result.hbmBusyPercent >= Self.hbmBoundPercent {
            self = .hbmBandwidth
            return
        }
        var largest = Self.launch
        var share = -1.0
        for part in Self.parts(of: result) where part.share > share {
            largest = part.kind
            share = part.share
        }
        self = largest
    }

    /// The parts of the duration, 0...1 each; together 1 for any launch with a duration.
    package static func parts(of result: LaunchResult) -> [(kind: BoundKind, share: Double)] {
        let duration = result.durationNanoseconds
        guard duration > 0 else { return [] }
        let overhead = min(1, result.overheadNanoseconds / duration)
        let idle = (1 - overhead) * result.idleSlotShare
        let busy = 1 - overhead - idle
        let used = result.useCycles.reduce(0, +)
        var parts: [(kind: BoundKind, share: Double)] = [
            (.launch, overhead), (result.waves >= 1 ? .tail : .fewBlocks, idle),
        ]
        for use in TimeUse.allCases {
            let share = used > 0 ? result.useCycles[use.rawValue] / used : 0
            parts.append((kind(of: use), busy * share))
        }
        return parts
    }

    private static func kind(of use: TimeUse) -> BoundKind {
        switch use {
        case .start: .blockStart
        case .compute: .instructionIssue
        case .loads: .loadLatency
        case .copies: .copyLatency
        case .missSlots: .missesInFlight
        case .stores: .storeBandwidth
        case .fences: .fences
        }
    }
}
