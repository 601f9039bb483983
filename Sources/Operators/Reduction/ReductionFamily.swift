import Kernels
import Trace

/// Sums and means of a contiguous tensor, over neighbouring dimensions or over several with the last one among them.
///
/// The attribute `dim` gives the dimensions, a number or a list. Without it they follow from the shapes.
struct ReductionFamily: OperatorFamily {
    let operators = ["sum", "mean"]
    let category = OperatorCategory.reduce

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.inputs.count == 1, op.outputs.count == 1, let inputType = op.inputs[0].type.value,
            let outputType = op.outputs[0].type.value
        else { return nil }
        let (input, output) = (op.inputs[0], op.outputs[0])
        guard output.count > 0, input.count > 0 else { return [] }
        guard input.isContiguous, output.isContiguous else { return nil }
        guard let reduced = try Self.dimensions(of: op) else { return try Self.scattered(op, places: places) }
        let inner = input.shape[reduced.upperBound...].reduce(1, *)
        let inputs = input.shape[reduced].reduce(1, *)
        let isInner = inner == 1 && inputs > 1
        let layout =
            isInner
            ? SumKernel.Layout(
                outputs: output.count, innerOutputs: output.count, inputs: inputs, inputStride: 1, outerStride: inputs)
            : SumKernel.Layout(
                outputs: output.count, innerOutputs: inner, inputs: inputs, inputStride: inner,
                outerStride: inputs * inner)
        // Blocks that share an output leave their sums for the last of them.
        let staging = OperatorTensor(
            "sums of \(output.count) outputs", [min(input.count, 1 << 22)], .f32)
        places.add(staging)
        return [
            SumKernel(
                (input.id, places.view(of: input, as: inputType)), layout: layout,
                into: (output.id, places.view(of: output, as: outputType)), isInner: isInner,
                isWhole: isInner && output.count == 1, staging: places.view(of: staging, as: .f32),
                multiprocessorCount: places.multiprocessors)
        ]
    }

    /// A sum over dimensions that are no neighbours, the last one among them: 512 threads an output, or several blocks
    /// where a thread would have 256 values or more. PyTorch's `setReduceConfig`. *Source:* two launches of a training
    /// step of MambaVision (grids, registers); instructions a value are fitted on their times.
    private static func scattered(
        _ op: Operator, places: TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let (input, output) = (op.inputs[0], op.outputs[0])
        guard let given = try op.integers("dim") else { return nil }
        let dimensions = Set(given.map { $0 < 0 ? $0 + input.shape.count : $0 })
        let threads = 512
        let values = input.count / output.count
        guard dimensions.contains(input.shape.count - 1), output.count >= 16, values >= 256 * 32 else { return nil }
        let perThread = values.dividedRoundingUp(by: threads)
        let most = places.multiprocessors * 2048 / threads
        let blocks =
            perThread < 256
            ? 1
            : max(
                min(most.dividedRoundingUp(by: output.count), perThread.dividedRoundingUp(by: 16)),
                perThread.dividedRoundingUp(by: 256))
        let own = perThread.dividedRoundingUp(by: blocks)
        var work = InstructionMix(alu: 60, memory: 20, shuffle: 10, other: 80)
        work.add(InstructionMix(fma: 18, alu: 16, memory: 1, other: 13), times: Double(own))
        return [
            StreamKernel(
                "sum.dimensions", grid: Grid(x: output.count, y: blocks), threads: threads, registers: 32,
                sharedBytes: 2064, reads: [.init(input)], writes: [.init(output)], work: work,
                rounds: max(1, min(25, own / 4)), places: places)
        ]
    }

    /// The dimensions that are summed; nil where they are no neighbours.
    private static func dimensions(of op: Operator) throws(OperatorDefect) -> Range<Int>? {
        let (input, output) = (op.inputs[0].shape, op.outputs[0].shape)
        if let given = try op.integers("dim") {
            let own = Set(given.map { $0 < 0 ? $0 + input.count : $0 })
            guard let first = own.min(), let last = own.max(), own.count == last - first + 1, first >= 0,
                last < input.count
            else { return given.isEmpty ? 0..<input.count : nil }
            return first..<last + 1
        }
        if op.outputs[0].count == 1 { return 0..<input.count }
        let wanted = output.filter { $0 != 1 }
        for length in 1...input.count {
            for first in 0...(input.count - length) {
                let left = input[..<first] + input[(first + length)...]
                if Array(left.filter { $0 != 1 }) == wanted { return first..<first + length }
            }
        }
        return nil
    }
}
