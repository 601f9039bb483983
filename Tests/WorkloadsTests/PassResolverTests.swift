import Kernels
import TestSupport
import Testing
import Workloads

@Suite("Passes of launches that come one at a time")
struct PassResolverTests {
    /// The passes of launches as a whole list gives them: from each backward launch back to the last one that is
    /// forward alone.
    private func passes(of kernels: [String]) -> [SSDPass] {
        func isForward(_ kernel: String) -> Bool {
            !TrainingStep.glue.contains(kernel) && !SSDKernels.ssdRecomputed.contains(kernel)
        }
        var passes: [SSDPass] = []
        var rest = kernels[...]
        func appendForward(_ part: ArraySlice<String>) {
            let left = passes.isEmpty ? 0 : part.prefix { TrainingStep.glue.contains($0) }.count
            passes += part.indices.map { $0 - part.startIndex < left ? .backward : .forward }
        }
        while let backward = rest.firstIndex(where: { $0.contains("_bwd") }) {
            let end = rest[..<backward].lastIndex(where: isForward).map { $0 + 1 } ?? rest.startIndex
            appendForward(rest[..<end])
            passes += Array(repeating: .backward, count: backward + 1 - end)
            rest = rest[(backward + 1)...]
        }
        appendForward(rest)
        return passes
    }

    @Test("Passes told launch by launch are those of the whole list")
    func passes() throws {
        let seed = SeededGenerator.printedSeed("passes")
        var generator = SeededGenerator(seed: seed)
        let glue = try #require(TrainingStep.glue.sorted().first)
        for _ in 0..<2000 {
            let kernels = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                ["a", "ch_scan_fwd", "ch_state_fwd", glue, "ch_scan_bwd_dz"].randomElement(using: &generator) ?? ""
            }
            let passes = TrainingStep.passes(of: kernels)
            #expect(passes == self.passes(of: kernels), "seed \(seed), \(kernels)")
        }
    }
}
