import Kernels
import Trace

/// nll_loss_forward_reduce_cuda_kernel_2d and its gradient: a block of 256 threads, a row a thread and trip.
///
/// *Source:* the nll_loss launches of the cross_entropy rows of docs/validation/h200_operators_dev.csv: requests,
/// registers, and instructions divided by the trips.
struct LossKernel: BlockProgramSource, Sendable {
    private static let threads = 256

    let launch: KernelLaunch
    private let isBackward: Bool
    private let rows: Int
    private let columns: Int
    private let valueBytes: Int
    private let valueTensor: Int
    private let valueAddress: UInt64
    private let classOperand: Operand
    private let classAddress: UInt64
    private let scalars: [(operand: Operand, address: UInt64)]
    private let trip: ComputeWork

    init(
        values: OperatorTensor, classes: OperatorTensor, scalars: [OperatorTensor], isBackward: Bool,
        places: TensorPlaces
    ) {
        self.isBackward = isBackward
        (rows, columns) = (values.shape[0], values.shape[1])
        valueBytes = values.type.byteCount
        var entries = TensorEntries(places)
        valueTensor = entries.index(of: values)
        valueAddress = places.address(of: values)
        classOperand = Operand(
            kind: .load, tensor: entries.index(of: classes), elementBytes: classes.type.byteCount,
            requests: .row(bytes: classes.type.byteCount))
        classAddress = places.address(of: classes)
        let warps = isBackward ? Self.threads / 32 : 1
        self.scalars = scalars.map { scalar in
            let bytes = scalar.type.byteCount
            let operand = Operand(
                kind: isBackward ? .load : .store, tensor: entries.index(of: scalar), elementBytes: bytes,
                requests: .scalar(elementBytes: bytes, warps: warps))
            return (operand, places.address(of: scalar))
        }
        trip =
            (isBackward
            ? InstructionMix(fma: 7, alu: 11, memory: 2, other: 10)
            : InstructionMix(fma: 8.5, alu: 16, memory: 2, other: 18)).work
        launch = KernelLaunch(
            kernel: isBackward ? "nll_loss_backward" : "nll_loss", grid: Grid(x: 1), threadsPerBlock: Self.threads,
            registersPerThread: 32, sharedMemoryBytesPerBlock: isBackward ? 0 : 2048, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        if isBackward { appendScalars(to: &program) }
        var first = 0
        while first < rows {
            let count = min(Self.threads, rows - first)
            program.add(
                classOperand,
                TileRegion(
                    address: classAddress &+ UInt64(first &* classOperand.elementBytes), rows: 1, columns: count))
            program.operations.append(.awaitLoads)
            program.add(trip)
            var place = first
            while place < first + count {
                let lanes = min(32, first + count - place)
                let start = program.laneAddresses.count
                for row in place..<(place + lanes) {
                    // The classes are not known. Each is as likely as any other.
                    let column = IndexDistribution.random.row(ofIndex: row, of: rows, among: columns)
                    program.laneAddresses.append(valueAddress &+ UInt64((row &* columns &+ column) &* valueBytes))
                }
                program.operations.append(
                    .lanes(
                        LaneAccess(
                            kind: isBackward ? .store : .load, tensor: valueTensor, laneBytes: valueBytes,
                            firstLane: start, laneCount: lanes)))
                place += lanes
            }
            if !isBackward { program.operations.append(.awaitLoads) }
            first += count
        }
        if !isBackward { appendScalars(to: &program) }
    }

    private func appendScalars(to program: inout BlockProgram) {
        for (operand, address) in scalars {
            program.add(operand, TileRegion(address: address, rows: 1, columns: 1))
        }
        if isBackward { program.operations.append(.awaitLoads) }
    }
}
