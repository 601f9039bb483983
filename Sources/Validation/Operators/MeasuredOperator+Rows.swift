import Content
import Operators

// Operators over rows: norms, softmax and loss, gathers.
extension MeasuredOperator {
    func norm(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        if direction.hasPrefix("batch_norm") { return try batchNorm(sizes) }
        if direction.hasPrefix("triton") { return try tritonNorm(sizes) }
        guard ["layer_norm_fwd", "layer_norm_bwd", "rms_norm_fwd", "rms_norm_bwd"].contains(direction) else {
            return nil
        }
        let (rows, columns) = (try sizes.count("rows"), try sizes.count("cols"))
        let type = try sizes.types().from
        func matrix(_ id: String) -> OperatorTensor { OperatorTensor(id, [rows, columns], type) }
        func weight(_ id: String) -> OperatorTensor { OperatorTensor(id, [columns], type) }
        func moment(_ id: String) -> OperatorTensor { OperatorTensor(id, [rows, 1], .f32) }
        let isRMS = direction.hasPrefix("rms")
        let name = isRMS ? "aten::_fused_rms_norm" : "aten::native_layer_norm"
        let moments = isRMS ? [moment("rstd")] : [moment("mean"), moment("rstd")]
        let weights = isRMS ? [weight("gamma")] : [weight("gamma"), weight("beta")]
        if direction.hasSuffix("_fwd") {
            return [Operator(name, inputs: [matrix("x")] + weights, outputs: [matrix("y")] + moments)]
        }
        return [
            Operator(
                name + "_backward", inputs: [matrix("dy"), matrix("x")] + moments + weights,
                outputs: [matrix("dx")] + (isRMS ? [weight("dgamma")] : [weight("dgamma"), weight("dbeta")]),
                pass: .backward)
        ]
    }

    /// Batch norm in training. The module counts its batches first.
    private func batchNorm(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let type = try sizes.types().from
        let shape: [Int]
        var strides: [Int]?
        if row.text("p_rows") != nil {
            shape = [try sizes.count("rows"), try sizes.count("cols")]
        } else {
            shape = [
                try sizes.count("batch"), try sizes.count("c_in"), try sizes.count("height"), try sizes.count("width"),
            ]
            if try row.required("p_layout") == "nhwc" {
                strides = [shape[1] * shape[2] * shape[3], 1, shape[3] * shape[1], shape[1]]
            }
        }
        func tensor(_ id: String) -> OperatorTensor { OperatorTensor(id, shape, strides: strides, type) }
        func channel(_ id: String) -> OperatorTensor { OperatorTensor(id, [shape[1]], .f32) }
        let saved = [channel("mean"), channel("deviation")]
        let running = [channel("running_mean"), channel("running_variance")]
        if direction == "batch_norm_bwd" {
            return [
                Operator(
                    "aten::native_batch_norm_backward",
                    inputs: [tensor("dy"), tensor("x"), channel("weight")] + running + saved,
                    outputs: [tensor("dx"), channel("dweight"), channel("dbias")], pass: .backward)
            ]
        }
        guard direction == "batch_norm_fwd" else { return nil }
        let batches = OperatorTensor("batches", [], .i64)
        return [
            Operator("aten::add_", inputs: [batches], outputs: [batches]),
            Operator(
                "aten::native_batch_norm", inputs: [tensor("x"), channel("weight"), channel("bias")] + running,
                outputs: [tensor("y")] + saved),
        ]
    }

    func softmax(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let (rows, columns) = (try sizes.count("rows"), try sizes.count("cols"))
        let type = try sizes.types().from
        func matrix(_ id: String) -> OperatorTensor { OperatorTensor(id, [rows, columns], type) }
        let target = OperatorTensor("target", [rows], .i64)
        let loss = OperatorTensor("loss", [], type)
        switch direction {
        case "cross_entropy_fwd":
            return [
                Operator("aten::_log_softmax", inputs: [matrix("x")], outputs: [matrix("y")]),
                Operator(
                    "aten::nll_loss_forward", inputs: [matrix("y"), target],
                    outputs: [loss, OperatorTensor("weight", [], type)]),
            ]
        case "cross_entropy_bwd":
            return [
                Operator("aten::fill_", inputs: [], outputs: [loss], pass: .backward),
                Operator("aten::fill_", inputs: [], outputs: [matrix("dy")], pass: .backward),
                Operator("aten::nll_loss_backward", inputs: [loss, target], outputs: [matrix("dy")], pass: .backward),
                Operator(
                    "aten::_log_softmax_backward_data", inputs: [matrix("dy"), matrix("y")], outputs: [matrix("dx")],
                    pass: .backward),
            ]
        case "softmax_fwd": return [Operator("aten::_softmax", inputs: [matrix("x")], outputs: [matrix("y")])]
        case "softmax_bwd":
            return [
                Operator(
                    "aten::mul", inputs: [matrix("dy"), matrix("y")], outputs: [matrix("product")], pass: .backward),
                Operator(
                    "aten::_softmax_backward_data", inputs: [matrix("product"), matrix("y")], outputs: [matrix("dx")],
                    pass: .backward),
            ]
        default: return nil
        }
    }

    func gather(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let (rows, columns, count) = (try sizes.count("rows"), try sizes.count("cols"), try sizes.count("indices"))
        let type = try sizes.types().from
        let indices = OperatorTensor("indices", [count], .i64)
        let names = ["embedding_fwd": "embedding", "index": "index", "index_select": "index_select"]
        if let name = names[direction] {
            return [
                Operator(
                    "aten::" + name, inputs: [OperatorTensor("table", [rows, columns], type), indices],
                    outputs: [OperatorTensor("y", [count, columns], type)],
                    attributes: ["indices": .text(try row.required("p_index"))])
            ]
        }
        if direction == "index_add" {
            let table = OperatorTensor("table", [rows, columns], type)
            return [
                Operator(
                    "aten::index_add_", inputs: [table, indices, OperatorTensor("source", [count, columns], type)],
                    outputs: [table], attributes: ["indices": .text(try row.required("p_index"))])
            ]
        }
        if direction == "embedding_bwd" {
            return [
                Operator(
                    "aten::embedding_dense_backward", inputs: [OperatorTensor("dy", [count, columns], type), indices],
                    outputs: [OperatorTensor("dtable", [rows, columns], type)], pass: .backward)
            ]
        }
        guard direction == "index_bwd" else { return nil }
        let table = OperatorTensor("dx", [rows, columns], type)
        return [
            Operator("aten::fill_", inputs: [], outputs: [table], pass: .backward),
            Operator(
                "aten::_index_put_impl_", inputs: [table, indices, OperatorTensor("dy", [count, columns], type)],
                outputs: [table], attributes: ["indices": .text(try row.required("p_index"))], pass: .backward),
        ]
    }

    /// Elements of the parameters of a Mamba-2 layer of width 4096: in_proj, out_proj, conv1d's weight and bias, gated
    /// norm, norm, dt_bias, A_log, D. The measured optimizer steps took these; the counters of the last launch say that
    /// the small ones came last.
    private static let layer = [18_560 * 4096, 4096 * 8192, 10_240 * 4, 10_240, 8192, 4096, 128, 128, 128]

    func optimizer(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let (elements, count) = (try sizes.count("elements"), try sizes.count("tensors"))
        let type = try sizes.types().from
        let own =
            elements == Self.layer.reduce(0, +) && count == Self.layer.count
            ? Self.layer : [Int](repeating: elements / count, count: count)
        func list(_ id: String) -> [OperatorTensor] {
            own.enumerated().map { OperatorTensor("\(id)\($0)", [$1], type) }
        }
        func step(_ name: String, _ inputs: [[OperatorTensor]], _ outputs: [[OperatorTensor]]) -> Operator {
            Operator(
                "aten::" + name, inputs: inputs.flatMap(\.self), outputs: outputs.flatMap(\.self), pass: .optimizer)
        }
        let (p, g, m, v, t) = (list("p"), list("g"), list("m"), list("v"), list("t"))
        switch direction {
        case "adamw_fused":
            let steps = own.indices.map { OperatorTensor("step\($0)", [], .f32) }
            return [
                step("_foreach_add_", [steps], [steps]), step("_fused_adamw_", [p, g, m, v, steps], [p, m, v]),
            ]
        case "adamw_foreach":
            return [
                step("_foreach_mul_", [p], [p]), step("_foreach_lerp_", [m, g], [m]), step("_foreach_mul_", [v], [v]),
                step("_foreach_addcmul_", [v, g, g], [v]), step("_foreach_sqrt", [v], [t]),
                step("_foreach_div_", [t], [t]), step("_foreach_add_", [t], [t]),
                step("_foreach_addcdiv_", [p, m, t], [p]),
            ]
        default: return nil
        }
    }
}
