import Kernels
import Machine
import Studies
import Testing

@Suite("How well tilings are ranked")
struct RankingAccuracyTests {
    @Test("Regret, order and errors of hand-made times")
    func accuracy() throws {
        let group = RankingAccuracy.Group(
            shape: "a", kernel: "k", times: [(100, 110), (120, 90), (150, 165), (150, 165), (200, 165)])
        #expect(group.regretPercent == 20)
        // Nine pairs differ in measured time. The first two tilings stand the wrong way round; the last is predicted as
        // two others.
        #expect(group.pairs == 9 && group.orderedPairs == 7)
        #expect(abs(group.errorSum - (10 + 25 + 10 + 10 + 17.5)) < 1e-9)
        // Ranks 1, 2, 3.5, 3.5, 5 and 2, 1, 4, 4, 4.
        #expect(abs(group.rankCorrelation - 7 / (9.5 * 8).squareRoot()) < 1e-9)
        let other = RankingAccuracy.Group(shape: "a", kernel: "l", times: [(100, 100), (110, 120)])
        #expect(other.regretPercent == 0 && other.rankCorrelation == 1 && other.orderedPairs == 1)
        let own = RankingAccuracy(kernel: "k", of: [group, other])
        #expect(own.isOfKernel && own.groups == [group] && abs(own.meanErrorPercent - 14.5) < 1e-9)
        let unknown = RankingAccuracy(kernel: "m", of: [group, other])
        #expect(!unknown.isOfKernel && unknown.tilings == 7 && unknown.worstRegretPercent == 20)
        #expect(unknown.meanRegretPercent == 10 && unknown.orderedPercent == 80)
    }

    @Test("The tilings of the fused forward call are not ranked, since none were measured")
    func notRanked() throws {
        let shape = SSDShape(
            batch: 2, sequenceLength: 256, heads: 4, headDim: 64, groups: 1, stateDim: 64, chunkSize: 128)
        #expect(throws: TuningError.notTuned(kernel: "ssd_fused")) {
            try TilingSearch(
                kernels: ["ssd_fused"], layer: .mamba2(Mamba2Block(ssd: shape)),
                machine: try MachineDescription(named: "h200"), cacheMode: .cold)
        }
    }
}
