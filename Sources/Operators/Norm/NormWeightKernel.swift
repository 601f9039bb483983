import Kernels
import Trace

/// The gradients of gamma (and beta): sums over all rows. A block of 32 x 32 threads takes 32 columns and goes over the
/// rows 256 at a time, eight a warp.
///
/// *Source:* GammaBetaBackwardCUDAKernelTemplate in the norm rows of docs/validation/h200_operators_dev.csv. A price is
/// a line through two shapes.
struct NormWeightKernel: BlockProgramSource, Sendable {
    private static let threads = 1024
    private static let rowsPerTrip = 256
    private static let columnsPerBlock = 32
    private static let rowsPerWarp = 8

    let launch: KernelLaunch
    private let rows: Int
    private let columns: Int
    private let elementBytes: Int
    private let matrices: [(operand: Operand, address: UInt64)]
    private let moments: [(operand: Operand, address: UInt64)]
    private let results: [(operand: Operand, address: UInt64, bytes: Int)]
    private let entry: ComputeWork
    private let trip: ComputeWork

    init(_ op: Operator, isRMS: Bool, rows: Int, columns: Int, places: TensorPlaces) {
        self.rows = rows
        self.columns = columns
        let bytes = op.inputs[1].type.byteCount
        elementBytes = bytes
        var entries = TensorEntries(places)
        func operand(_ kind: AccessKind, _ tensor: OperatorTensor, lanes: Int, pitch: Int = 0) -> Operand {
            let bytes = tensor.type.byteCount
            return Operand(
                kind: kind, tensor: entries.index(of: tensor), elementBytes: bytes,
                requests: RequestShape(
                    rows: 1, lanesPerRow: lanes, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1),
                pitchBytes: pitch)
        }
        matrices = op.inputs[0..<2].map {
            (operand(.load, $0, lanes: 32, pitch: columns * bytes), places.address(of: $0))
        }
        moments = op.inputs[2..<(isRMS ? 3 : 4)].map {
            (operand(.load, $0, lanes: Self.rowsPerWarp), places.address(of: $0))
        }
        // Each warp writes one column's sum.
        results = op.outputs[1...].prefix(isRMS ? 1 : 2).map {
            (operand(.store, $0, lanes: 1), places.address(of: $0), $0.type.byteCount)
        }
        entry =
            (isRMS
            ? InstructionMix(fma: 229, alu: 120, memory: 20, other: 31)
            : InstructionMix(fma: 173, alu: 191, memory: 20, other: 71)).work
        var mix = InstructionMix()
        mix.add(
            isRMS
                ? InstructionMix(fma: 0.0855, alu: 0.168, memory: 0.066, other: 0.059)
                : InstructionMix(fma: 0.154, alu: 0.185, memory: 0.07, other: 0.093), times: Double(Self.rowsPerTrip))
        trip = mix.work
        launch = KernelLaunch(
            kernel: isRMS ? "rms_norm_grad_gamma" : "layer_norm_grad_gamma_beta",
            grid: Grid(x: columns.dividedRoundingUp(by: Self.columnsPerBlock)), threadsPerBlock: Self.threads,
            registersPerThread: isRMS ? 32 : 31, sharedMemoryBytesPerBlock: 8448, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let column = block * Self.columnsPerBlock
        let width = min(Self.columnsPerBlock, columns - column)
        program.add(entry)
        var row = 0
        while row < rows {
            let count = min(Self.rowsPerTrip, rows - row)
            for moment in moments {
                let bytes = moment.operand.elementBytes
                program.add(
                    moment.operand,
                    TileRegion(address: moment.address &+ UInt64(row &* bytes), rows: 1, columns: count))
            }
            for matrix in matrices {
                let offset = (row &* columns &+ column) &* elementBytes
                program.add(
                    matrix.operand, TileRegion(address: matrix.address &+ UInt64(offset), rows: count, columns: width))
            }
            program.operations.append(.awaitLoads)
            program.add(trip)
            row += count
        }
        program.operations.append(.barrier)
        for result in results {
            program.add(
                result.operand,
                TileRegion(address: result.address &+ UInt64(column &* result.bytes), rows: 1, columns: width))
        }
    }
}
