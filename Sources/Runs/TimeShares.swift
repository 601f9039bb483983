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
        var shares: [String: Double] = [:]
        let kinds = BoundKind.parts(of: result)
        for part in kinds { shares[Self.name(of: part.kind), default: 0] += part.share }
        parts =
            kinds.isEmpty ? [] : Self.titles.map { Part(name: $0.name, title: $0.title, share: shares[$0.name] ?? 0) }
    }

    /// Names and titles in order.
    package static let titles: [(name: String, title: String)] = [
        ("launch_overhead", "launch"), ("turnaround", "turnaround"), ("idle", "idle"), ("start_up", "start-up"),
        ("instruction_issue", "issue"), ("tensor", "tensor"), ("load_latency", "loads"), ("copy_latency", "copies"),
        ("bandwidth", "queues"), ("port", "port"),
        ("stores", "stores"), ("fences", "fences"), ("flags", "flags"),
    ]

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
