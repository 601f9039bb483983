import Trace

/// Functions of elements: arithmetic, activations and their gradients, comparisons.
struct ElementwiseFamily: OperatorFamily {
    let operators = ElementwiseFunction.all.flatMap(\.names)
    let category = OperatorCategory.elementwise

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard let function = ElementwiseFunction.byName[op.base], op.outputs.count == 1, !op.inputs.isEmpty else {
            return nil
        }
        guard op.outputs[0].count > 0 else { return [] }
        // Tensors without dimensions do not decide the type in which the kernel computes.
        var deciding = op.inputs.filter { !$0.shape.isEmpty }
        if deciding.isEmpty { deciding = op.inputs }
        if function.takesTruths, deciding.contains(where: { $0.type != .bool }) {
            deciding.removeAll { $0.type == .bool }
        }
        let common = deciding.dropFirst().reduce(deciding[0].type) { $0.promoted(with: $1.type) }
        let converts = (op.inputs + op.outputs).contains {
            $0.type != common && !(function.takesTruths && $0.type == .bool)
        }
        let isProduct = ["add", "sub", "rsub", "mul"].contains(op.base)
        return [
            try IteratorKernel(
                op.base, output: op.outputs[0], inputs: op.inputs,
                price: common == .i64 && isProduct ? ElementwiseFunction.wideInteger : function.price,
                registers: function.registers, converts: converts, places: places)
        ]
    }
}
