import Kernels
import Trace

/// Joins tensors along one dimension, where all lie side by side and their pieces are a multiple of 4 bytes long.
/// Others are estimated.
struct ConcatenationFamily: OperatorFamily {
    let operators = ["cat", "concat"]
    let category = OperatorCategory.elementwise

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.outputs.count == 1 else { return nil }
        let output = op.outputs[0]
        let inputs = op.inputs.filter { $0.count > 0 }
        guard !inputs.isEmpty else { return [] }
        let given = try op.integer("dim") ?? 0
        let dimension = given < 0 ? given + output.shape.count : given
        guard output.shape.indices.contains(dimension) else {
            throw OperatorDefect(
                "\(op.name): 'dim' is \(given), and the output has \(output.shape.count) dimensions",
                cure: "give one of its dimensions")
        }
        for input in inputs {
            guard input.shape.count == output.shape.count,
                output.shape.indices.allSatisfy({ $0 == dimension || input.shape[$0] == output.shape[$0] })
            else {
                throw OperatorDefect(
                    "\(op.name): tensor '\(input.id)' of shape \(input.shape) is no part of shape \(output.shape)",
                    cure: "check the shapes")
            }
        }
        guard inputs.reduce(0, { $0 + $1.shape[dimension] }) == output.shape[dimension] else {
            throw OperatorDefect(
                "\(op.name): the inputs' sizes along dimension \(dimension) do not add up to the output's",
                cure: "check the shapes")
        }
        guard inputs.count <= ConcatenationKernel.mostTensors, output.isContiguous,
            inputs.allSatisfy({ $0.isContiguous && $0.type == output.type }),
            let kernel = ConcatenationKernel(inputs, into: output, dimension: dimension, places: places)
        else { return nil }
        return [kernel]
    }
}
