import Simulator

/// The main part of a launch's duration. `rawValue` is its name in JSON and CSV, `words` that in all text.
package enum BoundKind: String, CaseIterable, Sendable {
    case hbmBandwidth = "HBM bandwidth"
    case launch = "launch"
    case turnaround = "block turnaround"
    case tail = "tail"
    case fewBlocks = "too few blocks"
    case blockStart = "block start"
    case instructionIssue = "instruction issue"
    case tensor = "tensor cores"
    case memoryBandwidth = "memory queues"
    case loadLatency = "load latency"
    case copyLatency = "copy latency"
    case port = "L1 port"
    case storeBandwidth = "store bandwidth"
    case fences = "fences"
    case flags = "waits for blocks"

    /// The share of peak HBM bandwidth, in percent, from which on HBM alone is named. Copying, with its turns between
    /// reading and writing, reaches 81 % of peak on the H200 (hardware.md).
    package static let hbmBoundPercent = 80.0

    /// Decides for one launch.
    ///
    /// HBM is named under two conditions: its share of the peak while blocks run is at least `hbmBoundPercent`, and the
    /// launch overhead is at most half of the duration. Otherwise the largest of `parts(of:)` is named.
    package init(of result: LaunchResult) {
        self.init(parts: Self.parts(of: result), hbmBusyPercent: result.hbmBusyPercent)
    }

    /// Decides for the parts of a duration, launch overhead first, as `init(of:)` does.
    package init(parts: [(kind: BoundKind, share: Double)], hbmBusyPercent: Double) {
        let overhead = parts.first?.share ?? 0
        if overhead <= 0.5, hbmBusyPercent >= Self.hbmBoundPercent * (1 - overhead) {
            self = .hbmBandwidth
            return
        }
        var largest = Self.launch
        var share = -1.0
        for part in parts where part.share > share {
            largest = part.kind
            share = part.share
        }
        self = largest
    }

    /// The parts of the duration, launch overhead first, 0...1 each. Their sum is 1 for any launch with a duration.
    ///
    /// The span of the blocks is divided between empty block slots and the uses of resident blocks' cycles. If the grid
    /// fills the machine at least once, empty slots count as turnaround between two blocks, and otherwise as a tail. A
    /// smaller grid necessarily leaves slots empty. Then only SMs without any block count, as too few blocks.
    package static func parts(of result: LaunchResult) -> [(kind: BoundKind, share: Double)] {
        let duration = result.durationNanoseconds
        guard duration > 0 else { return [] }
        let overhead = min(1, result.overheadNanoseconds / duration)
        let fills = result.waves >= 1
        let emptySMs = 1 - Double(result.activeSMs) / Double(max(1, result.smCount))
        let turnaround = fills ? (1 - overhead) * result.turnaroundSlotShare : 0
        let empty = (1 - overhead) * (fills ? result.idleSlotShare : emptySMs) - turnaround
        let busy = 1 - overhead - turnaround - empty
        let used = result.useCycles.reduce(0, +)
        var parts: [(kind: BoundKind, share: Double)] = [
            (.launch, overhead), (.turnaround, turnaround), (fills ? .tail : .fewBlocks, empty),
        ]
        // The tensor cores get the part of the instruction time that they alone would take. The queues get their share
        // of the memory time.
        let tensor = used > 0 ? min(result.useCycles[TimeUse.compute.rawValue], result.tensorCycles) / used : 0
        var queued = 0.0
        for use in TimeUse.allCases {
            var share = used > 0 ? result.useCycles[use.rawValue] / used : 0
            if use == .compute { share -= tensor }
            if use == .loads || use == .copies {
                queued += share * result.queueShare
                share -= share * result.queueShare
            }
            parts.append((kind(of: use), busy * share))
        }
        parts += [(.tensor, busy * tensor), (.memoryBandwidth, busy * queued)]
        return parts
    }

    private static func kind(of use: TimeUse) -> BoundKind {
        switch use {
        case .start: .blockStart
        case .compute: .instructionIssue
        case .loads: .loadLatency
        case .copies: .copyLatency
        case .port: .port
        case .stores: .storeBandwidth
        case .fences: .fences
        case .flags: .flags
        }
    }
}
