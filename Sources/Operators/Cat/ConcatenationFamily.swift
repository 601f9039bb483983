import Kernels
import Trace

/// Joins tensors along one dimension. Where all lie side by side and their pieces are a multiple of 4 bytes long, lanes
/// copy several elements at once; where they lie in another order, element by element. Others are estimated.
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
            inputs.allSatisfy({ $0.type == output.type })
        else { return nil }
        guard inputs.allSatisfy(\.isContiguous) else { return [Self.scattered(inputs, into: output, places: places)] }
        guard let kernel = ConcatenationKernel(inputs, into: output, dimension: dimension, places: places)
        else { return nil }
        return [kernel]
    }

    /// `CatArrayBatchedCopy`: two blocks of 512 threads an SM for each tensor, an element a thread and trip, its place
    /// by a division for each dimension. The tensors' bytes are read in the order in which they lie. *Source:* grids
    /// and registers of two launches of a training step of MambaVision; the instructions are fitted on their times.
    private static func scattered(
        _ inputs: [OperatorTensor], into output: OperatorTensor, places: TensorPlaces
    ) -> StreamKernel {
        let blocks = 2 * places.multiprocessors
        let most = inputs.map(\.count).max() ?? 0
        let trips = most.dividedRoundingUp(by: blocks * 512)
        var work = InstructionMix(alu: 10, other: 20)
        work.add(InstructionMix(fma: 36, alu: 30, memory: 2, other: 16), times: Double(trips))
        return StreamKernel(
            "cat.strided", grid: Grid(x: blocks, y: inputs.count), threads: 512, registers: 25,
            reads: inputs.map { .init($0) }, writes: [.init(output)], work: work, rounds: max(1, min(50, trips)),
            places: places)
    }
}
