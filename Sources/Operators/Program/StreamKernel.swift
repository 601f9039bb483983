import Kernels
import Trace

/// A launch whose blocks divide tensors among themselves: each reads its share of some and writes its share of others,
/// and computes in between. It stands for kernels of libraries whose order within a block does not matter, such as the
/// passes of a sort.
struct StreamKernel: BlockProgramSource, Sendable {
    /// A tensor, or a part of it.
    struct Part: Sendable {
        var tensor: OperatorTensor
        /// Bytes that all blocks together access; nil for all of the tensor.
        var bytes: Int?
        /// Bytes of a lane's access.
        var laneBytes: Int
        /// How often all blocks together go over the bytes.
        var times: Int
        /// How often a block accesses its share, once behind the other.
        var again: Int

        init(_ tensor: OperatorTensor, bytes: Int? = nil, laneBytes: Int? = nil, times: Int = 1, again: Int = 1) {
            self.tensor = tensor
            self.bytes = bytes
            self.times = times
            self.again = again
            self.laneBytes = laneBytes ?? tensor.type.byteCount
        }
    }

    private struct Stream: Sendable {
        let operand: Operand
        let address: UInt64
        let bytes: Int
        let times: Int
        let again: Int
    }

    let launch: KernelLaunch
    private let reads: [Stream]
    private let writes: [Stream]
    private let work: ComputeWork
    /// Rounds that follow each other within a block: shared values pass from step to step.
    private let rounds: Int
    /// Whether each read waits for the one before, as where one tensor holds places in the next.
    private let isChain: Bool

    /// - Parameters:
    ///   - work: instructions a thread, in all rounds together.
    ///   - rounds: accesses of the block's reads that wait for each other.
    ///   - isChain: whether each read waits for the one before.
    init(
        _ name: String, grid: Grid, threads: Int, registers: Int, sharedBytes: Int = 0, reads: [Part], writes: [Part],
        work: InstructionMix, rounds: Int = 1, isChain: Bool = false,
        places: TensorPlaces
    ) {
        var entries = TensorEntries(places)
        func stream(_ kind: AccessKind, _ part: Part) -> Stream {
            Stream(
                operand: Operand(
                    kind: kind, tensor: entries.index(of: part.tensor), elementBytes: part.tensor.type.byteCount,
                    requests: RequestShape(
                        rows: 1, lanesPerRow: 32, laneBytes: part.laneBytes, laneStrideBytes: part.laneBytes,
                        replicas: 1)),
                address: places.address(of: part.tensor), bytes: min(part.bytes ?? .max, part.tensor.bytes),
                times: part.times, again: part.again)
        }
        self.reads = reads.map { stream(.load, $0) }
        self.writes = writes.map { stream(.store, $0) }
        self.rounds = rounds
        self.isChain = isChain
        self.work = work.work.part(from: 0, to: 100 / rounds)
        launch = KernelLaunch(
            kernel: name, grid: grid, threadsPerBlock: threads, registersPerThread: registers,
            sharedMemoryBytesPerBlock: sharedBytes, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        for round in 0..<rounds {
            for read in reads {
                for _ in 0..<read.again {
                    append(read, block: block, round: round, to: &program)
                    if isChain { program.operations.append(.awaitLoads) }
                }
            }
            if !isChain { program.operations.append(.awaitLoads) }
            program.add(work)
            if rounds > 1 { program.operations.append(.barrier) }
        }
        for round in 0..<rounds {
            for write in writes {
                for _ in 0..<write.again { append(write, block: block, round: round, to: &program) }
            }
        }
    }

    private func append(_ stream: Stream, block: Int, round: Int, to program: inout BlockProgram) {
        let element = stream.operand.elementBytes
        let elements = stream.bytes / element
        guard elements > 0 else { return }
        let parts = launch.grid.blockCount * rounds
        let part = block * rounds + round
        var start = elements * stream.times * part / parts
        let end = elements * stream.times * (part + 1) / parts
        while start < end {
            let place = start % elements
            let count = min(end - start, elements - place)
            program.add(
                stream.operand,
                TileRegion(address: stream.address &+ UInt64(place &* element), rows: 1, columns: count))
            start += count
        }
    }
}
