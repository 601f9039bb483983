import Kernels
import Testing

@Suite struct RegistryTests {
    private let shape = SSDShape(
        batch: 1, sequenceLength: 4096, heads: 128, headDim: 64, groups: 8, stateDim: 128, chunkSize: 128)

    @Test func `Both spellings of a tiling read the same`() throws {
        let tile = Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4)
        #expect(try Tiling(parsing: "M=64,N=128,K=32,warps=4,stages=4") == tile)
        #expect(
            try Tiling(parsing: "BLOCK_SIZE_M=64;BLOCK_SIZE_N=128;BLOCK_SIZE_K=32", base: Tiling(warps: 4, stages: 4))
                == tile)
        #expect(try Tiling(parsing: tile.description) == tile)
        #expect(try Tiling(parsing: "BLOCK_SIZE_H=16").heads == 16)
        #expect(try Tiling(parsing: "BLOCK_SIZE=1024").block == 1024)
    }

    @Test(arguments: ["", "M", "M=", "M=x", "M=-4", "Q=3", "M=64,M=32", "M=99999999999999999999"])
    func `A tiling that cannot be read says which part and what to write`(_ text: String) {
        #expect(throws: KernelError.self) { try Tiling(parsing: text) }
    }

    @Test func `Tilings that a kernel cannot run are refused by field`() throws {
        #expect(
            throws: KernelError.badTiling(
                kernel: "ch_scan_fwd", field: "M", value: 48, cure: "give a power of two from 16 to 1024")
        ) {
            try #require(Registry.kernel(named: "ch_scan_fwd")?.tilings).validate(
                Tiling(m: 48, n: 64, k: 32, warps: 4, stages: 3), kernel: "ch_scan_fwd")
        }
        #expect(throws: KernelError.self) {
            try #require(Registry.kernel(named: "state_pass_fwd")?.tilings).validate(
                Tiling(m: 64, block: 64, warps: 4, stages: 3), kernel: "state_pass_fwd")
        }
        #expect(throws: KernelError.self) {
            try #require(Registry.kernel(named: "ch_cumsum_fwd")?.tilings).validate(
                Tiling(heads: 4, warps: 3, stages: 3), kernel: "ch_cumsum_fwd")
        }
        for kernel in SSDKernels.kernels {
            let space = try #require(Registry.kernel(named: kernel)?.tilings)
            for tiling in space.candidates { try space.validate(tiling, kernel: kernel) }
        }
    }

    @Test func `Every kernel goes by its short name and by its functions' names, and by no other's`() {
        #expect(Registry.kernels.count > 20 && Set(Registry.names).count == Registry.names.count)
        for kernel in Registry.kernels {
            let functions = kernel.functions + kernel.variants.keys
            // The list of kernels fits 100 columns.
            #expect(!kernel.functions.isEmpty && !kernel.summary.isEmpty && kernel.summary.count < 50)
            for name in [kernel.name] + functions + functions.map({ "void ns::\($0)<Traits<4>, true>(Params)" }) {
                #expect(Registry.kernel(named: name)?.name == kernel.name, "\(name)")
            }
            #expect(Registry.family(of: kernel.name)?.kernels.contains { $0.name == kernel.name } == true)
        }
        #expect(Registry.kernel(named: "gemm") == nil && Registry.kernel(named: "_gemm_kernel") == nil)
        #expect(Registry.flag(impliedBy: "causal_conv1d_channellast_fwd_kernel") == .channelLast)
        #expect(Registry.flag(impliedBy: "causal_conv1d_fwd_kernel") == nil)
    }

    @Test func `A kernel's rows in measured tables have names of its own, and persistent ones are told apart`() {
        #expect(Set(Registry.measuredNames).count == Registry.measuredNames.count)
        for kernel in Registry.kernels {
            for name in kernel.measured.all {
                #expect(Registry.measured(name)?.kernel.name == kernel.name, "\(name)")
                #expect(Registry.measured(name)?.isPersistent == (name != kernel.measured.launch), "\(name)")
            }
        }
        #expect(Registry.measured("ch_scan_fwd_persistent")?.kernel.name == "ch_scan_fwd")
        #expect(Registry.measured("rmsnorm_gated_bwd")?.kernel.name == "ln_gated_bwd")
        #expect(Registry.measured("ln_gated_bwd") == nil && Registry.measured("swiglu_fwd") == nil)
    }

    @Test func `Names of kernels without a description tell the pass as descriptions do`() {
        for kernel in Registry.kernels {
            for name in [kernel.name] + kernel.functions + kernel.variants.keys + kernel.measured.all {
                #expect(KernelNames.isBackward(name) == (kernel.pass == .backward), "\(name)")
            }
        }
        #expect(KernelNames.isBackward("_chunk_state_bwd_ddAcs_stable_kernel") && !KernelNames.isBackward("gemm"))
    }

    @Test func `A backward call ends with its tail, and launches what makes two gradients twice`() {
        for hasGate in [false, true] {
            var shape = shape
            shape.hasGate = hasGate
            let launches = SSDKernels.backwardLaunches(shape: shape)
            #expect(launches.suffix(SSDKernels.tail.count).map(\.kernel) == SSDKernels.tail)
            #expect(launches.filter { $0.kernel == "bmm_ch_bwd" }.map(\.factor) == [.b, .c])
            #expect(launches.contains { $0.kernel == "ch_scan_bwd_dz" } == hasGate)
            #expect(launches.count == (hasGate ? 15 : 14))
        }
    }

    @Test func `Every parameter reads what it writes, and refuses what it cannot be`() {
        #expect(Set(LayerParameter.all.map(\.name)).count == LayerParameter.all.count)
        for parameter in LayerParameter.all {
            var parameters = LayerParameters()
            #expect(!parameter.isGiven(in: parameters))
            let text = parameter.isSize ? "7" : parameter.choices.first { $0 != parameter.text(in: parameters) } ?? ""
            #expect(
                parameter.set(text, in: &parameters) && parameter.text(in: parameters) == text
                    && parameter.isGiven(in: parameters))
            for other in LayerParameter.all where other != parameter {
                #expect(!other.isGiven(in: parameters), "\(other.name)")
            }
            for wrong in ["", "0", "-1", "x", "i32", "7.5"] {
                #expect(!parameter.set(wrong, in: &parameters), "\(parameter.name)=\(wrong)")
            }
            #expect(parameter.text(in: parameters) == text)
        }
    }

    @Test func `Defaults are the autotuner's choice for the nearest measured shape`() throws {
        #expect(
            try SSDKernels.kernel(named: "ch_scan_fwd").defaultTiling(shape: shape)
                == Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4))
        #expect(
            try SSDKernels.kernel(named: "ch_cumsum_fwd").defaultTiling(shape: shape)
                == Tiling(heads: 16, warps: 4, stages: 3))
        let large = try ModelPreset.named("Mamba2-2.7B").shape(batch: 1, sequenceLength: 2048)
        #expect(
            try SSDKernels.kernel(named: "bmm_ch_fwd").defaultTiling(shape: large)
                == Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3))
        #expect(try SSDKernels.kernel(named: "ch_cumsum_fwd").defaultTiling(shape: large).heads == 4)
    }

    @Test func `Unknown kernels and models list what exists`() {
        #expect(throws: KernelError.unknownKernel(name: "scan", known: SSDKernels.kernels)) {
            try SSDKernels.makeSource(kernel: "scan", shape: shape)
        }
        #expect(throws: KernelError.self) { try ModelPreset.named("mamba2-13b") }
        #expect(throws: KernelError.self) {
            try SSDKernels.forwardSources(shape: shape, tilings: ["bmm": Tiling(warps: 4, stages: 3)])
        }
    }

    @Test func `Impossible shapes are refused by field`() {
        var bad = shape
        bad.groups = 3
        #expect(throws: KernelError.badShape(field: "groups", value: 3, cure: "give a divisor of the 128 heads")) {
            try bad.validate()
        }
        bad = shape
        bad.sequenceLength = 0
        #expect(throws: KernelError.self) { try SSDKernels.forwardSources(shape: bad) }
        bad.sequenceLength = 1 << 24
        bad.batch = 1 << 24
        #expect(throws: KernelError.self) { try bad.validate() }
        bad.batch = .max
        #expect(throws: KernelError.self) { try bad.validate() }
    }

    @Test func `The forward call's launches share tensors at the same addresses`() throws {
        let sources = try SSDKernels.forwardSources(shape: shape)
        #expect(sources.map(\.launch.kernel) == SSDKernels.ssdForward)
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
        for source in try SSDKernels.forwardSources(shape: gated) {
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
