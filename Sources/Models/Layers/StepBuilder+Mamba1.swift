import Kernels
import Operators

extension StepBuilder {
    /// mamba_ssm's Mamba-1 block: one function with a gradient of its own, on tensors with a row a channel.
    ///
    /// *Source:* `MambaInnerFn` of state-spaces/mamba, and the order of the launches of the measured steps.
    mutating func mamba1(
        _ x: OperatorTensor, batch: Int, length: Int, states: Int = 16, width taps: Int = 4
    ) -> OperatorTensor {
        let model = x.shape[1]
        let rows = batch * length
        let inner = 2 * model
        let rank = model.dividedRoundingUp(by: 16)
        let projected = rank + 2 * states
        let decayLog = parameter([inner, states], .f32)
        let skip = parameter([inner], .f32)
        let inWeight = parameter([2 * inner, model])
        let tapWeight = parameter([inner, 1, taps])
        let tapBias = parameter([inner])
        let xWeight = parameter([projected, inner])
        let stepWeight = parameter([inner, rank])
        let stepBias = parameter([inner])
        let outWeight = parameter([model, inner])
        let weightMatrix = tapWeight.viewed([inner, taps])

        /// (batch, channels, positions) of a matrix with a row a channel.
        func channels(_ tensor: OperatorTensor, from first: Int = 0) -> OperatorTensor {
            tensor.viewed([batch, inner, length], strides: [length, rows, 1], offset: first * rows)
        }
        /// (batch, 1, states, positions).
        let grouped = [batch, 1, states, length]
        /// Columns of the projection of x, seen as (batch, 1, states, positions).
        func column(_ tensor: OperatorTensor, from first: Int) -> OperatorTensor {
            tensor.viewed(grouped, strides: [length * projected, projected * length, 1, projected], offset: first)
        }
        func steps(_ tensor: OperatorTensor) -> OperatorTensor {
            tensor.viewed([rows, rank], strides: [projected, 1], offset: 0)
        }
        let scan: [String: AttributeValue] = [
            "has_D": .flag(true), "has_z": .flag(true), "has_delta_bias": .flag(true), "delta_softplus": .flag(true),
        ]

        let xz = tensor([2 * inner, rows])
        call("aten::mm", [inWeight, x.transposed], [xz])
        let decay = map("aten::neg", map("aten::exp", decayLog))
        let bias = map("aten::copy_", stepBias, as: .f32)
        let convolved = tensor([inner, rows])
        call(
            "DaoAILab::_causal_conv1d_fwd_cpp", [channels(xz), weightMatrix, tapBias], [channels(convolved)])
        let small = tensor([rows, projected])
        call("aten::mm", [convolved.transposed, xWeight.transposed], [small])
        let delta = tensor([inner, rows])
        call("aten::mm", [stepWeight, steps(small).transposed], [delta])
        let (b, c) = (tensor(grouped), tensor(grouped))
        call("aten::copy_", [column(small, from: rank)], [b])
        call("aten::copy_", [column(small, from: rank + states)], [c])
        let (scanned, gated) = (tensor([inner, rows]), tensor([inner, rows]))
        let chunks = length.dividedRoundingUp(by: 2048)
        let checkpoints = tensor([batch, inner, chunks, 2 * states], .f32)
        call(
            "selective_scan_cuda::fwd",
            [channels(convolved), channels(delta), decay, b, c, skip, channels(xz, from: inner), bias],
            [channels(scanned), checkpoints, channels(gated)], scan)
        let out = tensor([rows, model])
        call("aten::mm", [gated.transposed, outWeight.transposed], [out])

        onBackward { builder in
            guard let dout = builder.takeGradient(of: out) else { return }
            let again = builder.tensor([inner, rows])
            builder.call(
                "DaoAILab::_causal_conv1d_fwd_cpp", [channels(xz), weightMatrix, tapBias], [channels(again)])
            let deltaAgain = builder.tensor([inner, rows])
            builder.call("aten::mm", [stepWeight, steps(small).transposed], [deltaAgain])
            let dxz = builder.tensor([2 * inner, rows])
            let dgated = builder.tensor([inner, rows])
            builder.call("aten::mm", [outWeight.transposed, dout.transposed], [dgated])
            let ddecay = builder.tensor([inner, states], .f32)
            let (db, dc) = (builder.tensor(grouped, .f32), builder.tensor(grouped, .f32))
            let (dskip, dbias) = (builder.tensor([inner], .f32), builder.tensor([inner], .f32))
            for zeros in [ddecay, db, dc, dskip, dbias] { builder.call("aten::zeros", [], [zeros]) }
            let (du, ddelta) = (builder.tensor([inner, rows]), builder.tensor([inner, rows]))
            let gatedAgain = builder.tensor([inner, rows])
            builder.call(
                "selective_scan_cuda::bwd",
                [
                    channels(again), channels(deltaAgain), decay, b, c, skip, channels(xz, from: inner), bias,
                    channels(dgated), checkpoints, channels(scanned),
                ],
                [
                    channels(du), channels(ddelta), ddecay, db, dc, dskip, channels(dxz, from: inner), dbias,
                    channels(gatedAgain),
                ], scan)
            builder.set(dskip, asGradientOf: skip)
            let halves = [builder.map("aten::copy_", db, as: .bf16), builder.map("aten::copy_", dc, as: .bf16)]
            func product(_ left: OperatorTensor, _ right: OperatorTensor) -> OperatorTensor {
                func single(_ tensor: OperatorTensor) -> OperatorTensor {
                    tensor.viewed([1] + tensor.shape, strides: [tensor.shape[0] * tensor.shape[1]] + tensor.strides)
                }
                let result = builder.tensor([left.shape[0], right.shape[1]])
                builder.call("aten::bmm", [single(left), single(right)], [result.viewed([1] + result.shape)])
                return result
            }
            builder.set(product(dout.transposed, gatedAgain.transposed), asGradientOf: outWeight)
            let dsmall = builder.tensor([rows, projected])
            for (number, half) in halves.enumerated() {
                let turned = builder.tensor([batch, length, states])
                builder.call(
                    "aten::copy_",
                    [half.viewed([batch, length, states], strides: [states * length, 1, length])], [turned])
                builder.call(
                    "aten::copy_", [turned.viewed([rows, states])],
                    [dsmall.viewed([rows, states], strides: [projected, 1], offset: rank + number * states)])
            }
            builder.set(product(ddelta, steps(small)), asGradientOf: stepWeight)
            let dsteps = product(ddelta.transposed, stepWeight)
            builder.call("aten::copy_", [dsteps], [steps(dsmall)])
            builder.set(product(dsmall.transposed, again.transposed), asGradientOf: xWeight)
            builder.call("aten::addmm", [du, xWeight.transposed, dsmall.transposed], [du])
            let (dtaps, dtapBias) = (builder.tensor([inner, taps], .f32), builder.tensor([inner], .f32))
            builder.call("aten::zeros", [], [dtaps])
            builder.call("aten::zeros", [], [dtapBias])
            builder.call(
                "DaoAILab::_causal_conv1d_bwd_cpp", [channels(xz), weightMatrix, tapBias, channels(du)],
                [channels(dxz), dtaps, dtapBias])
            builder.set(builder.map("aten::copy_", dtaps, as: .bf16), asGradientOf: tapWeight)
            builder.set(builder.map("aten::copy_", dtapBias, as: .bf16), asGradientOf: tapBias)
            builder.set(builder.map("aten::copy_", dbias, as: .bf16), asGradientOf: stepBias)
            builder.set(
                builder.map("aten::mul", builder.map("aten::neg", ddecay), decay), asGradientOf: decayLog)
            let dx = builder.tensor([rows, model])
            builder.call("aten::mm", [dxz.transposed, inWeight], [dx])
            let dinWeight = builder.tensor([2 * inner, model])
            builder.call("aten::mm", [dxz, x], [dinWeight])
            builder.set(dinWeight, asGradientOf: inWeight)
            builder.add(dx, toGradientOf: x)
        }
        return out
    }
}
