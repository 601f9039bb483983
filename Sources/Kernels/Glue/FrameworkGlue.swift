import Trace

/// The launches that PyTorch makes around the kernels of a backward call: zeros before atomics, sums over splits and
/// tiles, and the launches that reverse the gradients of the decay sums, sum them up and add them.
///
/// *Source:* the wrappers of state-spaces/mamba 2.3.2 and the recorded order of docs/validation/h200_glue.csv; the
/// launches after ch_scan_bwd_dz follow the wrapper alone. Copies of contiguous tensors are no kernels and are left
/// out.
package enum FrameworkGlue {
    /// Names of the launches.
    package static let kernels = ["fill", "sum", "sum_inner", "cumsum", "flip", "add", "add_strided"]

    /// The launches before one launch of the backward call, in order. Forward kernels have none.
    package static func launches(
        before launch: SSDLaunch, allocation: SSDAllocation
    ) throws(KernelError) -> [any KernelGenerator] {
        guard SSDKernels.ssdBackward.contains(launch.kernel) else { return [] }
        let kernel = try SSDKernels.kernel(named: launch.kernel)
        return kernel.framework.before(try GlueMaker(kernel, launch, tiling: nil, allocation: allocation))
    }

    /// The launches after one launch of the backward call, in order. Forward kernels have none.
    /// - Parameter tiling: the launch's tiling, which decides how much of a workspace is summed; nil is the default.
    package static func launches(
        after launch: SSDLaunch, tiling: Tiling? = nil, allocation: SSDAllocation
    ) throws(KernelError) -> [any KernelGenerator] {
        guard SSDKernels.ssdBackward.contains(launch.kernel) else { return [] }
        let kernel = try SSDKernels.kernel(named: launch.kernel)
        return kernel.framework.after(try GlueMaker(kernel, launch, tiling: tiling, allocation: allocation))
    }

    /// One launch of the backward pass, with the framework's launches before and after it.
    package static func sources(
        of launch: SSDLaunch, tiling: Tiling? = nil, allocation: SSDAllocation
    ) throws(KernelError) -> [any KernelGenerator] {
        try launches(before: launch, allocation: allocation)
            + [try SSDKernels.makeSource(launch, tiling: tiling, allocation: allocation)]
            + launches(after: launch, tiling: tiling, allocation: allocation)
    }
}

/// The framework's launches around one kernel of the backward call.
struct SSDFramework: Sendable {
    var before: @Sendable (GlueMaker) -> [any KernelGenerator] = { _ in [] }
    var after: @Sendable (GlueMaker) -> [any KernelGenerator] = { _ in [] }
}

/// Makes the framework's launches around one launch of the backward call.
struct GlueMaker {
    /// The tensors of the backward pass.
    let own: SSDGradients
    let shape: SSDShape
    /// The launch's tiling. It decides how much of a workspace is summed.
    let tiling: Tiling
    /// Whose gradient the launch makes, for bmm_ch_bwd.
    let factor: ProductFactor

    /// - Throws: `KernelError.missingOption` where the call is a forward one.
    init(_ kernel: SSDKernel, _ launch: SSDLaunch, tiling: Tiling?, allocation: SSDAllocation) throws(KernelError) {
        guard let own = allocation.gradients else {
            throw .missingOption(kernel: launch.kernel, option: "the tensors of a backward pass")
        }
        self.own = own
        shape = allocation.shape
        self.tiling = tiling ?? kernel.defaultTiling(shape: allocation.shape)
        factor = launch.factor
    }

    var sums: GlueTensors { own.sums }

    /// Zeros in a tensor, where the call has that tensor.
    func fill(_ name: String, _ view: TensorView?) -> [any KernelGenerator] {
        view.map { [ElementwiseKernel.fill(name, $0)] } ?? []
    }

    func sum(
        _ input: (String, TensorView), _ layout: SumKernel.Layout, into output: (String, TensorView),
        isInner: Bool = false
    ) -> SumKernel {
        SumKernel(
            input, layout: layout, into: output, isInner: isInner, staging: sums.staging,
            multiprocessorCount: shape.multiprocessorCount)
    }

    /// Sums over head splits. A row has `inner` outputs for each split, and the splits lie one behind the other.
    func splits(_ input: (String, TensorView), into output: (String, TensorView), inner: Int) -> SumKernel {
        sum(
            input,
            SumKernel.Layout(
                outputs: output.1.allocationByteCount / 4, innerOutputs: inner, inputs: shape.headSplits,
                inputStride: inner,
                outerStride: shape.headSplits * inner),
            into: output)
    }

    /// Sums D's gradient over row tiles, batch and chunks. A D with one value a head is summed again over its last
    /// dimension, which has length one.
    func skipSums() -> [any KernelGenerator] {
        guard let workspace = own.skip, let total = sums.skip else { return [] }
        let outputs = total.allocationByteCount / 4
        let tiles = shape.chunkSize.dividedRoundingUp(by: tiling.m)
        let rows = SumKernel.Layout(
            outputs: outputs, innerOutputs: outputs, inputs: tiles * shape.batch * shape.chunkCount,
            inputStride: outputs,
            outerStride: outputs)
        var launches = [sum(("dD", workspace), rows, into: ("dD_sum", total))]
        if let byHead = sums.skipByHead {
            let single = SumKernel.Layout(
                outputs: outputs, innerOutputs: outputs, inputs: 1, inputStride: 1, outerStride: outputs)
            launches.append(sum(("dD_sum", total), single, into: ("dD_head", byHead)))
        }
        return launches
    }
}
