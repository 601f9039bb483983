import Kernels
import Testing
import Trace

@Suite("Tensor products") struct TensorProductTests {
    private static let shape = SSDShape(
        batch: 2, sequenceLength: 512, heads: 4, headDim: 64, groups: 2, stateDim: 128, chunkSize: 256)

    /// Operations of the tensor instructions of all blocks.
    private func operations(_ kernel: String, _ tiling: Tiling) throws -> UInt64 {
        var source = try SSDKernels.makeSource(kernel: kernel, shape: Self.shape, tiling: tiling)
        var program = BlockProgram()
        var products: UInt64 = 0
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            for case .compute(let work) in program.operations { products += UInt64(work.products) }
        }
        return products * UInt64(tiling.warps) * ComputeWork.operationsPerProduct
    }

    @Test(
        "C times B of each chunk and group: two operations a multiply-add, whatever the tiling",
        arguments: [(64, 64, 32, 2, 4), (128, 256, 64, 8, 3), (32, 64, 32, 2, 5)])
    func chunkProducts(m: Int, n: Int, k: Int, warps: Int, stages: Int) throws {
        let tiling = Tiling(m: m, n: n, k: k, warps: warps, stages: stages)
        #expect(try operations("bmm_ch_fwd", tiling) == 2 * (2 * 2 * 2) * 256 * 256 * 128)
    }

    @Test("States of each chunk and head", arguments: [(64, 128, 32, 4, 4), (64, 32, 32, 2, 5)])
    func chunkStates(m: Int, n: Int, k: Int, warps: Int, stages: Int) throws {
        let tiling = Tiling(m: m, n: n, k: k, warps: warps, stages: stages)
        #expect(try operations("ch_state_fwd", tiling) == 2 * (2 * 2 * 4) * 64 * 128 * 256)
    }

    @Test(
        "The scan: C times the states, and the products times x up to the diagonal",
        arguments: [(32, 64, 32, 2, 5), (128, 64, 64, 4, 4)])
    func scan(m: Int, n: Int, k: Int, warps: Int, stages: Int) throws {
        let tiling = Tiling(m: m, n: n, k: k, warps: warps, stages: stages)
        var perHead = 256 * 64 * 128
        for row in stride(from: 0, to: 256, by: m) { perHead += m * 64 * ((row + m + k - 1) / k * k) }
        #expect(try operations("ch_scan_fwd", tiling) == UInt64(2 * (2 * 2 * 4) * perHead))
    }
}
