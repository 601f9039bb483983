import Fusion

/// A verdict as one plain sentence.
package enum VerdictText {
    package static func sentence(of comparison: FusionComparison) -> String {
        let verdict = FusionVerdict(comparison)
        let times =
            "\(Quantity.nanoseconds(comparison.variant.nanoseconds)) instead of "
            + Quantity.nanoseconds(comparison.baseline.nanoseconds)
        var text: String
        switch verdict.isFaster {
        case nil:
            text =
                "Undecided: the variant takes as long as the baseline within "
                + "\(Quantity.percent(100 * FusionVerdict.equalShare)) (\(times))"
        case true?:
            text =
                "Holds: the variant is \(Quantity.fixed(verdict.speedup, digits: 2)) times faster (\(times)), because "
        case false?:
            text =
                "Does not hold: the variant is \(Quantity.fixed(1 / verdict.speedup, digits: 2)) times slower (\(times)), "
                + "because "
        }
        if verdict.isFaster != nil {
            text += verdict.reasons.map(phrase).joined(separator: " and ")
            if let other = verdict.counterweight { text += ", although " + phrase(other) }
        }
        text += "; it moves " + bytes(verdict)
        if let before = comparison.baseline.watched, let after = comparison.variant.watched {
            text += intermediate(before.readBytes + before.writtenBytes, after.readBytes + after.writtenBytes)
        }
        let (before, after) = verdict.imbalance
        if after >= 1.1, after > before + 0.05 {
            text +=
                "; its busiest SM is active \(Quantity.fixed(after, digits: 2)) times the mean (baseline "
                + "\(Quantity.fixed(before, digits: 2)))"
        }
        return text + "."
    }

    /// A phrase such as `12.3 us less go to load latency`.
    private static func phrase(_ change: FusionVerdict.Change) -> String {
        "\(Quantity.nanoseconds(abs(change.nanoseconds))) \(change.nanoseconds < 0 ? "less" : "more") go to "
            + (meanings[change.name] ?? change.title)
    }

    /// The words for a part of the time in a sentence.
    private static let meanings = [
        "launch_overhead": "launching", "turnaround": "starting blocks in freed slots", "idle": "empty block slots",
        "start_up": "starting blocks", "instruction_issue": "issuing instructions", "tensor": "the tensor cores",
        "load_latency": "waiting for loads", "copy_latency": "waiting for copies", "bandwidth": "queues of L2 and HBM",
        "port": "the L1's port", "stores": "waiting to store", "fences": "fences", "flags": "waiting for other blocks",
    ]

    /// A phrase such as `, 33.5 MB of it the intermediate, of which nothing reaches HBM`.
    private static func intermediate(_ before: UInt64, _ after: UInt64) -> String {
        guard before > 0 || after > 0 else { return ", and the intermediate reaches HBM in neither" }
        return
            ", and \(Quantity.bytes(Double(after))) of traffic with the intermediate instead of \(Quantity.bytes(Double(before)))"
    }

    private static func bytes(_ verdict: FusionVerdict) -> String {
        guard abs(verdict.hbmShare) >= 0.005 else { return "as many bytes through HBM" }
        return "\(Quantity.bytes(abs(verdict.hbmBytes))) (\(Quantity.percent(abs(100 * verdict.hbmShare)))) "
            + "\(verdict.hbmBytes < 0 ? "less" : "more") through HBM"
    }
}
