import Kernels
import Trace

/// What stands for an operator without a generator: a launch that reads its inputs and writes its outputs once, as fast
/// as the memory lets it. It is an estimate, and its kernel's name begins with `estimate:`.
///
/// Each block takes the same share of every tensor. The bytes are those of the tensors' elements, as if they lay side
/// by side. Instructions are those of the accesses and their addresses alone.
package struct EstimatedLaunch: BlockProgramSource, Sendable {
    /// How the kernel's name begins.
    package static let prefix = "estimate:"
    private static let threads = 256
    /// Bytes that a block moves: four accesses of 16 bytes a thread.
    private static let blockBytes = threads * 16 * 4

    private struct Part {
        let operand: Operand
        let address: UInt64
        let bytes: Int
    }

    package let launch: KernelLaunch
    private let reads: [Part]
    private let writes: [Part]
    private let work: ComputeWork

    /// Nothing where the operator moves no bytes.
    init?(_ op: Operator, places: TensorPlaces) {
        let tensors = op.inputs + op.outputs
        let bytes = op.readBytes + op.writtenBytes
        guard bytes > 0 else { return nil }
        var entries = TensorEntries(places)
        func part(_ kind: AccessKind, _ tensor: OperatorTensor) -> Part {
            Part(
                operand: Operand(
                    kind: kind, tensor: entries.index(of: tensor), elementBytes: tensor.type.byteCount,
                    requests: RequestShape(rows: 1, lanesPerRow: 32, laneBytes: 16, laneStrideBytes: 16, replicas: 1)),
                address: places.address(of: tensor), bytes: tensor.bytes)
        }
        reads = op.inputs.map { part(.load, $0) }
        writes = op.outputs.map { part(.store, $0) }
        work =
            InstructionMix(
                fma: 4, alu: 2, memory: Double(Self.blockBytes / (16 * Self.threads) + tensors.count), other: 6
            ).work
        launch = KernelLaunch(
            kernel: Self.prefix + op.name, grid: Grid(x: bytes.dividedRoundingUp(by: Self.blockBytes)),
            threadsPerBlock: Self.threads, registersPerThread: 32, sharedMemoryBytesPerBlock: 0,
            resourcesAreEstimated: true, tensors: entries.tensors)
    }

    package func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        for part in reads { append(part, block: block, to: &program) }
        program.operations.append(.awaitLoads)
        program.operations.append(.compute(work))
        for part in writes { append(part, block: block, to: &program) }
    }

    private func append(_ part: Part, block: Int, to program: inout BlockProgram) {
        // Shares begin at whole lines of 128 bytes.
        let lines = part.bytes.dividedRoundingUp(by: 128)
        let blocks = launch.grid.x
        let start = lines * block / blocks * 128
        let end = min(part.bytes, lines * (block + 1) / blocks * 128)
        program.add(
            part.operand,
            TileRegion(
                address: part.address + UInt64(start), rows: 1, columns: (end - start) / part.operand.elementBytes))
    }
}
