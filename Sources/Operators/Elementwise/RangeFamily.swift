import Kernels
import Trace

/// Numbers in sequence: an element a thread, 64 threads a block.
///
/// *Source:* the arange launches of docs/validation/h200_operators_dev.csv.
struct RangeFamily: OperatorFamily {
    let operators = ["arange"]
    let category = OperatorCategory.elementwise

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.outputs.count == 1, op.outputs[0].isContiguous else { return nil }
        return op.outputs[0].count > 0 ? [Self.kernel(op.outputs[0], places: places)] : []
    }

    static func kernel(_ output: OperatorTensor, places: TensorPlaces) -> StreamKernel {
        StreamKernel(
            "arange", grid: Grid(x: output.count.dividedRoundingUp(by: 64)), threads: 64, registers: 16, reads: [],
            writes: [.init(output)], work: InstructionMix(fma: 3, alu: 8, memory: 1, other: 7), places: places)
    }
}
