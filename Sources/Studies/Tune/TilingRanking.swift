import Kernels
import Simulator

/// The tilings of one kernel by predicted time, and how far the order is to be trusted.
package struct TilingRanking: Sendable {
    /// A tiling that the machine can run.
    package struct Candidate: Sendable {
        package let tiling: Tiling
        package let result: LaunchResult
        /// Whether the kernel has this tiling where none is given.
        package let isDefault: Bool
        /// Predicted time above the fastest candidate's, in percent of that.
        package let slowerPercent: Double
        /// Whether that is no more than the model's mean error for this kernel.
        package let isTied: Bool
    }

    package let kernel: String
    /// Number of the ranked launch in the call.
    package let order: Int
    /// Fastest first; equal times in the autotuner's order.
    package let candidates: [Candidate]
    /// Tilings that cannot run, in the autotuner's order, and why.
    package let misfits: [(tiling: Tiling, reason: String)]
    /// How well measured tilings were ranked.
    package let accuracy: RankingAccuracy

    /// - Parameter outcomes: one for each of the subject's tilings.
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

    /// Candidates that the model cannot tell from the fastest, the fastest included.
    package var tied: [Candidate] { candidates.filter(\.isTied) }
}
