import Kernels
import Trace

/// cuDNN's `implicit_convolve_sgemm` for three channels, and `convolve_common_engine_float_NHWC` where channels lie
/// side by side: blocks of 64 threads, 32 positions of 32 channels each, element by element and in fp32.
///
/// *Source:* grids, requests, registers and instructions of the conv2d rows of
/// docs/validation/h200_operators_dev.csv.
struct DirectConvolutionKernel: BlockProgramSource, Sendable {
    private static let side = 32

    let launch: KernelLaunch
    private let shape: ConvolutionShape
    private let x: (operand: Operand, address: UInt64)
    private let weights: (operand: Operand, address: UInt64)
    private let y: (operand: Operand, address: UInt64)
    private let work: ComputeWork

    init(_ shape: ConvolutionShape, x: OperatorTensor, weights: OperatorTensor, y: OperatorTensor, places: TensorPlaces)
    {
        self.shape = shape
        var entries = TensorEntries(places)
        let bytes = x.type.byteCount
        let isLast = shape.isChannelsLast
        // Positions are a stride apart, so that each is a row of one element here.
        self.x = (
            Operand(
                kind: .load, tensor: entries.index(of: x), elementBytes: bytes,
                requests: RequestShape(
                    rows: 32, lanesPerRow: 1, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1),
                pitchBytes: shape.stride.width * (isLast ? shape.inputChannels : 1) * bytes),
            places.address(of: x)
        )
        self.weights = (
            Operand(
                kind: .load, tensor: entries.index(of: weights), elementBytes: bytes,
                requests: RequestShape(
                    rows: 1, lanesPerRow: 32, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1)),
            places.address(of: weights)
        )
        // A request has eight channels of four positions, or eight positions of four channels.
        self.y = (
            .store(
                tensor: entries.index(of: y), elementBytes: bytes,
                requests: RequestShape(
                    rows: 8, lanesPerRow: 4, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1),
                pitchBytes: (isLast ? shape.outputChannels : shape.output.count) * bytes), places.address(of: y)
        )
        let taps = shape.inputChannels * shape.kernel.count
        // 27 places are padded to 32: 512 multiply-adds a thread.
        let products = 16 * Double(taps.dividedRoundingUp(by: 32) * 32)
        work =
            InstructionMix(
                fma: (isLast ? 410 : 348) + products, alu: isLast ? 355 : 389,
                memory: 46 + Double(2 * taps) / 2 + products / 8, other: isLast ? 330 : 278
            ).work
        let tiles = (shape.batch * shape.output.count).dividedRoundingUp(by: Self.side)
        launch = KernelLaunch(
            kernel: isLast ? "conv2d_direct_nhwc" : "conv2d_direct",
            grid: Grid(x: tiles * shape.outputChannels.dividedRoundingUp(by: Self.side)), threadsPerBlock: 64,
            registersPerThread: isLast ? 91 : 64, sharedMemoryBytesPerBlock: 2304, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let groups = shape.outputChannels.dividedRoundingUp(by: Self.side)
        let (tile, group) = block.quotientAndRemainder(dividingBy: groups)
        let bytes = x.operand.elementBytes
        let taps = shape.inputChannels * shape.kernel.count
        let channel = group * Self.side
        let channels = min(Self.side, shape.outputChannels - channel)
        program.add(
            weights.operand,
            TileRegion(address: weights.address + UInt64(channel * taps * bytes), rows: 1, columns: channels * taps))
        let positions = shape.batch * shape.output.count
        var position = tile * Self.side
        let end = min(position + Self.side, positions)
        while position < end {
            let (line, column) = position.quotientAndRemainder(dividingBy: shape.output.width)
            let (image, row) = line.quotientAndRemainder(dividingBy: shape.output.height)
            let count = min(shape.output.width - column, end - position)
            for tap in 0..<shape.kernel.count {
                let y = row * shape.stride.height - shape.padding.height + tap / shape.kernel.width
                guard (0..<shape.input.height).contains(y) else { continue }
                var (first, rows) = (
                    column * shape.stride.width - shape.padding.width + tap % shape.kernel.width, count
                )
                while first < 0 {
                    first += shape.stride.width
                    rows -= 1
                }
                rows = min(rows, (shape.input.width - 1 - first) / shape.stride.width + 1)
                for channel in 0..<shape.inputChannels {
                    let element =
                        shape.isChannelsLast
                        ? ((image * shape.input.height + y) * shape.input.width + first) * shape.inputChannels + channel
                        : ((image * shape.inputChannels + channel) * shape.input.height + y) * shape.input.width + first
                    program.add(
                        x.operand, TileRegion(address: x.address + UInt64(element * bytes), rows: rows, columns: 1))
                }
            }
            position += count
        }
        program.operations.append(.awaitLoads)
        program.operations.append(.barrier)
        program.add(work)
        position = tile * Self.side
        if shape.isChannelsLast {
            program.add(
                y.operand,
                TileRegion(
                    address: y.address + UInt64((position * shape.outputChannels + channel) * bytes),
                    rows: end - position, columns: channels))
            return
        }
        while position < end {
            let (image, place) = position.quotientAndRemainder(dividingBy: shape.output.count)
            let count = min(shape.output.count - place, end - position)
            let element = (image * shape.outputChannels + channel) * shape.output.count + place
            program.add(
                y.operand,
                TileRegion(address: y.address + UInt64(element * bytes), rows: channels, columns: count))
            position += count
        }
    }
}
