import Content
import Operators

// Matrix products and attention.
extension MeasuredOperator {
    /// A layer's products: forward, and the gradients of its inputs and weights.
    func product(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let type = try sizes.types().from
        func matrix(_ id: String, _ shape: [Int]) -> OperatorTensor { OperatorTensor(id, shape, type) }
        guard row.text("p_tokens") != nil else {
            let (m, n, k) = (try sizes.count("m"), try sizes.count("n"), try sizes.count("k"))
            let batch = row.text("p_batch") == nil ? [] : [try sizes.count("batch")]
            return [
                Operator(
                    batch.isEmpty ? "aten::mm" : "aten::bmm",
                    inputs: [matrix("left", batch + [m, k]), matrix("right", batch + [k, n])],
                    outputs: [matrix("output", batch + [m, n])])
            ]
        }
        let (rows, inputs, outputs) = (
            try sizes.count("tokens"), try sizes.count("k_in"), try sizes.count("n_out")
        )
        let (x, y) = (matrix("x", [rows, inputs]), matrix("y", [rows, outputs]))
        let weight = matrix("weight", [outputs, inputs])
        func transposed(_ matrix: OperatorTensor) -> OperatorTensor {
            OperatorTensor(
                matrix.id, matrix.shape.reversed(), strides: matrix.strides.reversed(), matrix.type)
        }
        switch direction {
        case "fwd":
            return row.text("p_bias") == "1"
                ? [
                    Operator(
                        "aten::addmm", inputs: [matrix("bias", [outputs]), x, transposed(weight)], outputs: [y])
                ] : [Operator("aten::mm", inputs: [x, transposed(weight)], outputs: [y])]
        case "dgrad": return [Operator("aten::mm", inputs: [y, weight], outputs: [x], pass: .backward)]
        case "wgrad": return [Operator("aten::mm", inputs: [transposed(y), x], outputs: [weight], pass: .backward)]
        default: return nil
        }
    }

    func attention(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let type = try sizes.types().from
        let (batch, length, dim) = (try sizes.count("batch"), try sizes.count("seqlen"), try sizes.count("headdim"))
        let (heads, keyHeads) = (try sizes.count("heads"), try sizes.count("kv_heads"))
        func tensor(_ id: String, _ heads: Int) -> OperatorTensor {
            OperatorTensor(id, [batch, heads, length, dim], type)
        }
        let name = "aten::_scaled_dot_product_\(row.text("p_backend") == "flash" ? "flash" : "cudnn")_attention"
        let sums = OperatorTensor("sums", [batch, heads, length, 1], .f32)
        let inputs = [tensor("q", heads), tensor("k", keyHeads), tensor("v", keyHeads)]
        let attributes: [String: AttributeValue] = ["is_causal": .flag(row.text("p_causal") == "1")]
        if direction == "fwd" {
            return [Operator(name, inputs: inputs, outputs: [tensor("out", heads), sums], attributes: attributes)]
        }
        guard direction == "bwd" else { return nil }
        return [
            Operator(
                name + "_backward", inputs: [tensor("dout", heads)] + inputs + [tensor("out", heads), sums],
                outputs: [tensor("dq", heads), tensor("dk", keyHeads), tensor("dv", keyHeads)],
                attributes: attributes, pass: .backward)
        ]
    }

    /// The norm of mamba_ssm's Triton kernels.
    func tritonNorm(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let (rows, columns) = (try sizes.count("rows"), try sizes.count("cols"))
        let type = try sizes.types().from
        func matrix(_ id: String) -> OperatorTensor { OperatorTensor(id, [rows, columns], type) }
        func vector(_ id: String, _ type: OperatorElement) -> OperatorTensor { OperatorTensor(id, [columns], type) }
        let deviations = OperatorTensor("rstd", [rows], .f32)
        if direction == "triton_rms_norm_fwd" {
            return [
                Operator(
                    "mamba_ssm::_layer_norm_fwd", inputs: [matrix("x"), vector("weight", type)],
                    outputs: [matrix("y"), deviations])
            ]
        }
        guard direction == "triton_rms_norm_bwd" else { return nil }
        // A block an SM leaves a row of sums.
        let parts = OperatorTensor("parts", [132, columns], .f32)
        return [
            Operator(
                "mamba_ssm::_layer_norm_bwd",
                inputs: [matrix("dy"), matrix("x"), vector("weight", type), deviations],
                outputs: [matrix("dx"), parts], pass: .backward),
            Operator(
                "aten::sum", inputs: [parts], outputs: [vector("sums", .f32)], attributes: ["dim": .integer(0)],
                pass: .backward),
            Operator(
                "aten::copy_", inputs: [vector("sums", .f32)], outputs: [vector("dweight", type)], pass: .backward),
        ]
    }
}
