import Kernels
import Trace

/// The negative log likelihood of one class a row, reduced to one number, and its gradient. One block does all.
///
/// Inputs of the forward pass: the logarithms and the classes; output: the loss. Inputs of the backward pass: the
/// loss's gradient and the classes; output: the gradient, of which one element a row is written.
struct LossFamily: OperatorFamily {
    let operators = ["nll_loss_forward", "nll_loss_backward"]
    let category = OperatorCategory.softmaxLoss

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isBackward = op.base.hasSuffix("_backward")
        guard op.inputs.count >= 2, let result = op.outputs.first else { return nil }
        let (values, classes) = (isBackward ? result : op.inputs[0], op.inputs[1])
        guard values.shape.count == 2, values.isContiguous, classes.isContiguous, classes.count == values.shape[0],
            values.count > 0
        else { return nil }
        return [
            LossKernel(
                values: values, classes: classes, scalars: isBackward ? [op.inputs[0]] : op.outputs,
                isBackward: isBackward, places: places)
        ]
    }
}
