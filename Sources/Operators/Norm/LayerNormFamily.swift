import Kernels
import Trace

/// PyTorch's layer norm and RMS norm over the last dimension, forward and backward.
///
/// *Source:* grids, requests, registers and instructions of the norm rows of docs/validation/h200_operators_dev.csv,
/// two shapes of each kernel. A price is a line through the two shapes: once a thread, and a vector of four elements.
struct LayerNormFamily: OperatorFamily {
    let operators = [
        "native_layer_norm", "native_layer_norm_backward", "_fused_rms_norm", "_fused_rms_norm_backward",
    ]
    let category = OperatorCategory.norm

    private static let threads = 128
    private static let vector = 4

    /// Inputs of the forward pass: x, and gamma (and beta) or none. Outputs: y, then one or two values a row. Inputs of
    /// the backward pass: dY, x, the values of each row, gamma (and beta). Outputs: dX, dGamma (and dBeta).
    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isRMS = op.base.hasPrefix("_fused_rms")
        return op.base.hasSuffix("_backward")
            ? backward(op, isRMS: isRMS, places: places) : forward(op, isRMS: isRMS, places: places)
    }

    /// The rows and columns of a tensor whose rows the vectorised kernels can take.
    private func size(_ tensor: OperatorTensor, _ others: [OperatorTensor]) -> (rows: Int, columns: Int)? {
        guard let columns = tensor.shape.last, columns > 0, columns % Self.vector == 0,
            ([tensor] + others).allSatisfy({ $0.isContiguous && ($0.type == .f32 || $0.type.isHalf) })
        else { return nil }
        return (tensor.count / columns, columns)
    }

    private func forward(_ op: Operator, isRMS: Bool, places: TensorPlaces) -> [any BlockProgramSource]? {
        guard op.inputs.count >= 1, op.inputs.count <= 3, !op.outputs.isEmpty,
            let (rows, columns) = size(op.inputs[0], Array(op.inputs.dropFirst()) + [op.outputs[0]])
        else { return nil }
        guard rows > 0 else { return [] }
        var entries = TensorEntries(places)
        func stream(_ kind: AccessKind, _ tensor: OperatorTensor, _ columns: Int, _ shape: RowStream.Shape) -> RowStream
        { RowStream(kind, tensor, columns: columns, shape: shape, entries: &entries, places: places) }
        let x = stream(.load, op.inputs[0], columns, .vectors(Self.vector))
        // Gamma and beta are taken element by element.
        let weights = op.inputs.dropFirst().map { stream(.load, $0, 0, .scattered(Self.vector)) }
        let y = stream(.store, op.outputs[0], columns, .vectors(Self.vector))
        let moments = op.outputs.dropFirst().map { stream(.store, $0, 1, .single) }
        let isWide = op.inputs[0].type == .f32
        let plan = RowKernel.Plan(
            kernel: isRMS ? "rms_norm" : "layer_norm", rows: rows, columns: columns, threads: Self.threads,
            registers: isRMS ? isWide ? 32 : 27 : isWide ? 39 : 32, sharedBytes: 24,
            tripElements: Self.threads * Self.vector, behind: Array(moments),
            entry: isRMS
                ? InstructionMix(fma: 19, alu: 84, special: 2, memory: 4, other: 74)
                : InstructionMix(fma: 77, alu: 112, special: 11, memory: 4, other: 121),
            passes: [
                RowKernel.Pass(
                    loads: [x],
                    trip: isRMS
                        ? InstructionMix(fma: 10, alu: 2, memory: 1, other: 1)
                        : InstructionMix(fma: 35, alu: 15, special: 3.5, memory: 1, other: 7)),
                RowKernel.Pass(
                    loads: [x] + weights, stores: [y],
                    trip: isRMS
                        ? InstructionMix(fma: 16.6, alu: 4, memory: 6, other: 1)
                        : InstructionMix(fma: 24.5, alu: 11.5, memory: 10, other: 6)),
            ])
        return [RowKernel(plan, tensors: entries.tensors)]
    }

    private func backward(_ op: Operator, isRMS: Bool, places: TensorPlaces) -> [any BlockProgramSource]? {
        let moments = isRMS ? 1 : 2
        guard op.inputs.count > 2 + moments, op.outputs.count >= 2,
            let (rows, columns) = size(op.inputs[1], [op.inputs[0], op.inputs[2 + moments], op.outputs[0]])
        else { return nil }
        guard rows > 0 else { return [] }
        var entries = TensorEntries(places)
        func stream(_ kind: AccessKind, _ tensor: OperatorTensor, _ columns: Int) -> RowStream {
            RowStream(kind, tensor, columns: columns, shape: .vectors(Self.vector), entries: &entries, places: places)
        }
        let loads = [
            stream(.load, op.inputs[1], columns), stream(.load, op.inputs[0], columns),
            stream(.load, op.inputs[2 + moments], 0),
        ]
        let before = op.inputs[2..<(2 + moments)].map {
            RowStream(
                .load, $0, columns: 1, shape: .single, replicas: Self.threads / 32, entries: &entries, places: places)
        }
        func trip(_ fma: Double, _ other: Double) -> InstructionMix {
            InstructionMix(fma: fma, alu: 21.4, memory: 3.5, other: other)
        }
        let half = isRMS ? trip(22.6, 2) : trip(30.5, 2)
        let plan = RowKernel.Plan(
            kernel: isRMS ? "rms_norm_grad_input" : "layer_norm_grad_input", rows: rows, columns: columns,
            threads: Self.threads, registers: 32, sharedBytes: 16, tripElements: Self.threads * Self.vector,
            before: before,
            entry: isRMS
                ? InstructionMix(fma: 15, alu: 19, special: 1, memory: 4, other: 54)
                : InstructionMix(fma: 25, alu: 19, special: 1, memory: 5, other: 73),
            passes: [
                RowKernel.Pass(loads: loads, trip: half),
                RowKernel.Pass(loads: loads, stores: [stream(.store, op.outputs[0], columns)], trip: half),
            ])
        return [
            RowKernel(plan, tensors: entries.tensors),
            NormWeightKernel(op, isRMS: isRMS, rows: rows, columns: columns, places: places),
        ]
    }
}
