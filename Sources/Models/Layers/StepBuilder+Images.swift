import Operators

// Layers of vision models under autocast: parameters are fp32, and products take copies of them in bf16.
extension StepBuilder {
    /// A convolution with 3 x 3 kernels of bf16 images.
    mutating func convolution(
        _ x: OperatorTensor, outputs: Int, stride: Int, hasBias: Bool = false
    ) -> OperatorTensor {
        let (batch, inputs, size) = (x.shape[0], x.shape[1], x.shape[2])
        let weight = parameter([outputs, inputs, 3, 3], .f32)
        let bias = hasBias ? parameter([outputs], .f32) : nil
        let biasHalf = bias.map { map("aten::copy_", $0, as: .bf16) }
        let weightHalf = map("aten::copy_", weight, as: .bf16)
        let after = (size - 1) / stride + 1
        let y = tensor([batch, outputs, after, after])
        let attributes: [String: AttributeValue] = [
            "stride": .list([.integer(stride), .integer(stride)]), "padding": .list([.integer(1), .integer(1)]),
        ]
        call("aten::convolution", [x, weightHalf], [y], attributes)
        if let biasHalf { call("aten::add_", [y, biasHalf.viewed([1, outputs, 1, 1])], [y]) }
        onBackward { builder in
            guard let gradient = builder.takeGradient(of: y) else { return }
            let dy = gradient.viewed(y.shape)
            let (needsInput, dw) = (builder.needsGradient(x), builder.tensor(weight.shape))
            let dx = needsInput ? builder.tensor(x.shape) : nil
            builder.call(
                "aten::convolution_backward", [dy, x, weightHalf], (dx.map { [$0] } ?? []) + [dw],
                attributes.merging(["output_mask": .list([.flag(needsInput), .flag(true), .flag(hasBias)])]) { $1 })
            let db = hasBias ? builder.tensor([outputs]) : nil
            if let db {
                builder.call("aten::sum", [dy], [db], ["dim": .list([.integer(0), .integer(2), .integer(3)])])
            }
            if let dx { builder.add(dx, toGradientOf: x) }
            builder.set(builder.map("aten::copy_", dw, as: .f32), asGradientOf: weight)
            if let bias, let db { builder.set(builder.map("aten::copy_", db, as: .f32), asGradientOf: bias) }
        }
        return y
    }

    /// Numbers, one an image, that leave a branch out of some images.
    mutating func imageMask(batch: Int, dimensions: Int) -> OperatorTensor {
        let mask = tensor([batch] + [Int](repeating: 1, count: dimensions - 1))
        call("aten::bernoulli_", [mask], [mask])
        call("aten::div_", [mask], [mask])
        return mask
    }

    /// x plus a branch, which a share of the images skips where `skips` is true.
    mutating func imageSum(_ x: OperatorTensor, branch: OperatorTensor, skips: Bool) -> OperatorTensor {
        let mask = skips ? imageMask(batch: x.shape[0], dimensions: 4) : nil
        let kept = mask.map { map("aten::mul", branch, $0) } ?? branch
        let z = map("aten::add", x, kept)
        onBackward { builder in
            guard let dz = builder.takeGradient(of: z) else { return }
            builder.add(dz, toGradientOf: x)
            builder.add(mask.map { builder.map("aten::mul", dz, $0) } ?? dz, toGradientOf: branch)
        }
        return z
    }

    /// A product with weights in bf16. Rows of fp32 are converted first.
    mutating func halfLinear(_ x: OperatorTensor, outputs: Int, hasBias: Bool) -> OperatorTensor {
        let (rows, inputs) = (x.shape[0], x.shape[1])
        let weight = parameter([outputs, inputs], .f32)
        let bias = hasBias ? parameter([outputs], .f32) : nil
        let biasHalf = bias.map { map("aten::copy_", $0, as: .bf16) }
        let weightHalf = map("aten::copy_", weight, as: .bf16)
        let half = x.type == .bf16 ? x : map("aten::copy_", x, as: .bf16)
        let y = tensor([rows, outputs])
        if let biasHalf {
            call("aten::addmm", [biasHalf, half, weightHalf.transposed], [y])
        } else {
            call("aten::mm", [half, weightHalf.transposed], [y])
        }
        onBackward { builder in
            guard let gradient = builder.takeGradient(of: y) else { return }
            let dy = gradient.viewed([rows, outputs])
            let (dx, dw) = (builder.tensor([rows, inputs]), builder.tensor([outputs, inputs]))
            let products = [("aten::mm", [dy, weightHalf], dx), ("aten::mm", [dy.transposed, half], dw)]
            // PyTorch's gradient of mm begins with the second factor, that of addmm with the first.
            for (name, factors, result) in hasBias ? products : products.reversed() {
                builder.call(name, factors, [result])
            }
            let db = hasBias ? builder.tensor([1, outputs]) : nil
            if let db { builder.call("aten::sum", [dy], [db], ["dim": .list([.integer(0)])]) }
            builder.add(x.type == .bf16 ? dx : builder.map("aten::copy_", dx, as: .f32), toGradientOf: x)
            builder.set(builder.map("aten::copy_", dw, as: .f32), asGradientOf: weight)
            if let bias, let db { builder.set(builder.map("aten::copy_", db, as: .f32), asGradientOf: bias) }
        }
        return y
    }
}
