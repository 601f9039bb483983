import Kernels
import Trace

/// The launches with which PyTorch sorts indices by cub's radix sort, a digit of 8 bits a pass, and numbers them first.
///
/// *Source:* the launches of embedding_bwd and index_bwd in docs/validation/h200_operators_dev.csv: grids, registers,
/// shared memory, and instructions divided by threads.
struct SortedIndices {
    /// The indices, which stay as they are, the positions that go with them, and the sorted copies of both.
    let keys: OperatorTensor
    let positions: OperatorTensor
    let sortedKeys: OperatorTensor
    let sortedPositions: OperatorTensor
    /// Where every second pass leaves both.
    private let spareKeys: OperatorTensor
    private let sparePositions: OperatorTensor
    private let bins: OperatorTensor
    private let count: Int

    /// Keys of a block in a pass.
    private static let tile = 384 * 12
    /// Blocks of the histogram, an SM.
    private static let histogramBlocks = 7

    init(_ keys: OperatorTensor, line: Int, places: inout TensorPlaces) {
        self.keys = keys
        count = keys.count
        func tensor(_ name: String, _ count: Int) -> OperatorTensor {
            let tensor = OperatorTensor("\(name) of line \(line)", [count], .i64)
            places.add(tensor)
            return tensor
        }
        positions = tensor("positions", count)
        sortedKeys = tensor("sorted keys", count)
        sortedPositions = tensor("sorted positions", count)
        spareKeys = tensor("keys between passes", count)
        sparePositions = tensor("positions between passes", count)
        bins = tensor("bins", 256 * 8)
    }

    /// - Parameter digits: passes of 8 bits.
    func launches(digits: Int, places: TensorPlaces) -> [any BlockProgramSource] {
        var launches: [any BlockProgramSource] = [
            RangeFamily.kernel(positions, places: places),
            StreamKernel(
                "sort_histogram", grid: Grid(x: Self.histogramBlocks * places.multiprocessors), threads: 128,
                registers: 72, sharedBytes: 8192, reads: [.init(keys)], writes: [.init(bins)],
                work: InstructionMix(alu: 150, memory: 40, other: 80), places: places),
            StreamKernel(
                "sort_offsets", grid: Grid(x: digits), threads: 256, registers: 32, sharedBytes: 2336,
                reads: [.init(bins, bytes: 2048 * digits)], writes: [.init(bins, bytes: 2048 * digits)],
                work: InstructionMix(alu: 12, memory: 8, other: 12),
                places: places),
        ]
        var (fromKeys, fromPositions) = (keys, positions)
        for pass in 0..<digits {
            // The last pass leaves its result where the caller reads it.
            let isSpare = (digits - pass) % 2 == 0
            let toKeys = isSpare ? spareKeys : sortedKeys
            let toPositions = isSpare ? sparePositions : sortedPositions
            launches.append(
                StreamKernel(
                    "sort_pass", grid: Grid(x: count.dividedRoundingUp(by: Self.tile)), threads: 384, registers: 80,
                    sharedBytes: 38_912, reads: [.init(fromKeys), .init(fromPositions)],
                    writes: [.init(toKeys), .init(toPositions)],
                    work: InstructionMix(alu: 700, memory: 240, other: 380),
                    rounds: 2, places: places))
            (fromKeys, fromPositions) = (toKeys, toPositions)
        }
        return launches
    }
}
