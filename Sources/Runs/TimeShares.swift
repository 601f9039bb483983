import Simulator

/// The uses of a launch's duration, as shares whose sum is 1. Reports show them under names that do not change.
package struct TimeShares: Equatable, Sendable {
    /// One part of the duration.
    package struct Part: Equatable, Sendable {
        /// Name in JSON and CSV.
        package let name: String
        /// Title in tables.
        package let title: String
        /// The share of the duration, 0...1.
        package let share: Double
    }

    /// Every part in the order of reports; empty for a launch without a duration.
    package let parts: [Part]

    package init() {
        parts = []
    }

    package init(of result: LaunchResult) {
        self.init(of: BoundKind.parts(of: result))
    }

    /// The shares of the parts of one duration or of several together.
    package init(of kinds: [(kind: BoundKind, share: Double)]) {
        var shares: [String: Double] = [:]
        for part in kinds { shares[Self.name(of: part.kind), default: 0] += part.share }
        parts =
            kinds.isEmpty ? [] : Self.titles.map { Part(name: $0.name, title: $0.title, share: shares[$0.name] ?? 0) }
    }

    /// Names and titles in order. A title is the word of `BoundKind` for the same cause.
    package static let titles: [(name: String, title: String)] = [
        BoundKind.launch, .turnaround, .tail, .blockStart, .instructionIssue, .tensor, .loadLatency, .copyLatency,
        .memoryBandwidth, .port, .storeBandwidth, .fences, .flags,
    ].map { (name(of: $0), $0 == .tail ? "idle slots" : $0.words) }

    private static func name(of kind: BoundKind) -> String {
        switch kind {
        case .hbmBandwidth: "hbm"
        case .launch: "launch_overhead"
        case .turnaround: "turnaround"
        case .tail, .fewBlocks: "idle"
        case .blockStart: "start_up"
        case .instructionIssue: "instruction_issue"
        case .tensor: "tensor"
        case .memoryBandwidth: "bandwidth"
        case .loadLatency: "load_latency"
        case .copyLatency: "copy_latency"
        case .port: "port"
        case .storeBandwidth: "stores"
        case .fences: "fences"
        case .flags: "flags"
        }
    }
}
