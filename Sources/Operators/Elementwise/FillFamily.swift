import Kernels
import Trace

/// One value for all elements of a tensor.
struct FillFamily: OperatorFamily {
    let operators = [
        "fill", "zero", "zeros", "zeros_like", "new_zeros", "ones", "ones_like", "new_ones", "full", "full_like",
        "new_full", "scalar_tensor",
    ]
    let category = OperatorCategory.elementwise

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        var launches: [any BlockProgramSource] = []
        for output in op.outputs where output.count > 0 {
            launches.append(
                try IteratorKernel(
                    "fill", output: output, inputs: [], price: InstructionMix(), registers: nil, converts: false,
                    places: places))
        }
        return launches
    }
}
