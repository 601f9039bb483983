import Operators

// Layers of vision models over the positions of an image, as one window.
extension StepBuilder {
    /// Images (batch, channels, height, width) whose positions a layer takes as a sequence.
    struct Window {
        let batch: Int
        let length: Int
        let width: Int

        init(of image: OperatorTensor) {
            batch = image.shape[0]
            width = image.shape[1]
            length = image.shape[2] * image.shape[3]
        }

        var rows: Int { batch * length }
        /// (batch, positions, channels), as rows side by side, and as the image lies.
        var shape: [Int] { [batch, length, width] }
        var turned: [Int] { [width * length, 1, length] }

        func view(_ image: OperatorTensor) -> OperatorTensor { image.viewed(shape, strides: turned) }
        /// (batch, channels, positions) of rows with `pitch` elements, from a channel on.
        func channels(_ rows: OperatorTensor, count: Int, from first: Int = 0, pitch: Int) -> OperatorTensor {
            rows.viewed([batch, count, length], strides: [length * pitch, 1, pitch], offset: first)
        }
    }

    /// Layer norm of the positions in fp32, as rows.
    /// - Parameter keepsGradient: whether somebody else holds the gradient to which the norm's is added.
    mutating func windowNorm(_ x: OperatorTensor, keepsGradient: Bool = false) -> OperatorTensor {
        let window = Window(of: x)
        let (weight, bias) = (parameter([window.width], .f32), parameter([window.width], .f32))
        let converted = tensor(window.shape, .f32, strides: window.turned)
        call("aten::copy_", [window.view(x)], [converted])
        let plain = tensor(window.shape, .f32)
        call("aten::copy_", [converted], [plain])
        let y = tensor(window.shape, .f32)
        let moments = [1, 2].map { _ in tensor([window.batch, window.length, 1], .f32) }
        call("aten::native_layer_norm", [plain, weight, bias], [y] + moments)
        onBackward { builder in
            guard let dy = builder.takeGradient(of: y), let before = builder.takeGradient(of: x) else { return }
            let again = builder.tensor(window.shape, .f32)
            builder.call("aten::copy_", [converted], [again])
            let dx = builder.tensor(window.shape, .f32)
            let (dweight, dbias) = (builder.tensor([window.width], .f32), builder.tensor([window.width], .f32))
            builder.call(
                "aten::native_layer_norm_backward", [dy.viewed(window.shape), again] + moments + [weight, bias],
                [dx, dweight, dbias])
            builder.set(dweight, asGradientOf: weight)
            builder.set(dbias, asGradientOf: bias)
            let half = builder.map("aten::copy_", dx, as: .bf16)
            let sum = keepsGradient ? builder.tensor(x.shape) : before
            builder.call(
                keepsGradient ? "aten::add" : "aten::add_", [window.view(before), half], [window.view(sum)])
            builder.set(sum, asGradientOf: x)
        }
        return y.viewed([window.rows, window.width])
    }

    /// x plus a scaled branch of rows, which a share of the images skips.
    mutating func windowSum(_ x: OperatorTensor, branch: OperatorTensor) -> OperatorTensor {
        let window = Window(of: x)
        let scaled = map("aten::mul", branch.viewed(window.shape))
        let mask = imageMask(batch: window.batch, dimensions: 3)
        let kept = map("aten::mul", scaled, mask)
        let z = tensor(x.shape)
        call("aten::add", [window.view(x), kept], [window.view(z)])
        onBackward { builder in
            guard let dz = builder.takeGradient(of: z) else { return }
            let (dkept, dscaled) = (builder.tensor(x.shape), builder.tensor(x.shape))
            builder.call("aten::mul", [window.view(dz), mask], [window.view(dkept)])
            builder.call("aten::mul", [window.view(dkept)], [window.view(dscaled)])
            let dbranch = builder.tensor(window.shape)
            builder.call("aten::copy_", [window.view(dscaled)], [dbranch])
            builder.set(dz, asGradientOf: x)
            builder.set(dbranch, asGradientOf: branch)
        }
        return z
    }

    /// Attention among the positions of each image. `x` has rows in fp32.
    mutating func windowAttention(_ x: OperatorTensor, _ window: Window, heads: Int) -> OperatorTensor {
        let (batch, length, width) = (window.batch, window.length, window.width)
        let dim = width / heads
        let joined = halfLinear(x, outputs: 3 * width, hasBias: true)
        let shape = [batch, heads, length, dim]
        func part(_ number: Int) -> OperatorTensor {
            joined.viewed(shape, strides: [length * 3 * width, dim, 3 * width, 1], offset: number * width)
        }
        let side = [length * width, dim, width, 1]
        let mixed = tensor([window.rows, width])
        let sums = tensor([batch, heads, length, 1], .f32)
        let name = "aten::_scaled_dot_product_cudnn_attention"
        call(name, [part(0), part(1), part(2)], [mixed.viewed(shape, strides: side), sums])
        onBackward { builder in
            guard let dmixed = builder.takeGradient(of: mixed) else { return }
            let parts = [0, 1, 2].map { _ in builder.tensor(shape, strides: side) }
            builder.call(
                name + "_backward",
                [dmixed.viewed(shape, strides: side), part(0), part(1), part(2), mixed.viewed(shape, strides: side)]
                    + [sums], parts)
            let stack = builder.tensor([3] + shape)
            builder.call(
                "aten::cat",
                parts.map { $0.viewed([1] + shape, strides: [length * width * batch] + side) }, [stack],
                ["dim": .integer(0)])
            let djoined = builder.tensor([batch, length, 3, heads, dim])
            builder.call(
                "aten::copy_",
                [
                    stack.viewed(
                        djoined.shape,
                        strides: [heads * length * dim, dim, batch * heads * length * dim, length * dim, 1])
                ], [djoined])
            builder.set(djoined, asGradientOf: joined)
        }
        return halfLinear(mixed, outputs: width, hasBias: true)
    }

    /// MambaVision's mixer: a selective scan of half the channels beside the other half, each behind a convolution of
    /// every channel. `x` has rows in fp32.
    mutating func windowScan(_ x: OperatorTensor, _ window: Window) -> OperatorTensor {
        let (batch, length, width) = (window.batch, window.length, window.width)
        let (half, states, taps) = (width / 2, 8, 3)
        let rank = (width + 15) / 16
        let projected = rank + 2 * states
        let rows = window.rows
        let channels = [batch, half, length]
        let turned = [half * length, 1, length]
        let (decayLog, skip) = (parameter([half, states], .f32), parameter([half], .f32))
        let convolution: [String: AttributeValue] = [
            "stride": .list([.integer(1)]), "padding": .list([.integer(1)]), "groups": .integer(half),
        ]
        let scan: [String: AttributeValue] = [
            "has_D": .flag(true), "has_z": .flag(false), "has_delta_bias": .flag(true), "delta_softplus": .flag(true),
        ]

        let joined = halfLinear(x, outputs: width, hasBias: false)
        let exponential = map("aten::exp", decayLog)
        let decay = map("aten::neg", exponential)
        /// One half of the channels behind its convolution, and the function's value.
        func branch(
            _ builder: inout StepBuilder, from first: Int
        ) -> (weight: OperatorTensor, half: OperatorTensor, y: OperatorTensor, value: OperatorTensor) {
            let weight = builder.parameter([half, 1, taps], .f32)
            let weightHalf = builder.map("aten::copy_", weight, as: .bf16)
            let plain = builder.tensor(channels)
            builder.call("aten::copy_", [window.channels(joined, count: half, from: first, pitch: width)], [plain])
            let y = builder.tensor(channels)
            builder.call("aten::convolution", [plain, weightHalf], [y], convolution)
            return (weight, weightHalf, y, builder.map("aten::silu", y))
        }
        let mix = branch(&self, from: 0)
        let beside = branch(&self, from: half)
        let flat = tensor([batch, length, half])
        call("aten::copy_", [mix.value.viewed(flat.shape, strides: turned)], [flat])
        let small = halfProjection(flat.viewed([rows, half]), outputs: projected)
        let (stepBias, stepWeight) = (parameter([half], .f32), parameter([half, rank], .f32))
        let stepBiasHalf = map("aten::copy_", stepBias, as: .bf16)
        let stepWeightHalf = map("aten::copy_", stepWeight, as: .bf16)
        let steps = small.y.viewed([rows, rank], strides: [projected, 1])
        let delta = tensor([rows, half])
        call("aten::addmm", [stepBiasHalf, steps, stepWeightHalf.transposed], [delta])
        let grouped = [batch, 1, states, length]
        let sides = [rank, rank + states].map { first in
            let side = tensor([batch, states, length])
            call("aten::copy_", [window.channels(small.y, count: states, from: first, pitch: projected)], [side])
            return side.viewed(grouped)
        }
        let deltaTurned = tensor(channels)
        call("aten::copy_", [window.channels(delta, count: half, pitch: half)], [deltaTurned])
        let scanned = tensor(channels)
        let checkpoints = tensor([batch, half, length.dividedRoundingUp(by: 2048), 2 * states], .f32)
        call(
            "selective_scan_cuda::fwd", [mix.value, deltaTurned, decay, sides[0], sides[1], skip, stepBias],
            [scanned, checkpoints], scan)
        let both = tensor([batch, width, length])
        call("aten::cat", [scanned, beside.value], [both], ["dim": .integer(1)])

        // The weights of the last product are converted before its rows are turned.
        let outWeight = parameter([width, width], .f32)
        let outHalf = map("aten::copy_", outWeight, as: .bf16)
        let turnedBoth = tensor(window.shape)
        call("aten::copy_", [both.viewed(window.shape, strides: window.turned)], [turnedBoth])
        let out = tensor([rows, width])
        call("aten::mm", [turnedBoth.viewed([rows, width]), outHalf.transposed], [out])

        onBackward { builder in
            guard let gradient = builder.takeGradient(of: out) else { return }
            let dout = gradient.viewed([rows, width])
            let doutWeight = builder.tensor([width, width])
            builder.call("aten::mm", [dout.transposed, turnedBoth.viewed([rows, width])], [doutWeight])
            let dboth = builder.tensor([rows, width])
            builder.call("aten::mm", [dout, outHalf], [dboth])
            builder.set(builder.map("aten::copy_", doutWeight, as: .f32), asGradientOf: outWeight)

            let dscanned = builder.tensor(channels)
            builder.call("aten::copy_", [window.channels(dboth, count: half, pitch: width)], [dscanned])
            let ddecay = builder.tensor([half, states], .f32)
            let dsides = [0, 1].map { _ in builder.tensor(grouped, .f32) }
            let (dskip, dbias) = (builder.tensor([half], .f32), builder.tensor([half], .f32))
            for zeros in [ddecay] + dsides + [dskip, dbias] { builder.call("aten::fill_", [], [zeros]) }
            let (du, ddelta) = (builder.tensor(channels), builder.tensor(channels))
            builder.call(
                "selective_scan_cuda::bwd",
                [
                    mix.value, deltaTurned, decay, sides[0], sides[1], skip, stepBias, dscanned, checkpoints, scanned,
                ], [du, ddelta, ddecay] + dsides + [dskip, dbias], scan)
            builder.set(dskip, asGradientOf: skip)
            let halves = dsides.map { builder.map("aten::copy_", $0, as: .bf16) }
            let plain = halves.reversed().map { side in
                let turnedSide = builder.tensor([batch, length, states])
                builder.call(
                    "aten::copy_",
                    [side.viewed(turnedSide.shape, strides: [states * length, 1, length])], [turnedSide])
                return turnedSide.viewed([rows, states])
            }
            let ddeltaFlat = builder.tensor([batch, length, half])
            builder.call("aten::copy_", [ddelta.viewed(ddeltaFlat.shape, strides: turned)], [ddeltaFlat])
            let dflat = ddeltaFlat.viewed([rows, half])
            let (dsteps, dstepWeight) = (builder.tensor([rows, rank]), builder.tensor([half, rank]))
            builder.call("aten::mm", [dflat, stepWeightHalf], [dsteps])
            builder.call("aten::mm", [dflat.transposed, steps], [dstepWeight])
            let dstepBias = builder.tensor([1, half])
            builder.call("aten::sum", [dflat], [dstepBias], ["dim": .list([.integer(0)])])
            builder.set(builder.map("aten::copy_", dstepWeight, as: .f32), asGradientOf: stepWeight)
            let dstepBiasFull = builder.map("aten::copy_", dstepBias.viewed([half]), as: .f32)
            builder.call("aten::add_", [dbias, dstepBiasFull], [dbias])
            builder.set(dbias, asGradientOf: stepBias)
            let dsmall = builder.tensor([rows, projected])
            builder.call("aten::cat", [dsteps, plain[1], plain[0]], [dsmall], ["dim": .integer(1)])
            let dprojection = builder.tensor([projected, half])
            builder.call("aten::mm", [dsmall.transposed, flat.viewed([rows, half])], [dprojection])
            let dflatValue = builder.tensor([rows, half])
            builder.call("aten::mm", [dsmall, small.half], [dflatValue])
            builder.set(builder.map("aten::copy_", dprojection, as: .f32), asGradientOf: small.weight)
            builder.call("aten::add_", [du, window.channels(dflatValue, count: half, pitch: half)], [du])

            /// The gradient of one half's input.
            func gradientOfHalf(
                _ dvalue: OperatorTensor,
                _ own: (weight: OperatorTensor, half: OperatorTensor, y: OperatorTensor, value: OperatorTensor),
                from first: Int, isTurned: Bool
            ) -> OperatorTensor {
                var dy = builder.tensor(channels)
                if isTurned {
                    let other = builder.tensor([batch, length, half])
                    builder.call(
                        "aten::silu_backward", [dvalue, own.y], [window.channels(other, count: half, pitch: half)])
                    builder.call("aten::copy_", [window.channels(other, count: half, pitch: half)], [dy])
                } else {
                    builder.call("aten::silu_backward", [dvalue, own.y], [dy])
                }
                dy = dy.viewed(channels)
                let again = builder.tensor(channels)
                builder.call(
                    "aten::copy_", [window.channels(joined, count: half, from: first, pitch: width)], [again])
                let (dx, dweight) = (builder.tensor(channels), builder.tensor([half, 1, taps]))
                builder.call("aten::convolution_backward", [dy, again, own.half], [dx, dweight], convolution)
                builder.set(builder.map("aten::copy_", dweight, as: .f32), asGradientOf: own.weight)
                return dx
            }
            let dbeside = gradientOfHalf(
                window.channels(dboth, count: half, from: half, pitch: width), beside, from: half, isTurned: true)
            let dmix = gradientOfHalf(du, mix, from: 0, isTurned: false)
            builder.set(
                builder.map("aten::mul", builder.map("aten::neg", ddecay), exponential), asGradientOf: decayLog)
            let dchannels = builder.tensor([batch, width, length])
            builder.call("aten::cat", [dmix, dbeside], [dchannels], ["dim": .integer(1)])
            let djoined = builder.tensor(window.shape)
            builder.call("aten::copy_", [dchannels.viewed(window.shape, strides: window.turned)], [djoined])
            builder.set(djoined, asGradientOf: joined)
        }
        return out
    }

    /// A product with weights in bf16, whose gradient another function writes.
    private mutating func halfProjection(
        _ x: OperatorTensor, outputs: Int
    ) -> (y: OperatorTensor, weight: OperatorTensor, half: OperatorTensor) {
        let weight = parameter([outputs, x.shape[1]], .f32)
        let half = map("aten::copy_", weight, as: .bf16)
        let y = tensor([x.shape[0], outputs])
        call("aten::mm", [x, half.transposed], [y])
        return (y, weight, half)
    }
}
