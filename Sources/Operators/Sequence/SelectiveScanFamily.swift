import Kernels
import Trace

/// Mamba-1's selective scan, forward and backward, as mamba_ssm's extension launches it.
///
/// Inputs of `selective_scan_cuda::fwd`: u and delta (batch, channels, positions), A (channels, states), B and C
/// (batch, groups, states, positions), then D, z and the bias of delta; outputs: out, the chunks' states, and the gated
/// output. `selective_scan_cuda::bwd` has the output's gradient, the states and out behind the inputs; outputs: the
/// gradients of u, delta, A, B and C, then those of D, z and the bias. The attributes `has_D`, `has_z`,
/// `has_delta_bias` and `delta_softplus` are true or false; without them D and a bias are there, and z is not.
struct SelectiveScanFamily: OperatorFamily {
    private static let forward = "selective_scan_cuda::fwd"
    private static let backward = "selective_scan_cuda::bwd"

    let operators = [forward, backward]
    let category = OperatorCategory.ssm

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isBackward = op.base == Self.backward
        let hasSkip = try op.flag("has_D") ?? true
        let hasGate = try op.flag("has_z") ?? false
        let hasBias = try op.flag("has_delta_bias") ?? true
        let parameters = 5 + [hasSkip, hasGate, hasBias].count { $0 }
        guard op.inputs.count == parameters + (isBackward ? 3 : 0), op.inputs[0].shape.count == 3,
            op.inputs[2].shape.count == 2, op.inputs[3].shape.count == 4, op.inputs[4].shape.count == 4,
            let type = op.inputs[0].type.value
        else {
            throw OperatorDefect(
                "\(op.name) has \(op.inputs.count) inputs and should have \(parameters + (isBackward ? 3 : 0))",
                cure: "give u, delta, A, B, C, what 'has_D', 'has_z' and 'has_delta_bias' say, and what is handed back")
        }
        let u = op.inputs[0]
        var shape = Mamba1Shape(batch: u.shape[0], dim: u.shape[1], sequenceLength: u.shape[2])
        shape.stateDim = op.inputs[2].shape[1]
        shape.groups = op.inputs[3].shape[1]
        shape.elementType = type
        shape.hasGate = hasGate
        shape.hasSkip = hasSkip
        shape.hasTimeStepBias = hasBias
        shape.hasSoftplus = try op.flag("delta_softplus") ?? true
        shape.multiprocessorCount = places.multiprocessors
        var names = ["u", "delta", "A", "B", "C"]
        if hasSkip { names.append("D") }
        if hasGate { names.append("z") }
        if hasBias { names.append("delta_bias") }
        if isBackward { names += ["dout", "x", "out"] }
        var written = isBackward ? ["du", "ddelta", "dA", "dB", "dC"] : ["out", "x"]
        if isBackward {
            if hasSkip { written.append("dD") }
            if hasGate { written.append("dz") }
            if hasBias { written.append("ddelta_bias") }
        } else if hasGate {
            written.append("out_z")
        }
        if isBackward, op.outputs.count > written.count, hasGate {
            written.append("out_z again")
            shape.recomputesOutput = true
        }
        guard op.outputs.count == written.count else {
            throw OperatorDefect(
                "\(op.name) has \(op.outputs.count) outputs and should have \(written.count)",
                cure: "give \(written.joined(separator: ", "))")
        }
        let own = places
        return try places.behind { book throws(KernelError) in
            for (tensor, name) in zip(op.inputs + op.outputs, names + written) {
                let strides = tensor.strides
                let isGrouped = strides.count == 4
                guard let type = tensor.type.value, name != "x" || strides.count >= 3 else { continue }
                book.give(
                    own.view(
                        of: tensor, as: type, batchStride: strides.count > 2 ? strides[0] : 0,
                        headStride: isGrouped ? strides[1] : 0,
                        rowStride: isGrouped && name != "x" ? strides[2] : strides.count > 2 ? strides[1] : strides[0]),
                    as: .scan(name))
            }
            return [
                try Mamba1Kernels.makeSource(
                    kernel: isBackward ? "sel_scn_bwd" : "sel_scn_fwd", shape: shape, book: &book)
            ]
        }
    }
}
