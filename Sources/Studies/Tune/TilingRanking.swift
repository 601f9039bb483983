import Kernels
import Simulator

/// The tilings of one kernel by predicted time, and how far the order can be trusted.
package struct TilingRanking: Sendable {
    /// A tiling that the machine can run.
    package struct Candidate: Sendable {
        package let tiling: Tiling
        package let result: LaunchResult
        /// Whether the kernel has this tiling if none is given.
        package let isDefault: Bool
        /// Predicted time above that of the fastest candidate, in percent of the latter.
        package let slowerPercent: Double
        /// Whether this is no more than the model's mean error for this kernel.
        package let isTied: Bool
    }

    package let kernel: String
    /// The number of the ranked launch in the call.
    package let order: Int
    /// Fastest first. Equal times are in the autotuner's order.
    package let candidates: [Candidate]
    /// Tilings that cannot run, in the autotuner's order, and the reasons.
    package let misfits: [(tiling: Tiling, reason: String)]
    /// How well measured tilings were ranked.
    package let accuracy: RankingAccuracy

    /// - Parameter outcomes: the outcome of each of the subject's tilings.
    init(subject: TunedKernel, outcomes: [TilingOutcome], accuracy: RankingAccuracy) {
        kernel = subject.kernel
        order = subject.position
        self.accuracy = accuracy
        var ran: [(index: Int, result: LaunchResult)] = []
        var misfits: [(tiling: Tiling, reason: String)] = []
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .ran(let result): ran.append((index, result))
            case .doesNotFit(let reason): misfits.append((subject.tilings[index], reason))
            }
        }
        ran.sort { ($0.result.durationNanoseconds, $0.index) < ($1.result.durationNanoseconds, $1.index) }
        let fastest = ran.first?.result.durationNanoseconds ?? 0
        candidates = ran.map { index, result in
            let slower = 100 * (result.durationNanoseconds - fastest) / fastest
            return Candidate(
                tiling: subject.tilings[index], result: result,
                isDefault: subject.tilings[index] == subject.defaultTiling,
                slowerPercent: slower, isTied: slower <= accuracy.meanErrorPercent)
        }
        self.misfits = misfits
    }

    /// The candidates that the model cannot tell from the fastest, including the fastest.
    package var tied: [Candidate] { candidates.filter(\.isTied) }
}
