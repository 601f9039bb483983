import Kernels
import Trace

/// PyTorch's own convolution of each channel of a line with a kernel of its own: `conv_depthwise2d_forward_kernel`, and
/// its gradients.
///
/// Forward and gradient of the input have a thread an output and load an element of input and kernel for each place of
/// the kernel. The gradient of the weights has a block a channel and place, whose warps take an image each. *Source:*
/// grids, requests, sectors and instructions of the conv1d_depthwise rows of docs/validation/h200_operators_dev.csv.
struct DepthwiseKernel: BlockProgramSource, Sendable {
    enum Pass: Sendable { case forward, inputGradient, weightGradient }

    private static let outputsPerBlock = 1024
    private static let warpsOfGradient = 8
    /// Trips of the gradient of the weights between two waits of its block. *Source:* fitted on one launch.
    private static let tripsOnTheirWay = 2

    let launch: KernelLaunch
    private let pass: Pass
    private let batch: Int
    private let channels: Int
    private let taps: Int
    private let padding: Int
    private let length: Int
    /// Positions of the tensor that is loaded along the outputs.
    private let sourceLength: Int
    private let inputs: [(operand: Operand, address: UInt64)]
    private let weights: (operand: Operand, address: UInt64)?
    private let bias: (operand: Operand, address: UInt64)?
    private let output: (operand: Operand, address: UInt64)
    private let work: ComputeWork
    private let entry: ComputeWork

    /// - Parameters:
    ///   - inputs: what is loaded along the outputs: x, or y's gradient, or both for the gradient of the weights.
    ///   - weights: nil for their gradient.
    init(
        _ pass: Pass, _ shape: ConvolutionShape, inputs: [OperatorTensor], weights: OperatorTensor?,
        bias: OperatorTensor?, output: OperatorTensor, places: TensorPlaces
    ) {
        self.pass = pass
        (batch, channels, taps, padding) = (
            shape.batch, shape.inputChannels, shape.kernel.width, shape.padding.width
        )
        length = pass == .inputGradient ? shape.input.width : shape.output.width
        sourceLength = pass == .forward ? shape.input.width : shape.output.width
        var entries = TensorEntries(places)
        let bytes = output.type.byteCount
        let lanes = RequestShape(rows: 1, lanesPerRow: 32, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1)
        let rows = pass == .weightGradient ? shape.inputChannels : 0
        let replicas = max(1, min(32, (pass == .inputGradient ? shape.input.width : shape.output.width) / 32))
        self.inputs = inputs.map { tensor in
            (
                Operand(
                    kind: .load, tensor: entries.index(of: tensor), elementBytes: bytes, requests: lanes,
                    pitchBytes: rows * tensor.shape[2] * bytes), places.address(of: tensor)
            )
        }
        // Each warp loads its channels' values; a channel's positions are shared by several.
        func values(_ tensor: OperatorTensor, pitch: Int) -> (operand: Operand, address: UInt64) {
            (
                Operand(
                    kind: .load, tensor: entries.index(of: tensor), elementBytes: bytes,
                    requests: RequestShape(
                        rows: 1, lanesPerRow: 1, laneBytes: bytes, laneStrideBytes: bytes,
                        replicas: replicas), pitchBytes: pitch * bytes),
                places.address(of: tensor)
            )
        }
        self.weights = weights.map { values($0, pitch: shape.kernel.width) }
        self.bias = bias.map { values($0, pitch: 1) }
        self.output = (
            .store(tensor: entries.index(of: output), elementBytes: bytes, requests: lanes), places.address(of: output)
        )
        let count = Double(taps)
        let grid: Grid
        let (name, threads): (String, Int)
        switch pass {
        case .forward:
            (name, threads) = ("conv1d_depthwise_fwd", Self.outputsPerBlock)
            work =
                InstructionMix(
                    fma: 17 + 16 * count, alu: 25 + 26 * count, special: 4 + 3 * count, memory: 1 + 2 * count,
                    other: 22 + 15 * count
                ).work
        case .inputGradient:
            (name, threads) = ("conv1d_depthwise_dgrad", Self.outputsPerBlock)
            work =
                InstructionMix(
                    fma: 22 + 16 * count, alu: 24 + 16 * count, special: 3 + 2 * count, memory: 1 + 2 * count,
                    other: 18 + 14 * count
                ).work
        case .weightGradient:
            (name, threads) = ("conv1d_depthwise_wgrad", Self.warpsOfGradient * 32)
            work = InstructionMix(fma: 17.7, alu: 15.6, special: 1.8, memory: 2, other: 7.5).work
        }
        entry = InstructionMix(alu: 40, memory: 4, shuffle: 10, other: 60).work
        grid =
            pass == .weightGradient
            ? Grid(x: channels * taps)
            : Grid(x: (batch * channels * length).dividedRoundingUp(by: Self.outputsPerBlock))
        launch = KernelLaunch(
            kernel: name, grid: grid, threadsPerBlock: threads, registersPerThread: 32,
            sharedMemoryBytesPerBlock: pass == .weightGradient ? 32 : 0, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        if pass == .weightGradient { return loadGradient(block, into: &program) }
        let bytes = output.operand.elementBytes
        let first = block * Self.outputsPerBlock
        let end = min(first + Self.outputsPerBlock, batch * channels * length)
        let rows = first / length...(end - 1) / length
        for tap in 0..<taps {
            // The gradient of the input goes over the kernel from its end.
            let shift = pass == .forward ? tap - padding : padding - tap
            for row in rows {
                let start = max(first - row * length + shift, max(0, shift))
                let stop = min(min(end - row * length, length) + shift, sourceLength)
                guard start < stop else { continue }
                program.add(
                    inputs[0].operand,
                    TileRegion(
                        address: inputs[0].address + UInt64((row * sourceLength + start) * bytes), rows: 1,
                        columns: stop - start))
            }
            if let weights {
                append(weights, rows, width: taps, offset: tap, to: &program)
            }
        }
        if let bias { append(bias, rows, width: 1, offset: 0, to: &program) }
        program.operations.append(.awaitLoads)
        program.add(work)
        program.add(
            output.operand,
            TileRegion(address: output.address + UInt64(first * bytes), rows: 1, columns: end - first))
    }

    /// Values of the channels of some rows. Rows of the next image begin with the first channel again.
    private func append(
        _ value: (operand: Operand, address: UInt64), _ rows: ClosedRange<Int>, width: Int, offset: Int,
        to program: inout BlockProgram
    ) {
        let bytes = output.operand.elementBytes
        var row = rows.lowerBound
        while row <= rows.upperBound {
            let channel = row % channels
            let count = min(channels - channel, rows.upperBound - row + 1)
            program.add(
                value.operand,
                TileRegion(
                    address: value.address + UInt64((channel * width + offset) * bytes), rows: count, columns: 1))
            row += count
        }
    }

    private func loadGradient(_ block: Int, into program: inout BlockProgram) {
        let bytes = output.operand.elementBytes
        let (channel, tap) = block.quotientAndRemainder(dividingBy: taps)
        let shift = tap - padding
        let lengths = inputs.map { $0.operand.pitchBytes / (channels * bytes) }
        program.add(entry)
        var trips = 0
        for image in stride(from: 0, to: batch, by: Self.warpsOfGradient) {
            let images = min(Self.warpsOfGradient, batch - image)
            for first in stride(from: 0, to: length, by: 32) {
                for (number, input) in inputs.enumerated() {
                    // The first is the output's gradient, the second x.
                    let own = number == 0 ? 0 : shift
                    let start = max(0, first + own)
                    let stop = min(first + 32 + own, min(length + own, lengths[number]))
                    guard start < stop else { continue }
                    program.add(
                        input.operand,
                        TileRegion(
                            address: input.address
                                + UInt64(((image * channels + channel) * lengths[number] + start) * bytes),
                            rows: images, columns: stop - start))
                }
                trips += 1
                // Warps do not wait for each other, so that a block waits less often than a warp.
                if trips % Self.tripsOnTheirWay == 0 { program.operations.append(.awaitLoads) }
                program.add(work)
            }
        }
        program.operations.append(.awaitLoads)
        program.operations.append(.barrier)
        program.add(entry)
        program.add(
            output.operand, TileRegion(address: output.address + UInt64(block * bytes), rows: 1, columns: 1))
    }
}
