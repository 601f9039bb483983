import Kernels
import Trace

/// CatArrayBatchedCopy: copies tensors into one. Grid (blocks of a tensor, tensors); blocks of 128 threads go over
/// their tensor in strides of the grid, 16 bytes a thread where the pieces allow it, else 8 or 4.
///
/// *Source:* grids and requests of the cat rows of docs/validation/h200_operators_dev.csv; at most 32 blocks an SM.
struct ConcatenationKernel: BlockProgramSource, Sendable {
    /// Tensors that one launch takes.
    static let mostTensors = 128
    private static let threads = 128
    private static let blocksPerSM = 32
    /// Once a thread, and once a trip: index, division by a further dimension's length, offset. (A trip of cat along
    /// the first dimension has 14 instructions, along the second one 26.)
    private static let entry = InstructionMix(fma: 2, alu: 2, other: 6)
    private static let trip = InstructionMix(fma: 3.3, alu: 5.2, other: 3.5)
    private static let division = InstructionMix(fma: 7.5, alu: 5.6)

    private struct Source: Sendable {
        let load: Operand
        let address: UInt64
        /// Where its first piece goes.
        let target: UInt64
        /// Bytes of a piece that lies side by side in the output, and of the whole tensor.
        let pieceBytes: Int
        let bytes: Int
    }

    let launch: KernelLaunch
    private let sources: [Source]
    private let store: Operand
    /// Bytes from one piece of a tensor to its next one in the output.
    private let pitch: Int
    private let elementBytes: Int
    private let laneBytes: Int
    private let entry: ComputeWork
    private let trip: ComputeWork

    /// Nothing where pieces are no multiple of 4 bytes.
    init?(_ inputs: [OperatorTensor], into output: OperatorTensor, dimension: Int, places: TensorPlaces) {
        let bytes = output.type.byteCount
        let inner = output.shape[(dimension + 1)...].reduce(1, *) * bytes
        let ends = inputs.map { Int(places.address(of: $0) % 16) | $0.shape[dimension] * inner }
        let start = Int(places.address(of: output) % 16)
        guard let lane = [16, 8, 4].first(where: { width in (ends + [start]).allSatisfy { $0 % width == 0 } }),
            lane >= bytes
        else { return nil }
        laneBytes = lane
        elementBytes = bytes
        pitch = output.shape[dimension] * inner
        let shape = RequestShape(rows: 1, lanesPerRow: 32, laneBytes: lane, laneStrideBytes: lane, replicas: 1)
        var entries = TensorEntries(places)
        var target = places.address(of: output)
        var sources: [Source] = []
        for input in inputs {
            sources.append(
                Source(
                    load: Operand(
                        kind: .load, tensor: entries.index(of: input), elementBytes: bytes, requests: shape),
                    address: places.address(of: input), target: target,
                    pieceBytes: input.shape[dimension] * inner, bytes: input.count * bytes))
            target += UInt64(input.shape[dimension] * inner)
        }
        self.sources = sources
        store = Operand(kind: .store, tensor: entries.index(of: output), elementBytes: bytes, requests: shape)
        entry = Self.entry.work
        var mix = Self.trip
        mix.memory = 2
        if pitch < output.count * bytes { mix.add(Self.division) }
        trip = mix.work
        let most = sources.map(\.bytes).max() ?? 0
        let blocks = most.dividedRoundingUp(by: lane).dividedRoundingUp(by: Self.threads)
        launch = KernelLaunch(
            kernel: "cat.vec\(lane / bytes)",
            grid: Grid(x: min(places.multiprocessors * Self.blocksPerSM, blocks), y: sources.count),
            threadsPerBlock: Self.threads, registersPerThread: 18, sharedMemoryBytesPerBlock: 0,
            tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let (column, number, _) = launch.grid.coordinates(of: block)
        let source = sources[number]
        let step = Self.threads * laneBytes
        program.add(entry)
        var place = column * step
        while place < source.bytes {
            let end = min(place + step, source.bytes)
            program.add(
                source.load,
                TileRegion(
                    address: source.address &+ UInt64(place), rows: 1, columns: (end - place) / elementBytes))
            program.operations.append(.awaitLoads)
            program.add(trip)
            var from = place
            while from < end {
                let (piece, within) = from.quotientAndRemainder(dividingBy: source.pieceBytes)
                let to = min(end, from + source.pieceBytes - within)
                program.add(
                    store,
                    TileRegion(
                        address: source.target &+ UInt64(piece * pitch + within), rows: 1,
                        columns: (to - from) / elementBytes))
                from = to
            }
            place += step * launch.grid.x
        }
    }
}
