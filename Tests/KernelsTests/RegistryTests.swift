import Kernels
import Testing

@Suite struct RegistryTests {
    private let shape = SSDShape(
        batch: 1, sequenceLength: 4096, heads: 128, headDim: 64, groups: 8, stateDim: 128, chunkSize: 128)

    @Test func `Both spellings of a tiling read the same`() throws {
        let tile = Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4)
        #expect(try Tiling(parsing: "M=64,N=128,K=32,warps=4,stages=4") == tile)
        #expect(try Tiling(parsing: "BLOCK_SIZE_M=64;BLOCK_SIZE_N=128;BLOCK_SIZE_K=32", base: Tiling(warps: 4, stages: 4)) == tile)
        #expect(try Tiling(parsing: tile.description) == tile)
        #expect(try Tiling(parsing: "BLOCK_SIZE_H=16").heads == 16)
        #expect(try Tiling(parsing: "BLOCK_SIZE=1024").block == 1024)
    }

    @Test(arguments: ["", "M", "M=", "M=x", "M=-4", "Q=3", "M=64,M=32", "M=99999999999999999999"])
    func `A tiling that cannot be read says which part and what to write`(_ text: String) {
        #expect(throws: KernelError.self) { try Tiling(parsing: text) }
    }

    @Test func `Tilings that a kernel cannot run are refused by field`() throws {
        #expect(throws: KernelError.badTiling(kernel: "ch_scan_fwd", field: "M", value: 48, cure: "give a power of two from 16 to 1024")) {
            try TilingTable.validate(Tiling(m: 48, n: 64, k: 32, warps: 4, stages: 3), kernel: "ch_scan_fwd")
        }
        #expect(throws: KernelError.self) {
            try TilingTable.validate(Tiling(m: 64, block: 64, warps: 4, stages: 3), kernel: "state_pass_fwd")
        }
        #expect(throws: KernelError.self) {
            try TilingTable.validate(Tiling(heads: 4, warps: 3, stages: 3), kernel: "ch_cumsum_fwd")
        }
        for kernel in Registry.kernels {
            for tiling in TilingTable.tilings(kernel: kernel) { try TilingTable.validate(tiling, kernel: kernel) }
        }
    }

    @Test func `Defaults are the autotuner's choice for the nearest measured shape`() throws {
        #expect(try TilingTable.defaultTiling(kernel: "ch_scan_fwd", shape: shape) == Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4))
        #expect(try TilingTable.defaultTiling(kernel: "ch_cumsum_fwd", shape: shape) == Tiling(heads: 16, warps: 4, stages: 3))
        let large = try ModelPreset.named("Mamba2-2.7B").shape(batch: 1, sequenceLength: 2048)
        #expect(try TilingTable.defaultTiling(kernel: "bmm_ch_fwd", shape: large) == Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3))
        #expect(try TilingTable.defaultTiling(kernel: "ch_cumsum_fwd", shape: large).heads == 4)
    }

    @Test func `Unknown kernels and models list what exists`() {
        #expect(throws: KernelError.unknownKernel(name: "scan", known: Registry.allKernels)) {
            try Registry.makeSource(kernel: "scan", shape: shape)
        }
        #expect(throws: KernelError.self) { try ModelPreset.named("mamba2-13b") }
        #expect(throws: KernelError.self) { try Registry.forwardSources(shape: shape, tilings: ["bmm": Tiling(warps: 4, stages: 3)]) }
    }

    @Test func `Impossible shapes are refused by field`() {
        var bad = shape
        bad.groups = 3
        #expect(throws: KernelError.badShape(field: "groups", value: 3, cure: "give a divisor of the 128 heads")) { try bad.validate() }
        bad = shape
        bad.sequenceLength = 0
        #expect(throws: KernelError.self) { try Registry.forwardSources(shape: bad) }
        bad.sequenceLength = 1 << 24
        bad.batch = 1 << 24
        #expect(throws: KernelError.self) { try bad.validate() }
        bad.batch = .max
        #expect(throws: KernelError.self) { try bad.validate() }
    }

    @Test func `The forward call's launches share tensors at the same addresses`() throws {
        let sources = try Registry.forwardSources(shape: shape)
        #expect(sources.map(\.launch.kernel) == Registry.ssdForward)
        func tensor(_ kernel: Int, _ name: String) throws -> UInt64 {
            try #require(sources[kernel].launch.tensors.first { $0.name == name }).baseAddress
        }
        #expect(try tensor(0, "dA_cumsum") == tensor(1, "dA_cumsum"))
        #expect(try tensor(0, "dt_out") == tensor(4, "dt"))
        #expect(try tensor(1, "states") == tensor(2, "states"))
        #expect(try tensor(2, "out") == tensor(4, "prev_states"))
        #expect(try tensor(3, "out") == tensor(4, "cb"))
        #expect(try tensor(1, "b") == tensor(3, "b"))
    }

    @Test func `Tensors do not overlap and start on allocator boundaries`() throws {
        var gated = shape
        gated.hasGate = true
        gated.hasInitialStates = true
        gated.hasSequenceIndex = true
        var spans: Set<[UInt64]> = []
        for source in try Registry.forwardSources(shape: gated) {
            for tensor in source.launch.tensors {
                #expect(tensor.baseAddress % (tensor.byteCount >= 1 << 20 ? 2 << 20 : 512) == 0)
                spans.insert([tensor.baseAddress, tensor.baseAddress + tensor.byteCount])
            }
        }
        let sorted = spans.sorted { $0[0] < $1[0] }
        for (before, after) in zip(sorted, sorted.dropFirst()) { #expect(before[1] <= after[0]) }
        #expect(sorted.count == 18)
    }

    @Test func `The packed layout keeps x, B and C in one allocation`() {
        var packed = shape
        packed.packedLayout = true
        packed.hasGate = true
        let allocation = SSDAllocation(shape: packed)
        #expect(allocation.b.allocationAddress == allocation.x.allocationAddress)
        #expect(allocation.b.offsetBytes == 128 * 64 * 2)
        #expect(allocation.c.offsetBytes == (128 * 64 + 8 * 128) * 2)
        #expect(allocation.timeStep.allocationAddress == allocation.z?.allocationAddress)
        #expect(allocation.timeStep.rowStride == 2 * 128 * 64 + 2 * 8 * 128 + 128)
        #expect(SSDAllocation(shape: packed, pass: .backward).timeStep.rowStride == 128)
        #expect(SSDAllocation(shape: packed, pass: .backward).x == allocation.x)
    }
}
