import Kernels
import Testing
import Trace

/// Spilled registers in the compiled view.
@Suite struct LocalMemoryTests {
    private static let m27b = SSDShape(
        batch: 1, sequenceLength: 2048, heads: 80, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256)
    private static let m13b = SSDShape(
        batch: 4, sequenceLength: 2048, heads: 64, headDim: 64, groups: 1, stateDim: 128, chunkSize: 64)
    private static let scanTiling = Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4)

    private func isNear(_ value: Int, _ measured: Int) -> Bool {
        abs(Double(value) / Double(measured) - 1) < 0.15
    }

    /// *Source:* h200_tilings.csv, ch_cumsum_fwd with 64 heads.
    @Test func `The cumulative sums of 64 heads move the measured local sectors within 15 %`() throws {
        let source = try SSDKernels.makeSource(
            kernel: "ch_cumsum_fwd", shape: Self.m27b, tiling: Tiling(heads: 64, warps: 4, stages: 3))
        let counts = try RequestCounts(source)
        #expect(isNear(counts.localLoadSectors, 17152))
        #expect(isNear(counts.localStoreSectors, 17408))
        #expect(counts.loadSectors == 12800)
        #expect(counts.storeSectors == 40960)
    }

    /// *Source:* h200_ssd.csv, m1.3b_b4_s2048_c64.
    @Test func `The chunk scan with a batch of four moves the measured local sectors`() throws {
        let source = try SSDKernels.makeSource(kernel: "ch_scan_fwd", shape: Self.m13b, tiling: Self.scanTiling)
        let grid = source.launch.grid
        let counts = try RequestCounts(source, blocks: grid.x * grid.y)
        #expect(counts.localLoadSectors == 65536)
        #expect(counts.localStoreSectors == 65536)
        #expect(counts.storeSectors == 2_097_152)
    }

    @Test func `The chunk scan with a batch of one spills nothing`() throws {
        let source = try SSDKernels.makeSource(kernel: "ch_scan_fwd", shape: Self.m27b, tiling: Self.scanTiling)
        #expect(!source.launch.tensors.contains { $0.name == LocalMemory.tensorName })
    }

    @Test func `Estimated tilings spill nothing`() {
        let tiling = Tiling(m: 64, n: 64, k: 32, warps: 4, stages: 4)
        let resources = ssdKernel("ch_scan_fwd").resources(tiling: tiling, shape: Self.m13b)
        #expect(resources.isEstimated && resources.spillBytesPerThread == 0)
    }

    @Test(arguments: SSDKernels.kernels, [false, true])
    func `Exactly the tilings that spill store and load local memory`(_ kernel: String, _ hasGate: Bool) throws {
        var shape = SSDShape(
            batch: 2, sequenceLength: 2048, heads: 80, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256)
        shape.hasGate = hasGate
        // Launched with a gate alone.
        guard hasGate || kernel != "ch_scan_bwd_dz" else { return }
        for tiling in (Registry.kernel(named: kernel)?.tilings?.candidates ?? []) {
            let spilled = ssdKernel(kernel).resources(tiling: tiling, shape: shape).spillBytesPerThread
            var source = try SSDKernels.makeSource(kernel: kernel, shape: shape, tiling: tiling)
            var program = BlockProgram()
            try source.loadProgram(ofBlock: 0, into: &program)
            let rows = program.operations.compactMap { operation -> Int? in
                guard case .tile(let tile) = operation, [.localLoad, .localStore].contains(tile.kind) else {
                    return nil
                }
                return Int(tile.rows)
            }
            let words = LocalMemory.words(spillBytesPerThread: spilled)
            #expect(rows == (words > 0 ? [words * tiling.warps, words * tiling.warps] : []))
            #expect(source.launch.tensors.contains { $0.name == LocalMemory.tensorName } == (words > 0))
        }
    }

    @Test func `Local memory lies behind all tensors, in slots for the blocks that run at once`() throws {
        let allocation = SSDAllocation(shape: Self.m13b)
        var tensors: [Tensor] = []
        for kernel in SSDKernels.ssdForward {
            let tiling = kernel == "ch_scan_fwd" ? Self.scanTiling : nil
            tensors += try SSDKernels.makeSource(kernel: kernel, tiling: tiling, allocation: allocation).launch.tensors
        }
        let local = try #require(tensors.first { $0.name == LocalMemory.tensorName })
        for tensor in tensors where tensor.name != LocalMemory.tensorName {
            #expect(tensor.baseAddress + tensor.byteCount <= local.baseAddress)
        }
        #expect(local.byteCount == 528 * 2 * 128)
        var source = try SSDKernels.makeSource(kernel: "ch_scan_fwd", tiling: Self.scanTiling, allocation: allocation)
        func addresses(_ block: Int) throws -> [UInt64] {
            var program = BlockProgram()
            try source.loadProgram(ofBlock: block, into: &program)
            return program.operations.compactMap { operation in
                guard case .tile(let tile) = operation, [.localLoad, .localStore].contains(tile.kind) else {
                    return nil
                }
                return tile.address
            }
        }
        #expect(try addresses(0) == [local.baseAddress, local.baseAddress])
        #expect(try addresses(527) == Array(repeating: local.baseAddress + 527 * 256, count: 2))
        #expect(try addresses(528) == addresses(0))
    }
}
