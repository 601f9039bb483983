import Content

/// How well the predicted order of a kernel's tilings agrees with measured times.
package struct RankingAccuracy: Sendable {
    /// The tilings of one kernel at one shape.
    package struct Group: Equatable, Sendable {
        /// A name such as `m2.7b_s2048_c256`.
        package let shape: String
        package let kernel: String
        /// The number of measured tilings.
        package let tilings: Int
        /// The measured time of the tiling that is predicted to be fastest, above the fastest measured time, in percent
        /// of the latter.
        package let regretPercent: Double
        /// Spearman's correlation of measured and predicted times; 0 if either are all equal.
        package let rankCorrelation: Double
        /// The number of pairs whose measured times differ.
        package let pairs: Int
        /// The number of these pairs that are predicted in the measured order. A pair with equal predictions counts one
        /// half.
        package let orderedPairs: Double
        /// Sum over the tilings of |predicted - measured| / measured in percent.
        package let errorSum: Double

        /// - Parameter times: measured and predicted time of each tiling, in any unit. There is at least one.
        package init(shape: String, kernel: String, times: [(measured: Double, predicted: Double)]) {
            self.shape = shape
            self.kernel = kernel
            tilings = times.count
            let best = times.map(\.measured).min() ?? 0
            let chosen = times.min { $0.predicted < $1.predicted }?.measured ?? 0
            regretPercent = 100 * (chosen - best) / best
            rankCorrelation = Self.correlation(Self.ranks(times.map(\.measured)), Self.ranks(times.map(\.predicted)))
            errorSum = times.reduce(0) { $0 + 100 * abs($1.predicted - $1.measured) / $1.measured }
            var pairs = 0
            var ordered = 0.0
            for first in times.indices {
                for second in times.indices where times[first].measured < times[second].measured {
                    pairs += 1
                    if times[first].predicted < times[second].predicted { ordered += 1 }
                    if times[first].predicted == times[second].predicted { ordered += 0.5 }
                }
            }
            self.pairs = pairs
            orderedPairs = ordered
        }

        /// The groups whose tilings were measured on an H200, in the order of the measured tables.
        /// - Throws: `ReferenceError` if the generated text is damaged.
        package static func known() throws(ReferenceError) -> [Group] {
            var groups: [Group] = []
            for row in try ReferenceTable(text: table, name: "RankingAccuracy+Table.swift").rows {
                groups.append(try Group(row: row))
            }
            return groups
        }

        /// The columns of the table of scores.
        private static let columns = [
            "shape", "kernel", "tilings", "regret_pct", "rank_correlation", "pairs", "ordered_pairs", "error_sum_pct",
        ]

        /// Reads a row of the table of scores.
        private init(row: ReferenceRow) throws(ReferenceError) {
            shape = try row.required("shape")
            kernel = try row.required("kernel")
            tilings = Int(try row.requiredNumber("tilings"))
            regretPercent = try row.requiredNumber("regret_pct")
            rankCorrelation = try row.requiredNumber("rank_correlation")
            pairs = Int(try row.requiredNumber("pairs"))
            orderedPairs = try row.requiredNumber("ordered_pairs")
            errorSum = try row.requiredNumber("error_sum_pct")
        }

        /// The table of scores: the file RankingAccuracy+Table.swift.
        package static func tableSource(of groups: [Group]) -> String {
            let rows = groups.map { group in
                let numbers = [
                    Double(group.tilings), group.regretPercent, group.rankCorrelation, Double(group.pairs),
                    group.orderedPairs,
                    group.errorSum,
                ]
                return ([group.shape, group.kernel] + numbers.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" })
                    .joined(separator: ",")
            }
            return """
                extension RankingAccuracy.Group {
                    /// Written by TuningAccuracyTests (docs/tuning.md says how); do not edit.
                    ///
                    /// *Source:* measured times of docs/validation/h200_tilings.csv and h200_holdout.csv,
                    /// cold_duration_ns, and the predictions of docs/generated/predicted_tilings.csv.
                    static let table = \"""

                """ + ([columns.joined(separator: ",")] + rows).map { "        \($0)\n" }.joined()
                    + "        \"\"\"\n}\n"
        }

        /// Ranks from 1. Equal values get the mean of their ranks.
        private static func ranks(_ values: [Double]) -> [Double] {
            values.map { value in
                Double(values.count { $0 < value }) + Double(values.count { $0 == value } + 1) / 2
            }
        }

        private static func correlation(_ left: [Double], _ right: [Double]) -> Double {
            let mean = Double(left.count + 1) / 2
            let product = zip(left, right).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
            let scale =
                left.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * right.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return scale > 0 ? product / scale.squareRoot() : 0
        }
    }

    /// One group per shape with measured tilings. If the kernel has no groups of its own, those of all kernels.
    package let groups: [Group]
    /// Whether the kernel itself was measured.
    package let isOfKernel: Bool

    /// The accuracy for `kernel`, from the package's own table of scores.
    package init(kernel: String) throws { self.init(kernel: kernel, of: try Group.known()) }

    /// - Parameter all: groups of any kernels.
    package init(kernel: String, of all: [Group]) {
        let own = all.filter { $0.kernel == kernel }
        isOfKernel = !own.isEmpty
        groups = own.isEmpty ? all : own
    }

    /// The number of measured tilings of all groups.
    package var tilings: Int { groups.reduce(0) { $0 + $1.tilings } }
    /// Mean of |predicted - measured| / measured over all tilings, in percent.
    package var meanErrorPercent: Double { tilings > 0 ? groups.reduce(0) { $0 + $1.errorSum } / Double(tilings) : 0 }
    /// Mean and worst regret over the groups, in percent.
    package var meanRegretPercent: Double { groups.reduce(0) { $0 + $1.regretPercent } / Double(max(1, groups.count)) }
    package var worstRegretPercent: Double { groups.map(\.regretPercent).max() ?? 0 }
    /// Mean rank correlation over the groups.
    package var rankCorrelation: Double { groups.reduce(0) { $0 + $1.rankCorrelation } / Double(max(1, groups.count)) }
    /// Share of pairs of tilings that are predicted in the measured order, in percent.
    package var orderedPercent: Double {
        let pairs = groups.reduce(0) { $0 + $1.pairs }
        return pairs > 0 ? 100 * groups.reduce(0) { $0 + $1.orderedPairs } / Double(pairs) : 0
    }
}
