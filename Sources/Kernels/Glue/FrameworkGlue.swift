import Trace

/// The launches that PyTorch makes around the kernels of a backward call: zeros before atomics, sums over splits and tiles, and
/// what turns the gradients of the decay sums around.
///
/// *Source:* the wrappers of state-spaces/mamba 2.3.2 and the recorded order of docs/validation/h200_glue.csv; what follows
/// ch_scan_bwd_dz stands in the wrapper alone. Copies of contiguous tensors are no kernels and are left out.
package enum FrameworkGlue {
    /// Names of the launches.
    package static let kernels = ["fill", "sum", "sum_inner", "cumsum", "flip", "add", "add_strided"]

    /// The launches before one of the backward call, in order; none for the forward kernels.
    package static func launches(
        before launch: SSDLaunch, allocation: SSDAllocation
    ) throws(KernelError) -> [any KernelGenerator] {
        guard Registry.ssdBackward.contains(launch.kernel) else { return [] }
        let own = try gradients(of: allocation, launch: launch)
        func fill(_ name: String, _ view: TensorView?) -> [ElementwiseKernel] { view.map { [.fill(name, $0)] } ?? [] }
        return switch launch.kernel {
        // D's workspace is made with zeros, and the tuned kernel zeroes what it adds to.
        case "ch_scan_ch_state_bwd_dx":
            fill("dD", own.skip) + fill("ddt", own.processedTimeStep) + fill("dD", own.skip)
        case "ch_state_bwd_db": fill("ddA_next", own.decayToNext)
        case "ch_scan_bwd_dc": fill("ddA_prev", own.decayFromPrevious)
        case "ch_cumsum_bwd": fill("dA", own.decayRate) + fill("ddt_bias", own.timeStepBias)
        default: []
        }
    }

    /// The launches after one of the backward call, in order; none for the forward kernels.
    /// - Parameter tiling: the launch's, which says how much of a workspace is summed; nil is the default.
    package static func launches(
        after launch: SSDLaunch, tiling: Tiling? = nil, allocation: SSDAllocation
    ) throws(KernelError) -> [any KernelGenerator] {
        guard Registry.ssdBackward.contains(launch.kernel) else { return [] }
        let own = try gradients(of: allocation, launch: launch)
        let shape = allocation.shape
        let chosen = try TilingTable.defaultTiling(kernel: launch.kernel, shape: shape)
        let tiling = tiling ?? chosen
        let sums = own.sums
        func sum(
            _ input: (String, TensorView), _ layout: SumKernel.Layout, into output: (String, TensorView), isInner: Bool = false
        ) -> SumKernel {
            SumKernel(
                input, layout: layout, into: output, isInner: isInner, staging: sums.staging,
                multiprocessorCount: shape.multiprocessorCount)
        }
        /// Over head splits: rows of `inner` outputs, each split's behind the other.
        func splits(_ input: (String, TensorView), into output: (String, TensorView), inner: Int) -> SumKernel {
            sum(
                input,
                SumKernel.Layout(
                    outputs: output.1.allocationByteCount / 4, innerOutputs: inner, inputs: shape.headSplits, inputStride: inner,
                    outerStride: shape.headSplits * inner),
                into: output)
        }
        let length = shape.chunkSize
        let groupRow = shape.groups * shape.stateDim
        switch launch.kernel {
        case "ch_scan_bwd_dz": return skipSums(own, tiling: tiling, shape: shape, sum: sum).prefix(1).map { $0 }
        case "state_pass_bwd":
            let chunks = shape.batch * shape.heads * shape.chunkCount
            let dim = shape.headDim * shape.stateDim
            let layout = SumKernel.Layout(
                outputs: chunks, innerOutputs: chunks, inputs: dim.dividedRoundingUp(by: tiling.block), inputStride: 1,
                outerStride: dim.dividedRoundingUp(by: 64))
            return [sum(("ddA_chunks", own.chunkDecay), layout, into: ("ddA_chunk", sums.chunkDecay), isInner: true)]
        case "ch_scan_ch_state_bwd_dx": return skipSums(own, tiling: tiling, shape: shape, sum: sum)
        case "ch_state_bwd_db":
            let running = CumulativeSumKernel(
                ("ddA_next", own.decayToNext), rowElements: length, into: ("ddA_next", own.decayToNext))
            return [splits(("dB_splits", own.splitB), into: ("dB", own.summedB), inner: groupRow), running]
        case "ch_scan_bwd_dc": return [splits(("dC_splits", own.splitC), into: ("dC", own.summedC), inner: groupRow)]
        case "ch_scan_bwd_dcb":
            return [
                splits(
                    ("dCB_splits", own.splitProducts), into: ("dCB", own.products), inner: shape.groups * length * length)
            ]
        case "bmm_ch_bwd" where launch.factor == .c:
            return [
                ElementwiseKernel.addStrided(
                    ("ddA_prev", own.decayFromPrevious), rowElements: length, addend: ("ddA_chunk", sums.chunkDecay)),
                ElementwiseKernel.flip(
                    ("ddA_prev", own.decayFromPrevious), rowElements: length, into: ("flipped", sums.reversed)),
                CumulativeSumKernel(("flipped", sums.reversed), rowElements: length, into: ("sums", sums.reversedSums)),
                ElementwiseKernel.flip(
                    ("sums", sums.reversedSums), rowElements: length, into: ("ddA_prev_sums", sums.fromPrevious)),
            ]
        case "ch_scan_bwd_ddacs":
            let layout = SumKernel.Layout(
                outputs: own.decay.allocationByteCount / 4, innerOutputs: length,
                inputs: length.dividedRoundingUp(by: tiling.m), inputStride: length,
                outerStride: length.dividedRoundingUp(by: 32) * length)
            return [
                sum(("ddA_tiles", own.decayByRows), layout, into: ("ddA", own.decay)),
                ElementwiseKernel.add(
                    ("ddA_next", own.decayToNext), ("ddA_prev_sums", sums.fromPrevious), into: ("addend", sums.addend)),
                ElementwiseKernel.add(("ddA", own.decay), ("addend", sums.addend), into: ("ddA", own.decay)),
            ]
        default: return []
        }
    }

    private typealias Sum = (
        _ input: (String, TensorView), _ layout: SumKernel.Layout, _ output: (String, TensorView), _ isInner: Bool
    ) -> SumKernel

    /// D's gradient over row tiles, batch and chunks, and that of one value a head over its last dimension of one.
    private static func skipSums(_ own: SSDGradients, tiling: Tiling, shape: SSDShape, sum: Sum) -> [SumKernel] {
        guard let workspace = own.skip, let total = own.sums.skip else { return [] }
        let outputs = total.allocationByteCount / 4
        let tiles = shape.chunkSize.dividedRoundingUp(by: tiling.m)
        let rows = SumKernel.Layout(
            outputs: outputs, innerOutputs: outputs, inputs: tiles * shape.batch * shape.chunkCount, inputStride: outputs,
            outerStride: outputs)
        var sums = [sum(("dD", workspace), rows, ("dD_sum", total), false)]
        if let byHead = own.sums.skipByHead {
            let single = SumKernel.Layout(
                outputs: outputs, innerOutputs: outputs, inputs: 1, inputStride: 1, outerStride: outputs)
            sums.append(sum(("dD_sum", total), single, ("dD_head", byHead), false))
        }
        return sums
    }

    private static func gradients(of allocation: SSDAllocation, launch: SSDLaunch) throws(KernelError) -> SSDGradients {
        guard let own = allocation.gradients else {
            throw .missingOption(kernel: launch.kernel, option: "the tensors of a backward pass")
        }
        return own
    }
}
