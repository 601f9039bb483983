import Kernels
import Trace

/// Copies, with or without a conversion. A copy between tensors of one type that lie alike is a copy of bytes by the
/// driver and no kernel; it is estimated.
struct CopyFamily: OperatorFamily {
    let operators = ["copy", "_to_copy", "clone", "contiguous", "to"]
    let category = OperatorCategory.elementwise

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.inputs.count == 1, op.outputs.count == 1 else { return nil }
        let (input, output) = (op.inputs[0], op.outputs[0])
        guard output.count > 0 else { return [] }
        if input.type == output.type, try IterationSpace([output, input]).isContiguous { return nil }
        // Copies from fp32 to a 16-bit type have kernels of their own, which convert without a switch over types.
        let converts = input.type != output.type && !(input.type == .f32 && output.type.isHalf)
        return [
            try IteratorKernel(
                "copy", output: output, inputs: [input], price: InstructionMix(), registers: nil, converts: converts,
                places: places)
        ]
    }
}
