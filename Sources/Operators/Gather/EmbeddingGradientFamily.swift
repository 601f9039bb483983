#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Kernels
import Trace

/// The gradient of an embedding: its 21 launches sort the indices, find the rows that occur, add up the gradients of
/// each row in pieces of ten, and write the sums into a table of zeros.
///
/// Inputs: the output's gradient (indices, columns), the indices; output: the table's gradient. *Source:* the launches
/// of embedding_bwd in docs/validation/h200_operators_dev.csv, and the grids of PyTorch's ATen/native/cuda.
struct EmbeddingGradientFamily: OperatorFamily {
    let operators = ["embedding_dense_backward"]
    let category = OperatorCategory.gatherScatter

    /// Gradients that a thread adds up, and columns of a block.
    private static let piece = 10
    private static let columns = 1024

    func category(of launch: any BlockProgramSource) -> OperatorCategory {
        let name = launch.launch.kernel
        return name.hasPrefix("fill") || name.hasPrefix("arange") ? .elementwise : .gatherScatter
    }

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.inputs.count == 2, op.outputs.count == 1, op.outputs[0].shape.count == 2 else { return nil }
        let (gradient, indices, table) = (op.inputs[0], op.inputs[1], op.outputs[0])
        let (rows, columns) = (table.shape[0], table.shape[1])
        let count = indices.count
        guard rows > 0, columns > 0, count > 0, gradient.count == count * columns else { return nil }
        let distribution = try IndexDistribution(of: op)
        let segments = distribution.distinctRows(indices: count, rows: rows)
        func scratch(_ name: String, _ count: Int, _ type: OperatorElement = .i64) -> OperatorTensor {
            let tensor = OperatorTensor("\(name) of line \(op.line)", [count], type)
            places.add(tensor)
            return tensor
        }
        let sorted = SortedIndices(indices, line: op.line, places: &places)
        let starts = scratch("segments", segments)
        let pieces = scratch("pieces", segments + count / Self.piece)
        let sums = scratch("sums", segments * columns, .f32)
        let padded = columns.dividedRoundingUp(by: 32) * 32
        let threads = min(padded, Self.columns)
        // Launches that begin a scan, or count, touch a few words.
        func small(
            _ name: String, blocks: Int, threads: Int, registers: Int, _ work: Double, isWhole: Bool = true
        ) -> StreamKernel {
            StreamKernel(
                name, grid: Grid(x: blocks), threads: threads, registers: registers,
                reads: isWhole ? [.init(starts)] : [.init(starts, bytes: 32)],
                writes: isWhole ? [.init(pieces)] : [.init(pieces, bytes: 32)],
                work: InstructionMix(alu: work / 2, memory: 3, other: work / 2),
                places: places)
        }
        var launches = sorted.launches(digits: 8, places: places)
        launches +=
            try FillFamily().launches(of: Operator("aten::zeros", inputs: [], outputs: [table]), places: &places)
            ?? []
        launches += [
            small("embedding_unique_init", blocks: 1, threads: 128, registers: 16, 12, isWhole: false),
            StreamKernel(
                "embedding_unique", grid: Grid(x: count.dividedRoundingUp(by: 640 * 11)), threads: 640, registers: 48,
                sharedBytes: 35_840, reads: [.init(sorted.sortedKeys)], writes: [.init(starts)],
                work: InstructionMix(alu: 250, memory: 40, other: 200), rounds: 2, places: places),
            small("embedding_pieces", blocks: count.dividedRoundingUp(by: 32), threads: 32, registers: 16, 40),
            small("embedding_scan_init", blocks: 1, threads: 128, registers: 16, 10, isWhole: false),
            small(
                "embedding_scan", blocks: count.dividedRoundingUp(by: 896), threads: 128, registers: 47, 220),
            small("embedding_count", blocks: 1, threads: 32, registers: 16, 16, isWhole: false),
            small("embedding_offsets", blocks: count.dividedRoundingUp(by: 32), threads: 32, registers: 26, 60),
            StreamKernel(
                "embedding_sums",
                grid: Grid(x: ((count / Self.piece + min(count, rows)) * padded).dividedRoundingUp(by: threads)),
                threads: threads, registers: 32, reads: [.init(sorted.sortedPositions), .init(gradient)],
                writes: [.init(sums)], work: InstructionMix(fma: 10, alu: 45, memory: 6, other: 43), places: places),
            StreamKernel(
                "embedding_scatter", grid: Grid(x: (min(count, rows) * padded).dividedRoundingUp(by: threads)),
                threads: threads, registers: 24, reads: [.init(starts), .init(sums)],
                writes: [.init(table, bytes: segments * columns * table.type.byteCount)],
                work: InstructionMix(fma: 10, alu: 50, memory: 7, other: 50), places: places),
        ]
        return launches
    }
}

extension IndexDistribution {
    /// The rows that occur among so many indices.
    func distinctRows(indices: Int, rows: Int) -> Int {
        switch self {
        case .random, .sorted:
            max(1, min(rows, indices, Int((Double(rows) * (1 - exp(-Double(indices) / Double(rows)))).rounded())))
        default: max(1, min(rows, indices))
        }
    }
}
