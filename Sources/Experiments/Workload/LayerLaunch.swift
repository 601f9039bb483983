import Kernels
import Trace

/// One launch of a layer, without its sizes.
struct LayerLaunch {
    let kernel: String
    let family: KernelFamily
    var pass = SSDPass.forward
    /// Whose gradient bmm_ch_bwd makes.
    var factor = ProductFactor.b
    /// Whether the framework's own launches before and after ssd_fused belong to it.
    var hasFramework = false

    /// A launch of an SSD call.
    init(_ launch: SSDLaunch, pass: SSDPass) {
        kernel = launch.kernel
        family = .ssd
        self.pass = pass
        factor = launch.factor
    }

    /// The launch that a kernel's name alone stands for.
    init?(kernel: String) {
        guard let family = KernelFamily(kernel: kernel) else { return nil }
        self.kernel = kernel
        self.family = family
        if family == .ssd, Registry.ssdBackward.contains(kernel) { pass = .backward }
    }

    /// The launches that stand for this one of the fused forward call.
    func fusedSources(
        tiling: Tiling?, allocation: SSDAllocation, tensors: FusedTensors
    ) throws(KernelError) -> [any KernelGenerator] {
        let kernel = try Registry.makeFused(tiling: tiling, allocation: allocation, tensors: tensors)
        guard hasFramework else { return [kernel] }
        return FusedGlue.launchesBefore(tensors) + [kernel] + FusedGlue.launchesAfter(tensors)
    }

    /// The generator of a launch that is none of SSD's.
    /// - Parameter book: the run's tensors.
    func source(layer: ModelLayer, tiling: Tiling?, book: inout TensorBook) throws -> any KernelGenerator {
        switch (family, layer) {
        case (.scan, .mamba1(let shape)), (.convolution, .mamba1(let shape)):
            try Mamba1Kernels.makeSource(kernel: kernel, shape: shape, book: &book)
        case (.convolution, .mamba2(let block)):
            try Mamba1Kernels.makeSource(kernel: kernel, shape: block.launchedConvolution(), book: &book)
        case (.norm, .mamba2(let block)): try NormKernels.makeSource(kernel: kernel, shape: block.norm, book: &book)
        case (.swiglu, .mamba2(let block)):
            try SwigluKernels.makeSource(kernel: kernel, shape: block.swiglu, tiling: tiling, book: &book)
        case (.ssd, _), (.fused, _), (.scan, .mamba2), (.norm, .mamba1), (.swiglu, .mamba1):
            throw ExperimentError.kernelOfOtherModel(kernel: kernel, layer: layer)
        }
    }
}

extension SSDAllocation {
    /// A book for the kernels around the SSD call: its output is the norm's input, and what the norm's backward pass makes of it
    /// the gradient that the call gets; in the packed layout the convolution's output holds x, B and C.
    /// - Parameter launches: the call's, behind whose tensors and local memory others lie.
    func book(behind launches: some Sequence<KernelLaunch>) -> TensorBook {
        var book = TensorBook(memory: DeviceMemory(behind: end(behind: launches)))
        book.enter(out, as: .norm("x"))
        if let gradients { book.enter(gradients.outerOutput, as: .norm("dx")) }
        if shape.packedLayout { book.enter(x, as: .convolution("out")) }
        return book
    }

    /// The first address behind the call's tensors and those of `launches`.
    func end(behind launches: some Sequence<KernelLaunch>) -> UInt64 {
        launches.lazy.flatMap(\.tensors).map { $0.baseAddress + $0.byteCount }.reduce(localMemoryAddress, max)
    }
}
