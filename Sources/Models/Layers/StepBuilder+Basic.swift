import Operators

// Layers that all models have.
extension StepBuilder {
    /// A product with a layer's weights. `x` has rows of the layer's inputs.
    mutating func linear(_ x: OperatorTensor, outputs: Int, hasBias: Bool = false) -> OperatorTensor {
        let (rows, inputs) = (x.shape[0], x.shape[1])
        let weight = parameter([outputs, inputs])
        let bias = hasBias ? parameter([outputs]) : nil
        let y = tensor([rows, outputs])
        if let bias {
            call("aten::addmm", [bias, x, weight.transposed], [y])
        } else {
            call("aten::mm", [x, weight.transposed], [y])
        }
        onBackward { builder in
            guard let dy = builder.takeGradient(of: y) else { return }
            func ofWeight(_ builder: inout StepBuilder) {
                let dw = builder.tensor([outputs, inputs])
                builder.call("aten::mm", [dy.transposed, x], [dw])
                builder.set(dw, asGradientOf: weight)
            }
            func ofInput(_ builder: inout StepBuilder) {
                guard builder.needsGradient(x) else { return }
                let dx = builder.tensor([rows, inputs])
                builder.call("aten::mm", [dy, weight], [dx])
                builder.add(dx, toGradientOf: x)
            }
            // PyTorch's gradient of mm begins with the second factor, that of addmm with the first.
            if let bias {
                ofInput(&builder)
                ofWeight(&builder)
                let db = builder.tensor([outputs])
                builder.call("aten::sum", [dy], [db], ["dim": .integer(0)])
                builder.set(db, asGradientOf: bias)
            } else {
                ofWeight(&builder)
                ofInput(&builder)
            }
        }
        return y
    }

    /// The sum of two values.
    mutating func sum(_ x: OperatorTensor, _ y: OperatorTensor) -> OperatorTensor {
        let z = map("aten::add", x, y)
        onBackward { builder in
            guard let dz = builder.takeGradient(of: z) else { return }
            builder.add(dz, toGradientOf: x)
            builder.add(dz, toGradientOf: y)
        }
        return z
    }

    /// A function of elements whose gradient PyTorch computes from that of the output and from the output, or from the
    /// input where `takesInput` is true.
    private mutating func function(
        _ name: String, _ x: OperatorTensor, gradient: String, takesInput: Bool = false
    ) -> OperatorTensor {
        let y = map(name, x)
        onBackward { builder in
            guard let dy = builder.takeGradient(of: y) else { return }
            builder.add(builder.map(gradient, dy, takesInput ? x : y), toGradientOf: x)
        }
        return y
    }

    mutating func relu(_ x: OperatorTensor) -> OperatorTensor {
        function("aten::clamp_min", x, gradient: "aten::threshold_backward")
    }

    mutating func sigmoid(_ x: OperatorTensor) -> OperatorTensor {
        function("aten::sigmoid", x, gradient: "aten::sigmoid_backward")
    }

    mutating func gelu(_ x: OperatorTensor) -> OperatorTensor {
        function("aten::gelu", x, gradient: "aten::gelu_backward", takesInput: true)
    }

    mutating func square(_ x: OperatorTensor) -> OperatorTensor {
        let y = map("aten::pow", x)
        onBackward { builder in
            guard let dy = builder.takeGradient(of: y) else { return }
            let twice = builder.map("aten::mul", x)
            let dx = builder.map("aten::mul", dy, twice)
            builder.add(dx, toGradientOf: x)
        }
        return y
    }

    /// A conversion to another type.
    mutating func converted(_ x: OperatorTensor, to type: OperatorElement) -> OperatorTensor {
        let y = map("aten::copy_", x, as: type)
        onBackward { builder in
            guard let dy = builder.takeGradient(of: y) else { return }
            let dx = builder.map("aten::copy_", dy, as: x.type)
            builder.add(dx, toGradientOf: x)
        }
        return y
    }

    /// mamba_ssm's RMS norm in front of a block.
    mutating func rmsNorm(_ x: OperatorTensor) -> OperatorTensor {
        let (rows, columns) = (x.shape[0], x.shape[1])
        let weight = parameter([columns])
        let y = tensor(x.shape)
        let deviations = tensor([rows], .f32)
        call("mamba_ssm::_layer_norm_fwd", [x, weight], [y, deviations])
        onBackward { builder in
            guard let dy = builder.takeGradient(of: y) else { return }
            let dx = builder.tensor(x.shape)
            let parts = builder.tensor([StepBuilder.multiprocessors, columns], .f32)
            builder.call("mamba_ssm::_layer_norm_bwd", [dy, x, weight, deviations], [dx, parts])
            builder.set(builder.summed(parts), asGradientOf: weight)
            builder.add(dx, toGradientOf: x, isView: true)
        }
        return y
    }

    /// SMs of the H200, whose number sizes partial sums.
    static let multiprocessors = 132

    /// The sum of fp32 rows, in the parameters' type.
    mutating func summed(_ rows: OperatorTensor) -> OperatorTensor {
        let sums = tensor([rows.shape[1]], .f32)
        call("aten::sum", [rows], [sums], ["dim": .integer(0)])
        return map("aten::copy_", sums, as: .bf16)
    }

    /// Rows of a table, and the gradient of the table.
    mutating func embedding(rows: Int, columns: Int, count: Int) -> OperatorTensor {
        let table = parameter([rows, columns])
        let tokens = tensor([count], .i64)
        let x = tensor([count, columns])
        call("aten::embedding", [table, tokens], [x])
        onBackward { builder in
            guard let dx = builder.takeGradient(of: x) else { return }
            let dtable = builder.tensor([rows, columns])
            builder.call("aten::embedding_dense_backward", [dx, tokens], [dtable])
            builder.set(dtable, asGradientOf: table)
        }
        return x
    }

    /// The cross entropy of fp32 rows.
    mutating func crossEntropy(_ x: OperatorTensor) {
        let (rows, columns) = (x.shape[0], x.shape[1])
        let classes = tensor([rows], .i64)
        let logs = map("aten::_log_softmax", x)
        let (loss, weight) = (tensor([], .f32), tensor([], .f32))
        call("aten::nll_loss_forward", [logs, classes], [loss, weight])
        onBackward { builder in
            builder.call("aten::ones_like", [], [builder.tensor([], .f32)])
            let dlogs = builder.tensor([rows, columns], .f32)
            builder.call("aten::zeros", [], [dlogs])
            builder.call("aten::nll_loss_backward", [loss, classes], [dlogs])
            let dx = builder.map("aten::_log_softmax_backward_data", dlogs, logs)
            builder.add(dx, toGradientOf: x)
        }
    }
}
