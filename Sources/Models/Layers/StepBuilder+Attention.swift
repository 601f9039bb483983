import Operators

extension StepBuilder {
    /// Causal attention with grouped keys: one projection for queries, keys and values, and one of the output.
    mutating func attention(
        _ x: OperatorTensor, batch: Int, length: Int, heads: Int = 32, keyHeads: Int = 8
    ) -> OperatorTensor {
        let width = x.shape[1]
        let dim = width / heads
        let rows = batch * length
        let projected = width + 2 * keyHeads * dim
        let projection = linear(x, outputs: projected)
        func part(_ tensor: OperatorTensor, heads: Int, first: Int, row: Int) -> OperatorTensor {
            tensor.viewed([batch, heads, length, dim], strides: [length * row, dim, row, 1], offset: first)
        }
        func parts(_ tensor: OperatorTensor) -> [OperatorTensor] {
            [
                part(tensor, heads: heads, first: 0, row: projected),
                part(tensor, heads: keyHeads, first: width, row: projected),
                part(tensor, heads: keyHeads, first: width + keyHeads * dim, row: projected),
            ]
        }
        let out = tensor([rows, width])
        let outHeads = part(out, heads: heads, first: 0, row: width)
        let sums = tensor([batch, heads, length, 1], .f32)
        let causal: [String: AttributeValue] = ["is_causal": .flag(true)]
        call("aten::_scaled_dot_product_cudnn_attention", parts(projection), [outHeads, sums], causal)
        onBackward { builder in
            guard let dout = builder.takeGradient(of: out) else { return }
            let widths = [width, keyHeads * dim, keyHeads * dim]
            let gradients = widths.map { builder.tensor([rows, $0]) }
            let views = zip(gradients, [heads, keyHeads, keyHeads]).map { tensor, heads in
                part(tensor, heads: heads, first: 0, row: tensor.shape[1])
            }
            builder.call(
                "aten::_scaled_dot_product_cudnn_attention_backward",
                [part(dout, heads: heads, first: 0, row: width)] + parts(projection) + [outHeads, sums], views, causal)
            let dprojection = builder.tensor([rows, projected])
            builder.call("aten::cat", gradients, [dprojection], ["dim": .integer(1)])
            builder.add(dprojection, toGradientOf: projection)
        }
        return linear(out, outputs: width)
    }

    /// Two layers with a squared ReLU between them.
    mutating func mlp(_ x: OperatorTensor) -> OperatorTensor {
        linear(square(relu(linear(x, outputs: 4 * x.shape[1]))), outputs: x.shape[1])
    }
}
