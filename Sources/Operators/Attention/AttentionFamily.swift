import Kernels
import Trace

/// Attention as `scaled_dot_product_attention` launches it: cuDNN's kernels, which are the default on Hopper, or those
/// of flash attention 2.
///
/// Inputs, forward: queries, keys and values (batch, heads, positions, head dim); outputs: the output, and the queries'
/// sums in fp32. Inputs, backward: the output's gradient, queries, keys, values, output and sums; outputs: the
/// gradients of queries, keys and values. The attribute `is_causal` is true or false.
struct AttentionFamily: OperatorFamily {
    private static let forward = [
        "_scaled_dot_product_cudnn_attention", "_cudnn_attention_forward", "_scaled_dot_product_flash_attention",
        "_flash_attention_forward",
    ]
    private static let backward = [
        "_scaled_dot_product_cudnn_attention_backward", "_cudnn_attention_backward",
        "_scaled_dot_product_flash_attention_backward", "_flash_attention_backward",
    ]

    let operators = forward + backward
    let category = OperatorCategory.attention

    func category(of launch: any BlockProgramSource) -> OperatorCategory {
        launch.launch.kernel.hasPrefix("sum") ? .reduce : .attention
    }

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isBackward = Self.backward.contains(op.base)
        let isFlash = op.base.contains("flash")
        let own = isBackward ? Array(op.inputs.dropFirst()) : op.inputs
        guard own.count >= 3, op.outputs.count >= (isBackward ? 3 : 1) else {
            throw OperatorDefect(
                "\(op.name) has \(op.inputs.count) inputs and \(op.outputs.count) outputs",
                cure: "give \(isBackward ? "the output's gradient, " : "")queries, keys and values, and what is written"
            )
        }
        let (queries, keys, values) = (own[0], own[1], own[2])
        guard queries.shape.count == 4, keys.shape.count == 4, values.shape == keys.shape, queries.type.isHalf,
            keys.shape[1] > 0, queries.shape[1] % keys.shape[1] == 0, keys.shape[3] == queries.shape[3],
            queries.shape[3] > 0, queries.shape[3] <= 128, keys.shape[0] == queries.shape[0]
        else { return nil }
        guard queries.count > 0, keys.count > 0 else { return [] }
        let shape = AttentionShape(
            batch: queries.shape[0], heads: queries.shape[1], keyHeads: keys.shape[1], queries: queries.shape[2],
            keys: keys.shape[2], dim: queries.shape[3], isCausal: try op.flag("is_causal") ?? false)
        let counter = OperatorTensor("attention tiles", [1], .i32)
        places.add(counter)
        func scratch(_ name: String, _ shape: [Int], _ type: OperatorElement = .f32) -> OperatorTensor {
            let tensor = OperatorTensor("\(name) of line \(op.line) of \(queries.id)", shape, type)
            places.add(tensor)
            return tensor
        }
        if !isBackward {
            let sums =
                op.outputs.count > 1 && op.outputs[1].type == .f32
                ? op.outputs[1] : scratch("sums", [shape.batch, shape.heads, shape.queries])
            return AttentionForwardKernel(
                shape, isFlash: isFlash, queries: queries, keys: keys, values: values, out: op.outputs[0], sums: sums,
                counter: counter, places: places
            ).map { [$0] }
        }
        let gradient = op.inputs[0]
        let out = own.count > 3 ? own[3] : gradient
        let sums = scratch("sums", [shape.batch, shape.heads, shape.queries, 2])
        let padded = isFlash ? shape.padded : shape.dim
        let queryGradient = scratch("dq", [shape.batch, shape.heads, shape.queries, max(padded, shape.padded)])
        let isGrouped = shape.heads != shape.keyHeads
        let whole = [shape.batch, shape.heads, shape.keys, shape.dim]
        let keyGradient = isGrouped ? scratch("dk", whole, queries.type) : op.outputs[1]
        let valueGradient = isGrouped ? scratch("dv", whole, queries.type) : op.outputs[2]
        guard
            let main = AttentionBackwardKernel(
                shape, isFlash: isFlash, queries: queries, keys: keys, values: values, outGradient: gradient,
                queryGradient: queryGradient, keyGradient: keyGradient, valueGradient: valueGradient, sums: sums,
                counter: counter, places: places)
        else { return nil }
        func rows(_ count: Int) -> Grid {
            Grid(x: shape.queries.dividedRoundingUp(by: count), y: shape.batch, z: shape.heads)
        }
        let threads = isFlash ? 256 : 128
        var launches: [any BlockProgramSource] = [
            StreamKernel(
                "attention_dot", grid: rows(isFlash ? shape.padded >= 128 ? 64 : 128 : shape.padded >= 128 ? 8 : 16),
                threads: threads, registers: isFlash ? 50 : 26,
                reads: [.init(gradient, laneBytes: 16), .init(out, laneBytes: 16)],
                writes: [.init(sums), .init(queryGradient, laneBytes: 16)],
                work: isFlash
                    ? InstructionMix(fma: 120, alu: 90, memory: 20, shuffle: 20, other: 98)
                    : InstructionMix(fma: 60, alu: 40, memory: 8, shuffle: 16, other: 48), places: places),
            main,
            StreamKernel(
                "attention_dq", grid: rows(isFlash ? 128 : shape.padded >= 128 ? 16 : 26), threads: threads,
                registers: isFlash ? 48 : 30, sharedBytes: isFlash ? 16_384 : 0,
                reads: [.init(queryGradient, laneBytes: 16)], writes: [.init(op.outputs[0], laneBytes: 16)],
                work: isFlash
                    ? InstructionMix(fma: 160, alu: 250, memory: 90, other: 226)
                    : InstructionMix(fma: 28, alu: 50, memory: 8, other: 55), places: places),
        ]
        guard isGrouped else { return launches }
        for (from, to) in [(keyGradient, op.outputs[1]), (valueGradient, op.outputs[2])] {
            if isFlash {
                // PyTorch's own sum over the heads of a group.
                guard let type = from.type.value, let toType = to.type.value else { return nil }
                let group = shape.heads / shape.keyHeads
                let inner = shape.keys * shape.dim
                let staging = scratch("staging", [1])
                launches.append(
                    SumKernel(
                        (from.id, places.view(of: from, as: type)),
                        layout: SumKernel.Layout(
                            outputs: to.count, innerOutputs: inner, inputs: group, inputStride: inner,
                            outerStride: group * inner),
                        into: (to.id, places.view(of: to, as: toType)), staging: places.view(of: staging, as: .f32),
                        multiprocessorCount: places.multiprocessors))
            } else {
                launches.append(
                    StreamKernel(
                        "attention_heads",
                        grid: Grid(x: shape.keys.dividedRoundingUp(by: 8), y: shape.batch, z: shape.keyHeads),
                        threads: 128, registers: 32, reads: [.init(from, laneBytes: 16)],
                        writes: [.init(to, laneBytes: 16)],
                        work: InstructionMix(fma: 40, alu: 70, memory: 5, other: 95), places: places))
            }
        }
        return launches
    }
}
