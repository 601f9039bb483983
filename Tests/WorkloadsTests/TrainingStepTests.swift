import Kernels
import Testing
import Workloads

@Suite("The pass of a launch follows from the sequence of names")
struct TrainingStepTests {
    private static let forward = SSDKernels.ssdForward
    private static let again = ["ch_cumsum_fwd", "bmm_ch_fwd", "ch_state_fwd", "state_pass_fwd"]
    private static let backward = SSDKernels.ssdBackward

    /// F or B for each launch.
    private func passes(_ kernels: [String]) -> String {
        TrainingStep.passes(of: kernels).map { $0 == .forward ? "F" : "B" }.joined()
    }

    @Test("A forward call alone is forward, a backward call with what it runs again backward")
    func calls() {
        #expect(passes([]) == "")
        #expect(passes(Self.forward) == "FFFFF")
        #expect(passes(Self.again + Self.backward) == String(repeating: "B", count: 14))
        #expect(passes(Self.forward + Self.again + Self.backward) == "FFFFF" + String(repeating: "B", count: 14))
        #expect(passes(Self.again) == "FFFF")
    }

    @Test("Steps in a row, and layers within a step")
    func rows() {
        let step = Self.forward + Self.again + Self.backward
        let one = "FFFFF" + String(repeating: "B", count: 14)
        #expect(passes(step + step) == one + one)
        #expect(passes(step + Self.forward) == one + "FFFFF")
        let layers = Self.forward + Self.forward + Self.again + Self.backward + Self.again + Self.backward
        #expect(passes(layers) == String(repeating: "F", count: 10) + String(repeating: "B", count: 28))
    }

    @Test("Mamba-1's sequence, once and twice")
    func mamba1() {
        let step = ["conv1d_fwd", "sel_scn_fwd", "sel_scn_bwd", "conv1d_bwd"]
        #expect(passes(step) == "FFBB")
        #expect(passes(step + step) == "FFBBFFBB")
    }

    @Test("Glue is backward in a backward call and directly after one, forward within a forward call")
    func glue() {
        let glued = [
            "fill", "ch_cumsum_fwd", "fill", "ch_scan_fwd", "fill", "ch_cumsum_fwd", "state_pass_fwd",
            "ch_scan_bwd_dstates",
            "sum_inner", "cumsum", "flip", "ch_cumsum_bwd", "add", "add_strided", "sum",
        ]
        #expect(passes(glued) == "FFFFBBBBBBBBBBB")
        #expect(passes(glued + glued) == "FFFFBBBBBBBBBBB" + "BFFFBBBBBBBBBBB")
        #expect(passes(glued + ["fill", "ch_cumsum_fwd", "fill", "ch_scan_fwd"]) == "FFFFBBBBBBBBBBB" + "BFFF")
        #expect(passes(["fill", "sum"]) == "FF")
    }
}
