import Kernels
import Trace

/// The norms of mamba_ssm's Triton kernels: the plain one in front of a block, and the gated one inside it.
///
/// Inputs of `_layer_norm_fwd`: x, the weights, then the bias and the gate z where the attributes `has_bias` and
/// `has_z` are true; outputs: y and the rows' reciprocal deviations. Inputs of `_layer_norm_bwd`: the output's
/// gradient, x, weights, deviations, then bias and z; outputs: the gradient of x, partial sums of the weights' gradient
/// (groups of rows, columns), that of z, and the output again where `recompute_output` is true. `group_size` gives the
/// columns that are normalised together, without it all; `norm_before_gate` and `is_rms_norm` are true or false.
struct TritonNormFamily: OperatorFamily {
    private static let forward = "mamba_ssm::_layer_norm_fwd"
    private static let backward = "mamba_ssm::_layer_norm_bwd"

    let operators = [forward, backward]
    let category = OperatorCategory.norm

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isBackward = op.base == Self.backward
        let hasBias = try op.flag("has_bias") ?? false
        let hasGate = try op.flag("has_z") ?? false
        guard op.attributes["has_residual"] != .flag(true) else { return nil }
        let first = isBackward ? 4 : 2
        guard op.inputs.count == first + [hasBias, hasGate].count(where: { $0 }), op.outputs.count >= 1,
            let columns = op.inputs[isBackward ? 1 : 0].shape.last, columns > 0,
            let type = op.inputs[isBackward ? 1 : 0].type.value,
            let weightType = op.inputs[isBackward ? 2 : 1].type.value
        else {
            throw OperatorDefect(
                "\(op.name) has \(op.inputs.count) inputs of unfit shapes",
                cure: "give \(isBackward ? "the gradient, x, weights and deviations" : "x and weights"), "
                    + "then bias and z")
        }
        let x = op.inputs[isBackward ? 1 : 0]
        let rows = x.count / columns
        guard rows > 0 else { return [] }
        var shape = GatedNormShape(rows: rows, columns: columns, groupSize: try op.integer("group_size") ?? columns)
        shape.hasBias = hasBias
        shape.hasGate = hasGate
        shape.normBeforeGate = try op.flag("norm_before_gate") ?? false
        shape.isRMS = try op.flag("is_rms_norm") ?? true
        shape.recomputesOutput = try op.flag("recompute_output") ?? false
        shape.elementType = type
        shape.parameterType = weightType
        shape.multiprocessorCount = places.multiprocessors
        if !hasGate { Self.tune(&shape, isBackward: isBackward) }
        let own = places
        func rowView(_ tensor: OperatorTensor) -> TensorView? {
            guard let type = tensor.type.value, let stride = Self.rowStride(of: tensor) else { return nil }
            return own.view(of: tensor, as: type, headStride: shape.groupSize, rowStride: stride)
        }
        var rowTensors: [(String, OperatorTensor)] = [("x", x)]
        if hasGate, let z = op.inputs.last { rowTensors.append(("z", z)) }
        if isBackward {
            rowTensors += [("dy", op.inputs[0]), ("dx", op.outputs[0])]
            if hasGate, op.outputs.count > 2 { rowTensors.append(("dz", op.outputs[2])) }
            if shape.recomputesOutput, let again = op.outputs.last { rowTensors.append(("y again", again)) }
        } else {
            rowTensors.append(("y", op.outputs[0]))
        }
        let views = rowTensors.compactMap { name, tensor in rowView(tensor).map { (name, $0) } }
        guard views.count == rowTensors.count else { return nil }
        return try places.behind { book throws(KernelError) in
            for (name, view) in views { book.give(view, as: .norm(name)) }
            book.give(
                own.view(of: op.inputs[isBackward ? 2 : 1], as: weightType, headStride: shape.groupSize),
                as: .norm("weight"))
            if isBackward, op.outputs.count > 1 {
                book.give(
                    own.view(of: op.outputs[1], as: .f32, headStride: shape.groupSize, rowStride: columns),
                    as: .norm("dweight"))
            }
            return [
                try NormKernels.makeSource(
                    kernel: isBackward ? "ln_gated_bwd" : "ln_gated_fwd", shape: shape, book: &book)
            ]
        }
    }

    /// The plain norm's autotuner took these warps, and it launches a backward block an SM. *Source:*
    /// docs/operators.md.
    private static func tune(_ shape: inout GatedNormShape, isBackward: Bool) {
        if isBackward {
            shape.rowGroupCount = shape.multiprocessorCount
            shape.warpCount = shape.blockColumns >= 4096 ? 2 : 1
        } else {
            shape.warpCount = min(max(shape.blockColumns / 256, 1), 16)
        }
    }

    /// The distance between rows, if all dimensions but the last are one behind the other.
    private static func rowStride(of tensor: OperatorTensor) -> Int? {
        guard tensor.shape.count >= 2, tensor.strides.last == 1 else { return tensor.shape.count == 1 ? 1 : nil }
        let outer = zip(tensor.shape, tensor.strides).dropLast().filter { $0.0 > 1 }
        guard let stride = outer.last?.1 else { return tensor.shape.last }
        var expected = stride
        for (size, own) in outer.reversed() {
            guard own == expected else { return nil }
            expected *= size
        }
        return stride
    }
}
