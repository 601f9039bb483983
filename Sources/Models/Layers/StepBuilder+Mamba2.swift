import Kernels
import Operators

/// The sizes of a Mamba-2 block.
struct Mamba2Sizes {
    var batch: Int
    var length: Int
    var width: Int
    var states = 128
    var groups = 1
    var headDim = 64
    var chunk = 128
    var taps = 4

    var inner: Int { 2 * width }
    var heads: Int { inner / headDim }
    var convolved: Int { inner + 2 * groups * states }
    var projected: Int { inner + convolved + heads }
}

extension StepBuilder {
    /// mamba_ssm's Mamba-2 block, whose convolution, scan and gated norm are one function with a gradient of its own.
    ///
    /// *Source:* `mamba_split_conv1d_scan_combined` of state-spaces/mamba, and the order of the launches of the
    /// measured steps.
    mutating func mamba2(_ x: OperatorTensor, _ sizes: Mamba2Sizes) -> OperatorTensor {
        let (batch, length, inner, heads) = (sizes.batch, sizes.length, sizes.inner, sizes.heads)
        let rows = batch * length
        let stepBias = parameter([heads])
        let decayLog = parameter([heads])
        let skip = parameter([heads], .f32)
        let projection = linear(x, outputs: sizes.projected)
        let taps = parameter([sizes.convolved, sizes.taps])
        let tapBias = parameter([sizes.convolved])
        let normWeight = parameter([inner])
        let outWeight = parameter([sizes.width, inner])
        let groupSize = inner / sizes.groups

        let decay = map("aten::neg", map("aten::exp", map("aten::copy_", decayLog, as: .f32)))

        /// Columns of the projection, or of its gradient, which has the same layout: (batch, length, ...).
        func columns(_ tensor: OperatorTensor, from first: Int, _ shape: [Int], _ inner: [Int]) -> OperatorTensor {
            let width = tensor.shape[1]
            return tensor.viewed([batch, length] + shape, strides: [length * width, width] + inner, offset: first)
        }
        func channels(_ tensor: OperatorTensor, from first: Int) -> OperatorTensor {
            let width = tensor.shape[1]
            return tensor.viewed(
                [batch, sizes.convolved, length], strides: [length * width, 1, width], offset: first)
        }
        func gate(_ tensor: OperatorTensor) -> OperatorTensor {
            tensor.viewed([rows, inner], strides: [tensor.shape[1], 1], offset: 0)
        }
        /// x, B and C in the convolution's output, or their gradients.
        func parts(_ tensor: OperatorTensor) -> [OperatorTensor] {
            let (states, dim) = (sizes.states, sizes.headDim)
            return [
                columns(tensor, from: 0, [heads, dim], [dim, 1]),
                columns(tensor, from: inner, [sizes.groups, states], [states, 1]),
                columns(tensor, from: inner + sizes.groups * states, [sizes.groups, states], [states, 1]),
            ]
        }
        func steps(_ tensor: OperatorTensor) -> OperatorTensor {
            columns(tensor, from: inner + sizes.convolved, [heads], [1])
        }
        let norm: [String: AttributeValue] = ["has_z": .flag(true), "group_size": .integer(groupSize)]
        let scan: [String: AttributeValue] = ["chunk_size": .integer(sizes.chunk)]

        let convolved = tensor([rows, sizes.convolved])
        call(
            "DaoAILab::_causal_conv1d_fwd_cpp", [channels(projection, from: inner), taps, tapBias],
            [channels(convolved, from: 0)])
        let xbc = parts(convolved)
        let scanned = tensor([rows, inner])
        let scannedHeads = columns(scanned, from: 0, [heads, sizes.headDim], [sizes.headDim, 1])
        call(
            "mamba_ssm::_mamba_chunk_scan_combined_fwd",
            [xbc[0], steps(projection), decay, xbc[1], xbc[2], skip, stepBias], [scannedHeads], scan)
        let normed = tensor([rows, inner])
        let deviations = tensor([rows * sizes.groups], .f32)
        call("mamba_ssm::_layer_norm_fwd", [scanned, normWeight, gate(projection)], [normed, deviations], norm)
        let out = tensor([rows, sizes.width])
        call("aten::mm", [normed, outWeight.transposed], [out])

        onBackward { builder in
            guard let dout = builder.takeGradient(of: out) else { return }
            let again = builder.tensor([rows, sizes.convolved])
            builder.call(
                "DaoAILab::_causal_conv1d_fwd_cpp", [channels(projection, from: inner), taps, tapBias],
                [channels(again, from: 0)])
            let dprojection = builder.tensor([rows, sizes.projected])
            let dconvolved = builder.tensor([rows, sizes.convolved])
            let dnormed = builder.tensor([rows, inner])
            builder.call("aten::mm", [dout, outWeight], [dnormed])
            let dscanned = builder.tensor([rows, inner])
            let rowGroups = StepBuilder.multiprocessors.dividedRoundingUp(by: sizes.groups)
            let partial = builder.tensor([rowGroups, inner], .f32)
            let normedAgain = builder.tensor([rows, inner])
            var recomputing = norm
            recomputing["recompute_output"] = .flag(true)
            builder.call(
                "mamba_ssm::_layer_norm_bwd", [dnormed, scanned, normWeight, deviations, gate(projection)],
                [dscanned, partial, gate(dprojection), normedAgain], recomputing)
            builder.set(builder.summed(partial), asGradientOf: normWeight)
            let ddecay = builder.tensor([heads], .f32)
            let dskip = builder.tensor([heads], .f32)
            let dstepBias = builder.tensor([heads], .f32)
            let xbc = parts(again)
            let dxbc = parts(dconvolved)
            builder.call(
                "mamba_ssm::_mamba_chunk_scan_combined_bwd",
                [
                    columns(dscanned, from: 0, [heads, sizes.headDim], [sizes.headDim, 1]), xbc[0], steps(projection),
                    decay, xbc[1], xbc[2], scannedHeads, skip, stepBias,
                ], [dxbc[0], steps(dprojection), ddecay, dxbc[1], dxbc[2], dskip, dstepBias], scan)
            builder.set(dskip, asGradientOf: skip)
            let dweight = builder.tensor([sizes.width, inner])
            builder.call(
                "aten::bmm",
                [
                    dout.transposed.viewed([1, sizes.width, rows], strides: [rows * sizes.width, 1, sizes.width]),
                    normedAgain.viewed([1, rows, inner]),
                ], [dweight.viewed([1, sizes.width, inner])])
            builder.set(dweight, asGradientOf: outWeight)
            let dtaps = builder.tensor([sizes.convolved, sizes.taps], .f32)
            let dtapBias = builder.tensor([sizes.convolved], .f32)
            builder.call("aten::zeros", [], [dtaps])
            builder.call("aten::zeros", [], [dtapBias])
            builder.call(
                "DaoAILab::_causal_conv1d_bwd_cpp",
                [channels(projection, from: inner), taps, tapBias, channels(dconvolved, from: 0)],
                [channels(dprojection, from: inner), dtaps, dtapBias])
            builder.set(builder.map("aten::copy_", dtaps, as: .bf16), asGradientOf: taps)
            builder.set(builder.map("aten::copy_", dtapBias, as: .bf16), asGradientOf: tapBias)
            builder.set(builder.map("aten::copy_", dstepBias, as: .bf16), asGradientOf: stepBias)
            let ofLog = builder.map("aten::mul", builder.map("aten::neg", ddecay), decay)
            builder.set(builder.map("aten::copy_", ofLog, as: .bf16), asGradientOf: decayLog)
            builder.add(dprojection, toGradientOf: projection)
        }
        return out
    }
}
