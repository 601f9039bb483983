import Kernels
import Trace

/// Running sums along the last dimension of an fp32 tensor.
struct RunningSumFamily: OperatorFamily {
    let operators = ["cumsum"]
    let category = OperatorCategory.elementwise

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.inputs.count == 1, op.outputs.count == 1, op.inputs[0].isContiguous, op.outputs[0].isContiguous,
            op.inputs[0].type == .f32, op.outputs[0].type == .f32, let row = op.inputs[0].shape.last, row > 0,
            op.outputs[0].shape == op.inputs[0].shape
        else { return nil }
        if let dimension = try op.integer("dim"), dimension != -1, dimension != op.inputs[0].shape.count - 1 {
            return nil
        }
        return [
            CumulativeSumKernel(
                (op.inputs[0].id, places.view(of: op.inputs[0], as: .f32)), rowElements: row,
                into: (op.outputs[0].id, places.view(of: op.outputs[0], as: .f32)))
        ]
    }
}
