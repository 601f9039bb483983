import Kernels
import Trace

/// Steps of an optimizer over lists of tensors: AdamW in one kernel (fused), and arithmetic list by list (foreach).
///
/// The inputs of `_fused_adamw_` are the lists of parameters, gradients, first moments, second moments and, where they
/// are known, steps; its outputs the parameters and both moments. Those of an operator `_foreach_...` are its lists one
/// behind the other; its outputs are one list.
///
/// *Source:* the optimizer rows of docs/validation/h200_operators_dev.csv: requests, registers, and instructions
/// divided by a full chunk's 32 trips.
struct OptimizerFamily: OperatorFamily {
    let operators = ["_fused_adamw", "_fused_adam"] + functions.keys.sorted()
    let category = OperatorCategory.optimizer

    private static func foreach(
        _ name: String, fma: Double, alu: Double, special: Double = 0, other: Double, reads: Int, registers: Int = 32
    ) -> MultiTensorKernel.Function {
        MultiTensorKernel.Function(
            name: name, registers: registers, reads: reads, entry: InstructionMix(fma: 8, alu: 7, other: 13),
            trip: InstructionMix(fma: fma, alu: alu, special: special, memory: Double(reads + 1), other: other))
    }

    private static let functions: [String: MultiTensorKernel.Function] = [
        "_foreach_mul": foreach("foreach_mul", fma: 10, alu: 12, other: 1, reads: 1, registers: 24),
        "_foreach_add": foreach("foreach_add", fma: 10, alu: 12, other: 1, reads: 1, registers: 24),
        "_foreach_lerp": foreach("foreach_lerp", fma: 25, alu: 16, other: 1, reads: 2),
        "_foreach_addcmul": foreach("foreach_addcmul", fma: 22.8, alu: 20.9, other: 1.6, reads: 3),
        "_foreach_sqrt": foreach("foreach_sqrt", fma: 29, alu: 17, special: 4, other: 13, reads: 1),
        "_foreach_div": foreach("foreach_div", fma: 26, alu: 12, special: 8, other: 13, reads: 1),
        "_foreach_addcdiv": foreach("foreach_addcdiv", fma: 43.8, alu: 21.9, special: 8, other: 13.5, reads: 3),
    ]

    private static let adamW = MultiTensorKernel.Function(
        name: "adamw_fused", registers: 61, reads: 4, loadsSteps: true,
        entry: InstructionMix(fma: 10, alu: 10, special: 4, memory: 1, other: 20),
        trip: InstructionMix(fma: 94.8, alu: 77, special: 20.3, memory: 7, other: 42.3))

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        if let function = Self.functions[op.base] {
            let count = op.outputs.count
            guard count > 0, op.inputs.count >= function.reads * count else { return nil }
            return launches(
                function, op, count: count, writes: 1,
                depth: op.outputs[0].id == op.inputs[0].id
                    ? function.reads : function.reads + 1, places: places)
        }
        guard op.outputs.count % 3 == 0, !op.outputs.isEmpty else { return nil }
        let count = op.outputs.count / 3
        guard op.inputs.count >= 4 * count else {
            throw OperatorDefect(
                "\(op.name): \(op.inputs.count) inputs are not four lists of \(count) tensors",
                cure: "give parameters, gradients and both moments")
        }
        return launches(Self.adamW, op, count: count, writes: 3, depth: 4, places: places)
    }

    private func launches(
        _ function: MultiTensorKernel.Function, _ op: Operator, count: Int, writes: Int, depth: Int,
        places: TensorPlaces
    ) -> [any BlockProgramSource]? {
        func list(_ tensors: [OperatorTensor], _ number: Int) -> [OperatorTensor] {
            Array(tensors[(number * count)..<((number + 1) * count)])
        }
        let reads = (0..<function.reads).map { list(op.inputs, $0) }
        let writes = (0..<writes).map { list(op.outputs, $0) }
        // Tensors of several types take other kernels.
        guard
            (reads + writes).allSatisfy({ tensors in
                tensors.allSatisfy { $0.isContiguous && $0.type == tensors[0].type }
                    && zip(tensors, reads[0]).allSatisfy { $0.count == $1.count }
            })
        else { return nil }
        let steps =
            function.loadsSteps && op.inputs.count >= (function.reads + 1) * count
            ? list(op.inputs, function.reads) : nil
        return TensorChunks.launches(sizes: reads[0].map(\.count), lists: depth).map { chunks in
            MultiTensorKernel(function, chunks: chunks, reads: reads, writes: writes, steps: steps, places: places)
        }
    }
}
