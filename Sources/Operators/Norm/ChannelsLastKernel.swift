import Kernels
import Trace

/// Batch norm's kernels over rows of channels: a block of 32 x 16 threads takes 32 channels of every 2,048th run of 16
/// rows, four runs a trip.
struct ChannelsLastKernel: BlockProgramSource, Sendable {
    enum Step {
        case statistics, transform, backwardReduce, backward
    }

    /// The rows and how they are divided. *Source:* flexible_launch_configs of ATen/native/cuda/Normalization.cuh.
    struct Rows: Sendable {
        let count: Int
        let channels: Int
        let gridX: Int
        let gridY: Int

        init(count: Int, channels: Int) {
            (self.count, self.channels) = (count, channels)
            gridX = channels.dividedRoundingUp(by: ChannelsLastKernel.columns)
            gridY = min(128, count.dividedRoundingUp(by: ChannelsLastKernel.height * 16))
        }
    }

    private typealias Stream = (operand: Operand, address: UInt64, bytes: Int)

    private static let columns = 32
    private static let height = 16
    private static let runs = 4

    let launch: KernelLaunch
    private let rows: Rows
    private let loads: [(operand: Operand, address: UInt64, bytes: Int)]
    private let stores: [(operand: Operand, address: UInt64, bytes: Int)]
    private let before: [(operand: Operand, address: UInt64, bytes: Int)]
    private let behind: [(operand: Operand, address: UInt64, bytes: Int)]
    /// Values that blocks of the same channels leave for the last of them, and their semaphore.
    private let staging: (store: Operand, load: Operand, semaphore: Operand, address: UInt64, values: Int)?
    private let entry: ComputeWork
    private let trip: ComputeWork

    init(_ step: Step, _ op: Operator, rows: Rows, workspace: Tensor, places: TensorPlaces) {
        self.rows = rows
        let isBackward = step == .backward || step == .backwardReduce
        let x = op.inputs[isBackward ? 1 : 0]
        var entries = TensorEntries(places)
        func matrix(_ kind: AccessKind, _ tensor: OperatorTensor) -> Stream {
            let bytes = tensor.type.byteCount
            return (
                Operand(
                    kind: kind, tensor: entries.index(of: tensor), elementBytes: bytes,
                    requests: .row(bytes: bytes), pitchBytes: rows.channels * bytes), places.address(of: tensor),
                bytes
            )
        }
        func vector(_ kind: AccessKind, _ tensor: OperatorTensor) -> Stream {
            let bytes = tensor.type.byteCount
            return (
                Operand(
                    kind: kind, tensor: entries.index(of: tensor), elementBytes: bytes,
                    requests: .row(bytes: bytes, replicas: kind == .load ? Self.height : 1)),
                places.address(of: tensor), bytes
            )
        }
        let name: String
        let registers: Int
        let shared: Int
        // Once a warp, and one of its rows.
        let prices: (entry: InstructionMix, row: InstructionMix)
        var staged = 0
        switch step {
        case .statistics:
            (name, registers, shared, staged) = ("batch_norm_statistics_nhwc", 40, 6145, 3)
            (loads, stores, before) = ([matrix(.load, x)], [], [])
            behind = [vector(.store, op.outputs[1]), vector(.store, op.outputs[2])]
            prices = (
                InstructionMix(fma: 36, alu: 95, special: 7, memory: 12, other: 71),
                InstructionMix(fma: 14.7, alu: 8, special: 1, memory: 1, other: 8.9)
            )
        case .transform:
            (name, registers, shared) = ("batch_norm_transform_nhwc", 32, 0)
            (loads, stores) = ([matrix(.load, x)], [matrix(.store, op.outputs[0])])
            before = [op.inputs[1], op.inputs[2], op.outputs[1], op.outputs[2]].map { vector(.load, $0) }
            behind = []
            prices = (InstructionMix(special: 3), InstructionMix(fma: 6.8, alu: 4.1, memory: 2, other: 3.3))
        case .backwardReduce:
            (name, registers, shared, staged) = ("batch_norm_backward_reduce_nhwc", 40, 4097, 2)
            (loads, stores) = ([matrix(.load, op.inputs[0]), matrix(.load, x)], [])
            before = [op.inputs[5], op.inputs[6]].map { vector(.load, $0) }
            behind = op.outputs[1...].prefix(2).map { vector(.store, $0) }
            prices = (
                InstructionMix(fma: 4, alu: 61, special: 3, memory: 10, other: 49),
                InstructionMix(fma: 9.4, alu: 2.8, memory: 2, other: 2.7)
            )
        case .backward:
            (name, registers, shared) = ("batch_norm_backward_nhwc", 32, 0)
            (loads, stores) = ([matrix(.load, op.inputs[0]), matrix(.load, x)], [matrix(.store, op.outputs[0])])
            before = [op.inputs[2], op.inputs[5], op.inputs[6], op.outputs[1], op.outputs[2]].map {
                vector(.load, $0)
            }
            behind = []
            prices = (InstructionMix(fma: 20, special: 3), InstructionMix(fma: 7.3, alu: 7, memory: 3, other: 4.5))
        }
        if staged > 0 {
            let index = entries.index(of: workspace)
            func operand(_ kind: AccessKind, _ shape: RequestShape) -> Operand {
                Operand(kind: kind, tensor: index, elementBytes: 4, requests: shape)
            }
            staging = (
                operand(.store, .row(bytes: 4)), operand(.load, .row(bytes: 4)),
                operand(.atomic, .scalar(elementBytes: 4, warps: 1)), workspace.baseAddress, staged
            )
        } else {
            staging = nil
        }
        entry = prices.entry.work
        var mix = InstructionMix()
        mix.add(prices.row, times: Double(Self.runs))
        trip = mix.work
        launch = KernelLaunch(
            kernel: name, grid: Grid(x: rows.gridX, y: rows.gridY), threadsPerBlock: Self.columns * Self.height,
            registersPerThread: registers, sharedMemoryBytesPerBlock: shared, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let (part, share, _) = launch.grid.coordinates(of: block)
        let column = part * Self.columns
        let width = min(Self.columns, rows.channels - column)
        program.add(entry)
        for value in before { append(value, column, width, to: &program) }
        let step = rows.gridY * Self.height
        var row = share * Self.height
        while row < rows.count {
            append(loads, row: row, step: step, column: column, width: width, to: &program)
            program.operations.append(.awaitLoads)
            program.add(trip)
            append(stores, row: row, step: step, column: column, width: width, to: &program)
            row += Self.runs * step
        }
        if let staging {
            program.operations.append(.barrier)
            for number in 0..<staging.values {
                let place = ((number * rows.gridX + part) * rows.gridY + share) * Self.columns * 4
                let region = TileRegion(address: staging.address &+ UInt64(place), rows: 1, columns: width)
                program.add(staging.store, region)
            }
            program.add(staging.semaphore, TileRegion(address: staging.address, rows: 1, columns: 1))
            program.operations.append(.invalidateL1)
            // On the device the block that comes last adds up what the others left. Here it is the last in order.
            if share == rows.gridY - 1 {
                for number in 0..<staging.values {
                    for other in 0..<rows.gridY {
                        let place = ((number * rows.gridX + part) * rows.gridY + other) * Self.columns * 4
                        program.add(
                            staging.load,
                            TileRegion(address: staging.address &+ UInt64(place), rows: 1, columns: width))
                    }
                }
                program.operations.append(.awaitLoads)
                for value in behind { append(value, column, width, to: &program) }
            }
        }
    }

    private func append(
        _ streams: [(operand: Operand, address: UInt64, bytes: Int)], row: Int, step: Int, column: Int, width: Int,
        to program: inout BlockProgram
    ) {
        for run in 0..<Self.runs {
            let first = row + run * step
            guard first < rows.count else { break }
            for stream in streams {
                let offset = (first * rows.channels + column) * stream.bytes
                program.add(
                    stream.operand,
                    TileRegion(
                        address: stream.address &+ UInt64(offset), rows: min(Self.height, rows.count - first),
                        columns: width))
            }
        }
    }

    private func append(
        _ value: (operand: Operand, address: UInt64, bytes: Int), _ column: Int, _ width: Int,
        to program: inout BlockProgram
    ) {
        program.add(
            value.operand, TileRegion(address: value.address &+ UInt64(column * value.bytes), rows: 1, columns: width))
    }
}

extension RequestShape {
    /// A warp's lanes side by side along a row, one element each.
    static func row(bytes: Int, replicas: Int = 1) -> RequestShape {
        RequestShape(rows: 1, lanesPerRow: 32, laneBytes: bytes, laneStrideBytes: bytes, replicas: replicas)
    }
}
