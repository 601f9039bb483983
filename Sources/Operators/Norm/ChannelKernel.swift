import Kernels
import Trace

/// Batch norm's kernels over NCHW: a block takes a channel, and goes over the channel's planes element by element.
struct ChannelKernel: BlockProgramSource, Sendable {
    enum Step {
        case statistics, transform, backward
    }

    private struct Pass: Sendable {
        let loads: [(operand: Operand, address: UInt64)]
        let stores: [(operand: Operand, address: UInt64)]
        let trip: ComputeWork
    }

    let launch: KernelLaunch
    private let batch: Int
    private let channels: Int
    private let plane: Int
    private let elementBytes: Int
    /// Threads along a plane, and planes side by side.
    private let width: Int
    private let height: Int
    /// Planes of a block; all of a channel, but in the transform.
    private let planesPerBlock: Int
    private let before: [(operand: Operand, address: UInt64, bytes: Int)]
    private let behind: [(operand: Operand, address: UInt64, bytes: Int)]
    private let entry: ComputeWork
    private let passes: [Pass]

    init(_ step: Step, _ op: Operator, batch: Int, channels: Int, plane: Int, places: TensorPlaces) {
        (self.batch, self.channels, self.plane) = (batch, channels, plane)
        let isBackward = step == .backward
        let x = op.inputs[isBackward ? 1 : 0]
        elementBytes = x.type.byteCount
        // The transform takes a quarter of the threads where planes are small.
        width = Self.threads(step == .transform ? max(plane / 4, min(plane, 64)) : plane)
        height = max(1, (step == .transform ? 64 : 512) / width)
        planesPerBlock = step == .transform ? height : batch
        var entries = TensorEntries(places)
        let warps = (width * height).dividedRoundingUp(by: 32)
        func rows(_ kind: AccessKind, _ tensor: OperatorTensor) -> (Operand, UInt64) {
            let bytes = tensor.type.byteCount
            return (
                Operand(
                    kind: kind, tensor: entries.index(of: tensor), elementBytes: bytes,
                    requests: RequestShape(
                        rows: 1, lanesPerRow: 32, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1),
                    pitchBytes: channels * plane * bytes), places.address(of: tensor)
            )
        }
        func single(_ kind: AccessKind, _ tensor: OperatorTensor) -> (Operand, UInt64, Int) {
            let bytes = tensor.type.byteCount
            return (
                Operand(
                    kind: kind, tensor: entries.index(of: tensor), elementBytes: bytes,
                    requests: .scalar(elementBytes: bytes, warps: kind == .load ? warps : 1)),
                places.address(of: tensor), bytes
            )
        }
        let name: String
        let registers: Int
        let shared: Int
        switch step {
        case .statistics:
            (name, registers, shared) = ("batch_norm_statistics", 27, 640)
            before = []
            behind = [single(.store, op.outputs[1]), single(.store, op.outputs[2])]
            entry = InstructionMix(fma: 20, alu: 20, memory: 8, other: 40).work
            passes = [
                Pass(
                    loads: [rows(.load, x)], stores: [],
                    trip: InstructionMix(fma: 10.8, alu: 7.2, special: 1.8, memory: 1, other: 4.4).work)
            ]
        case .transform:
            (name, registers, shared) = ("batch_norm_transform", 23, 0)
            before = [op.inputs[1], op.inputs[2], op.outputs[1], op.outputs[2]].map { single(.load, $0) }
            behind = []
            entry = InstructionMix(fma: 15, alu: 20, memory: 4, other: 25).work
            passes = [
                Pass(
                    loads: [rows(.load, x)], stores: [rows(.store, op.outputs[0])],
                    trip: InstructionMix(fma: 6.2, alu: 9.9, memory: 2, other: 3.4).work)
            ]
        case .backward:
            (name, registers, shared) = ("batch_norm_backward", 30, 256)
            before = [op.inputs[2], op.inputs[5], op.inputs[6]].map { single(.load, $0) }
            behind = [single(.store, op.outputs[1]), single(.store, op.outputs[2])]
            entry = InstructionMix(fma: 20, alu: 20, memory: 8, other: 40).work
            let loads = [rows(.load, op.inputs[0]), rows(.load, x)]
            let trip = InstructionMix(fma: 8.5, alu: 12.9, special: 0.9, memory: 2.5, other: 4.4).work
            passes = [
                Pass(loads: loads, stores: [], trip: trip),
                Pass(loads: loads, stores: [rows(.store, op.outputs[0])], trip: trip),
            ]
        }
        launch = KernelLaunch(
            kernel: name,
            grid: Grid(
                x: channels,
                y: step == .transform ? max(1, min((256 << 10) / channels, batch.dividedRoundingUp(by: height))) : 1),
            threadsPerBlock: width * height, registersPerThread: registers, sharedMemoryBytesPerBlock: shared,
            tensors: entries.tensors)
    }

    /// The smallest of PyTorch's block widths that has a thread for each element.
    private static func threads(_ elements: Int) -> Int { [32, 64, 128, 256].first { elements <= $0 } ?? 512 }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let (channel, part, _) = launch.grid.coordinates(of: block)
        program.add(entry)
        for value in before { append(value, channel, to: &program) }
        for (number, pass) in passes.enumerated() {
            var first = part * planesPerBlock
            while first < batch {
                let planes = min(height, min(planesPerBlock, batch - first))
                var column = 0
                while column < plane {
                    let count = min(width, plane - column)
                    let offset = UInt64(((first * channels + channel) * plane + column) * elementBytes)
                    for (operand, address) in pass.loads {
                        program.add(operand, TileRegion(address: address &+ offset, rows: planes, columns: count))
                    }
                    program.operations.append(.awaitLoads)
                    program.add(pass.trip)
                    for (operand, address) in pass.stores {
                        program.add(operand, TileRegion(address: address &+ offset, rows: planes, columns: count))
                    }
                    column += width
                }
                // The transform's blocks take further planes in strides of the grid.
                first += planesPerBlock == batch ? height : planesPerBlock * launch.grid.y
            }
            if number < passes.count - 1 { program.operations.append(.barrier) }
        }
        for value in behind { append(value, channel, to: &program) }
    }

    private func append(
        _ value: (operand: Operand, address: UInt64, bytes: Int), _ channel: Int, to program: inout BlockProgram
    ) {
        program.add(
            value.operand, TileRegion(address: value.address &+ UInt64(channel * value.bytes), rows: 1, columns: 1))
    }
}
