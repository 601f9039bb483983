import Kernels
import Trace

/// multi_tensor_apply_kernel: a block of 512 threads goes over a chunk of each list's tensor, four elements a thread
/// and trip.
struct MultiTensorKernel: BlockProgramSource, RepeatedLaunch, Sendable {
    /// What a kernel does with each element.
    struct Function: Sendable {
        var name: String
        var registers: Int
        /// Lists that it reads, among all lists; and lists that it writes.
        var reads: Int
        /// Whether every warp also loads one value of the tensor, its step count.
        var loadsSteps = false
        /// Instructions of a warp once, and a trip.
        var entry: InstructionMix
        var trip: InstructionMix
    }

    private struct Stream: Sendable {
        let operand: Operand
        /// Addresses of the list's tensors.
        let addresses: [UInt64]
    }

    private static let threads = 512
    private static let vector = 4

    let launch: KernelLaunch
    var workKey: [Int] { chunks.map(\.count) }
    private let chunks: [TensorChunks.Chunk]
    private let loads: [Stream]
    private let stores: [Stream]
    private let steps: Stream?
    private let entry: ComputeWork
    private let trip: ComputeWork

    /// - Parameters:
    ///   - reads: the lists that are read. - writes: those that are written. - steps: the step counts, if they are
    ///     read.
    init(
        _ function: Function, chunks: [TensorChunks.Chunk], reads: [[OperatorTensor]], writes: [[OperatorTensor]],
        steps: [OperatorTensor]?, places: TensorPlaces
    ) {
        self.chunks = chunks
        var entries = TensorEntries(places)
        let used = Set(chunks.map(\.tensor))
        func stream(_ kind: AccessKind, _ list: [OperatorTensor]) -> Stream {
            // An operation names one tensor. All tensors of the launch's chunks are entered.
            for tensor in used.sorted() { _ = entries.index(of: list[tensor]) }
            let bytes = list[0].type.byteCount
            return Stream(
                operand: Operand(
                    kind: kind, tensor: entries.index(of: list[used.min() ?? 0]), elementBytes: bytes,
                    requests: RequestShape(
                        rows: 1, lanesPerRow: 32, laneBytes: min(16, Self.vector * bytes),
                        laneStrideBytes: Self.vector * bytes, replicas: 1)),
                addresses: list.map(places.address))
        }
        loads = reads.map { stream(.load, $0) }
        stores = writes.map { stream(.store, $0) }
        self.steps = steps.map { list in
            Stream(
                operand: Operand(
                    kind: .load, tensor: entries.index(of: list[used.min() ?? 0]),
                    elementBytes: list[0].type.byteCount,
                    requests: .scalar(elementBytes: list[0].type.byteCount, warps: Self.threads / 32)),
                addresses: list.map(places.address))
        }
        entry = function.entry.work
        trip = function.trip.work
        launch = KernelLaunch(
            kernel: function.name, grid: Grid(x: chunks.count), threadsPerBlock: Self.threads,
            registersPerThread: function.registers, sharedMemoryBytesPerBlock: 0, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let chunk = chunks[block]
        program.add(entry)
        if let steps {
            program.add(steps.operand, TileRegion(address: steps.addresses[chunk.tensor], rows: 1, columns: 1))
            program.operations.append(.awaitLoads)
        }
        var place = 0
        while place < chunk.count {
            let count = min(Self.threads * Self.vector, chunk.count - place)
            let first = chunk.first + place
            for stream in loads { append(stream, chunk.tensor, first, count, to: &program) }
            program.operations.append(.awaitLoads)
            program.add(trip)
            for stream in stores { append(stream, chunk.tensor, first, count, to: &program) }
            place += count
        }
    }

    @inline(__always)
    private func append(_ stream: Stream, _ tensor: Int, _ first: Int, _ count: Int, to program: inout BlockProgram) {
        program.add(
            stream.operand,
            TileRegion(
                address: stream.addresses[tensor] &+ UInt64(first &* stream.operand.elementBytes), rows: 1,
                columns: count))
    }
}
