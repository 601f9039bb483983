import Studies

/// The accuracy of the ranking of measured tilings, as the Markdown table of docs/tuning.md.
package enum AccuracyTable {
    /// One row per kernel and shape, and the mean over all rows.
    package static func markdown(of groups: [RankingAccuracy.Group]) -> String {
        var lines = [
            "| kernel | shape | tilings | slower than the fastest | rank correlation | pairs in order | mean error of times |",
            "|---|---|---|---|---|---|---|",
        ]
        for group in groups {
            lines.append(
                row([
                    group.kernel, group.shape, String(group.tilings), Quantity.percent(group.regretPercent),
                    Quantity.fixed(group.rankCorrelation, digits: 2),
                    "\(Quantity.fixed(group.orderedPairs, digits: 0)) of \(group.pairs)",
                    Quantity.percent(group.errorSum / Double(group.tilings)),
                ]))
        }
        let all = RankingAccuracy(kernel: "", of: groups)
        lines.append(
            row([
                "together", "", String(all.tilings), Quantity.percent(all.meanRegretPercent),
                Quantity.fixed(all.rankCorrelation, digits: 2), Quantity.percent(all.orderedPercent),
                Quantity.percent(all.meanErrorPercent),
            ]))
        return lines.map { $0 + "\n" }.joined()
    }

    private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
