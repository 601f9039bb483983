import Kernels
import Trace

/// Fills with random numbers: PyTorch's `distribution_elementwise_grid_stride_kernel`, as `bernoulli_` and dropout
/// launch it.
///
/// Blocks of 256 threads, as many as stay resident, each thread four elements a trip. *Source:* launches of 128
/// elements in a training step of MambaVision (grid, 51 registers, 1.2 us). Longer ones were not measured; their
/// instructions are those of ten rounds of Philox for four numbers.
struct RandomFamily: OperatorFamily {
    let operators = ["bernoulli", "uniform", "normal", "exponential", "random"]
    let category = OperatorCategory.elementwise

    private static let threads = 256
    private static let perThread = 4
    private static let blocksPerSM = 4

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        // Probabilities in a tensor are another kernel's.
        guard op.outputs.count == 1, op.inputs.allSatisfy({ $0.id == op.outputs[0].id }), op.outputs[0].isContiguous
        else { return nil }
        let output = op.outputs[0]
        guard output.count > 0 else { return [] }
        let blocks = min(
            output.count.dividedRoundingUp(by: Self.threads * Self.perThread),
            places.multiprocessors * Self.blocksPerSM)
        let trips = output.count.dividedRoundingUp(by: blocks * Self.threads * Self.perThread)
        var work = InstructionMix(fma: 30, alu: 40, other: 40)
        work.add(InstructionMix(fma: 60, alu: 60, memory: 4, other: 20), times: Double(trips))
        return [
            StreamKernel(
                "random", grid: Grid(x: blocks), threads: Self.threads, registers: 51, reads: [],
                writes: [.init(output)], work: work, places: places)
        ]
    }
}
