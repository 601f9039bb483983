import Kernels
import Trace

/// PyTorch's own batch norm in training, forward and backward: over channels whose positions lie side by side (NCHW),
/// or whose channels do (NHWC, and rows of channels).
///
/// Inputs of the forward pass: x, weight, bias, running mean, running variance. Outputs: y, mean, inverse deviation.
/// Inputs of the backward pass: dY, x, weight, and both running values, then mean and inverse deviation. Outputs: dX,
/// dWeight, dBias.
///
/// *Source:* the batch norm rows of docs/validation/h200_operators_dev.csv: one shape NCHW, two of rows of channels.
struct BatchNormFamily: OperatorFamily {
    let operators = [
        "native_batch_norm", "_native_batch_norm_legit", "native_batch_norm_backward", "cudnn_batch_norm",
    ]
    let category = OperatorCategory.norm

    func category(of launch: any BlockProgramSource) -> OperatorCategory {
        launch.launch.kernel.hasPrefix("fill") ? .elementwise : .norm
    }

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isBackward = op.base.hasSuffix("_backward")
        if case .flag(false)? = op.attributes["training"] { return nil }
        guard op.base != "cudnn_batch_norm", op.inputs.count >= (isBackward ? 7 : 5), op.outputs.count >= 3 else {
            return nil
        }
        let x = op.inputs[isBackward ? 1 : 0]
        guard x.shape.count >= 2, x.count > 0, op.inputs.allSatisfy({ $0.type == .f32 || $0.type.isHalf }) else {
            return nil
        }
        let (batch, channels) = (x.shape[0], x.shape[1])
        let plane = x.shape[2...].reduce(1, *)
        let isChannelsLast = x.strides[1] == 1 && x.strides.last == (x.shape.count == 2 ? 1 : channels)
        guard isChannelsLast || x.isContiguous else { return nil }
        if isChannelsLast {
            let rows = ChannelsLastKernel.Rows(count: batch * plane, channels: channels)
            let semaphores = OperatorTensor("semaphores", [rows.gridX], .i32)
            let fill = try IteratorKernel(
                "fill", output: semaphores, inputs: [], price: InstructionMix(), registers: nil, converts: false,
                places: places)
            let workspace = places.workspace("staging", bytes: 3 * rows.gridX * rows.gridY * 32 * 4)
            func kernel(_ step: ChannelsLastKernel.Step) -> ChannelsLastKernel {
                ChannelsLastKernel(step, op, rows: rows, workspace: workspace, places: places)
            }
            return isBackward
                ? [fill, kernel(.backwardReduce), kernel(.backward)]
                : [fill, kernel(.statistics), updateStatistics(op, channels, places), kernel(.transform)]
        }
        func kernel(_ step: ChannelKernel.Step) -> ChannelKernel {
            ChannelKernel(step, op, batch: batch, channels: channels, plane: plane, places: places)
        }
        return isBackward
            ? [kernel(.backward)] : [kernel(.statistics), updateStatistics(op, channels, places), kernel(.transform)]
    }

    /// The kernel that moves the running values: four inputs and three outputs of a value a channel.
    private func updateStatistics(_ op: Operator, _ channels: Int, _ places: TensorPlaces) -> RowKernel {
        var entries = TensorEntries(places)
        func stream(_ kind: AccessKind, _ tensor: OperatorTensor) -> RowStream {
            RowStream(kind, tensor, columns: 0, shape: .single, entries: &entries, places: places)
        }
        let loads = [op.outputs[1], op.outputs[2], op.inputs[3], op.inputs[4]].map { stream(.load, $0) }
        let stores = [op.outputs[2], op.inputs[3], op.inputs[4]].map { stream(.store, $0) }
        return RowKernel(
            RowKernel.Plan(
                kernel: "batch_norm_update", rows: 1, columns: channels, threads: 128, registers: 56, sharedBytes: 0,
                tripElements: 512, entry: InstructionMix(fma: 13, alu: 50, special: 1, memory: 7, other: 47),
                passes: [RowKernel.Pass(loads: loads, stores: stores, trip: InstructionMix())]),
            tensors: entries.tensors)
    }
}
