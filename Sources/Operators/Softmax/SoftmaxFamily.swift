import Kernels
import Trace

/// Softmax and its logarithm over the last dimension, forward and backward.
///
/// *Source:* grids, requests, registers and instructions of the softmax rows of
/// docs/validation/h200_operators_dev.csv, one shape of each kernel: what a thread does once and what it does an
/// element is divided by estimate.
struct SoftmaxFamily: OperatorFamily {
    let operators = [
        "_softmax", "softmax", "_log_softmax", "log_softmax", "_softmax_backward_data", "_log_softmax_backward_data",
    ]
    let category = OperatorCategory.softmaxLoss

    /// Longest rows that a warp takes, and that a block keeps in registers.
    private static let warpColumns = 1024
    private static let registerColumns = 10_240

    /// Inputs of the forward pass: x. Inputs of the backward pass: the gradient and the output. Output: one tensor.
    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isBackward = op.base.hasSuffix("_backward_data")
        guard op.inputs.count == (isBackward ? 2 : 1), op.outputs.count == 1, let columns = op.outputs[0].shape.last,
            columns > 0,
            (op.inputs + op.outputs).allSatisfy({
                $0.isContiguous && $0.shape == op.outputs[0].shape && ($0.type == .f32 || $0.type.isHalf)
            })
        else { return nil }
        let rank = op.outputs[0].shape.count
        let dimension = try op.integer("dim") ?? -1
        guard dimension == -1 || dimension == rank - 1 else { return nil }
        let rows = op.outputs[0].count / columns
        guard rows > 0 else { return [] }
        let name = op.base.drop { $0 == "_" }.replacing("_data", with: "")
        let vector = 16 / op.outputs[0].type.byteCount
        if columns <= Self.warpColumns {
            return [warp(op, String(name), rows: rows, columns: columns, isBackward: isBackward, places: places)]
        }
        if !isBackward, columns < Self.registerColumns {
            return [registers(op, String(name), rows: rows, columns: columns, places: places)]
        }
        if isBackward, columns % vector == 0, columns * op.outputs[0].type.byteCount <= 48 << 10 {
            return [shared(op, String(name), rows: rows, columns: columns, places: places)]
        }
        return [sweeps(op, String(name), rows: rows, columns: columns, isBackward: isBackward, places: places)]
    }

    private func streams(
        _ op: Operator, columns: Int, shape: RowStream.Shape, places: TensorPlaces
    ) -> (loads: [RowStream], store: RowStream, tensors: [Tensor]) {
        var entries = TensorEntries(places)
        func stream(_ kind: AccessKind, _ tensor: OperatorTensor) -> RowStream {
            RowStream(kind, tensor, columns: columns, shape: shape, entries: &entries, places: places)
        }
        let loads = op.inputs.map { stream(.load, $0) }
        return (loads, stream(.store, op.outputs[0]), entries.tensors)
    }

    /// softmax_warp_forward and softmax_warp_backward: a warp takes a row (two where it has at most 128 elements), a
    /// block four warps.
    private func warp(
        _ op: Operator, _ name: String, rows: Int, columns: Int, isBackward: Bool, places: TensorPlaces
    ) -> RowKernel {
        let (loads, store, tensors) = streams(op, columns: columns, shape: .single, places: places)
        let perWarp = columns <= 128 ? 2 : 1
        let steps = Double(max(1, columns.roundedUpToPowerOfTwo / 32) * perWarp)
        var trip = InstructionMix()
        trip.add(
            isBackward
                ? InstructionMix(fma: 5, alu: 5, memory: 3, other: 1)
                : InstructionMix(fma: 14.5, alu: 8.5, special: 2.7, memory: 2, other: 8.3), times: steps)
        return RowKernel(
            RowKernel.Plan(
                kernel: name + ".warp", rows: rows, columns: columns, threads: 128, registers: isBackward ? 32 : 29,
                sharedBytes: 0, rowsPerBlock: 4 * perWarp, tripElements: columns,
                entry: isBackward
                    ? InstructionMix(fma: 7, alu: 7, other: 13) : InstructionMix(fma: 10, alu: 7, other: 26),
                passes: [RowKernel.Pass(loads: loads, stores: [store], trip: trip)]), tensors: tensors)
    }

    /// cunn_SoftMaxForwardReg: a block of 1024 threads keeps a row in registers.
    private func registers(
        _ op: Operator, _ name: String, rows: Int, columns: Int, places: TensorPlaces
    ) -> RowKernel {
        let (loads, store, tensors) = streams(op, columns: columns, shape: .single, places: places)
        var trip = InstructionMix()
        trip.add(
            InstructionMix(fma: 27, alu: 19, special: 4, memory: 2, other: 12),
            times: Double(columns.dividedRoundingUp(by: 1024)))
        return RowKernel(
            RowKernel.Plan(
                kernel: name + ".registers", rows: rows, columns: columns, threads: 1024, registers: 37,
                sharedBytes: 128, tripElements: columns,
                entry: InstructionMix(fma: 20, alu: 20, memory: 8, other: 60),
                passes: [RowKernel.Pass(loads: loads, stores: [store], trip: trip)]), tensors: tensors)
    }

    /// cunn_SoftMaxBackwardSmem: a block of 512 threads keeps a row in shared memory.
    private func shared(
        _ op: Operator, _ name: String, rows: Int, columns: Int, places: TensorPlaces
    ) -> RowKernel {
        let bytes = op.outputs[0].type.byteCount
        let (loads, store, tensors) = streams(op, columns: columns, shape: .vectors(16 / bytes), places: places)
        var trip = InstructionMix()
        trip.add(
            InstructionMix(fma: 4.6, alu: 5.2, memory: 0.5, other: 0.7),
            times: Double(columns.dividedRoundingUp(by: 512)))
        return RowKernel(
            RowKernel.Plan(
                kernel: name + ".shared", rows: rows, columns: columns, threads: 512, registers: 29,
                sharedBytes: columns * bytes + 64, tripElements: columns,
                entry: InstructionMix(fma: 12, alu: 12, memory: 6, other: 25),
                passes: [RowKernel.Pass(loads: loads, stores: [store], trip: trip)]), tensors: tensors)
    }

    /// cunn_SoftMaxForward and cunn_SoftMaxBackward: 16 bytes a thread and trip; a row is read three times.
    private func sweeps(
        _ op: Operator, _ name: String, rows: Int, columns: Int, isBackward: Bool, places: TensorPlaces
    ) -> RowKernel {
        let vector = 16 / op.outputs[0].type.byteCount
        let (loads, store, tensors) = streams(op, columns: columns, shape: .vectors(vector), places: places)
        let threads = isBackward ? 512 : 1024
        func trip(_ mix: InstructionMix) -> InstructionMix {
            var trip = InstructionMix()
            trip.add(mix, times: Double(vector))
            return trip
        }
        let passes =
            isBackward
            ? [
                // The sum of the gradient, then the gradient and the output.
                RowKernel.Pass(loads: [loads[0]], trip: trip(InstructionMix(fma: 2, alu: 0.4, memory: 0.25))),
                RowKernel.Pass(
                    loads: loads, stores: [store],
                    trip: trip(InstructionMix(fma: 8.8, alu: 1.7, special: 1.1, memory: 0.75, other: 1.3))),
            ]
            : [
                RowKernel.Pass(loads: loads, trip: trip(InstructionMix(fma: 0.7, alu: 2, memory: 0.25, other: 0.5))),
                RowKernel.Pass(
                    loads: loads,
                    trip: trip(InstructionMix(fma: 8, alu: 1.3, special: 1.2, memory: 0.25, other: 1))),
                RowKernel.Pass(
                    loads: loads, stores: [store],
                    trip: trip(InstructionMix(fma: 5, alu: 1, memory: 0.5, other: 0.7))),
            ]
        return RowKernel(
            RowKernel.Plan(
                kernel: name + ".sweeps", rows: rows, columns: columns, threads: threads,
                registers: isBackward ? 56 : 32, sharedBytes: isBackward ? 2048 : 128,
                tripElements: threads * vector, hasNarrowTail: true, alignment: vector,
                entry: InstructionMix(fma: 20, alu: 40, memory: 8, other: 40), passes: passes), tensors: tensors)
    }
}
