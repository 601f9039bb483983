import Kernels
import Trace

/// Writes the launches of a convolution of images and of its gradients: the kernel, and where positions lie side by
/// side the copies that bring channels side by side and back.
struct ImageConvolution {
    private let shape: ConvolutionShape
    private let multiprocessors: Int
    /// Channels of x as the kernels see them. Fewer than eight are padded, so that a lane copies 16 bytes.
    private var channels: Int { shape.inputChannels < 8 ? 8 : shape.inputChannels }
    /// Copies of the operator so far; each has a place of its own in the workspace.
    private var copies = 0

    init(_ shape: ConvolutionShape, multiprocessors: Int) {
        self.shape = shape
        self.multiprocessors = multiprocessors
    }

    private typealias Launches = [any BlockProgramSource]

    // The three products

    mutating func forward(
        x: OperatorTensor, weight: OperatorTensor, y: OperatorTensor, places: inout TensorPlaces
    ) -> [any BlockProgramSource]? {
        if shape.inputChannels < 8 {
            // Other first layers were not measured.
            guard shape.inputChannels * shape.kernel.count <= 32 else { return nil }
            return [DirectConvolutionKernel(shape, x: x, weights: weight, y: y, places: places)]
        }
        guard isAligned else { return nil }
        var launches: Launches = []
        let images = channelsLast(x, input: true, &places, &launches)
        let kernels = channelsLastWeights(weight, &places, &launches)
        let results = shape.isChannelsLast ? y : workspace(y.count, y.type, &places)
        launches.append(product(.forward, images: images, weights: kernels, results: results, places: &places))
        if !shape.isChannelsLast {
            launches.append(
                LayoutCopyKernel(
                    from: results, to: y, toChannelsLast: false, images: shape.batch, channels: shape.outputChannels,
                    positions: shape.output.count, padded: shape.outputChannels, places: places))
        }
        return launches
    }

    mutating func inputGradient(
        dy: OperatorTensor, weight: OperatorTensor, dx: OperatorTensor, places: inout TensorPlaces
    ) -> [any BlockProgramSource]? {
        guard isAligned, shape.inputChannels >= 8 else { return nil }
        copies = 0
        var launches: Launches = []
        let kernels = channelsLastWeights(weight, &places, &launches)
        let results = channelsLast(dy, input: false, &places, &launches)
        let images = shape.isChannelsLast ? dx : workspace(dx.count, dx.type, &places)
        launches.append(product(.inputGradient, images: images, weights: kernels, results: results, places: &places))
        if !shape.isChannelsLast {
            launches.append(
                LayoutCopyKernel(
                    from: images, to: dx, toChannelsLast: false, images: shape.batch, channels: shape.inputChannels,
                    positions: shape.input.count, padded: shape.inputChannels, places: places))
        }
        return launches
    }

    mutating func weightGradient(
        dy: OperatorTensor, x: OperatorTensor, dw: OperatorTensor, places: inout TensorPlaces
    ) -> [any BlockProgramSource]? {
        guard isAligned else { return nil }
        copies = 0
        var launches: Launches = []
        let images = channelsLast(x, input: true, &places, &launches)
        let results = channelsLast(dy, input: false, &places, &launches)
        let isPadded = channels != shape.inputChannels
        let kernels =
            shape.isChannelsLast && !isPadded
            ? dw : workspace(shape.outputChannels * shape.kernel.count * channels, dw.type, &places)
        launches += gradientProduct(images: images, weights: kernels, results: results, places: &places)
        if !shape.isChannelsLast {
            launches.append(
                LayoutCopyKernel(
                    from: kernels, to: dw, toChannelsLast: false, images: shape.outputChannels,
                    channels: shape.inputChannels, positions: shape.kernel.count, padded: channels, places: places))
        } else if isPadded {
            launches.append(padding(from: kernels, to: dw, places))
        }
        return launches
    }

    /// Whether lanes can copy 16 bytes of channels.
    private var isAligned: Bool {
        (shape.inputChannels % 8 == 0 || shape.inputChannels < 8) && shape.outputChannels % 8 == 0
    }

    // Layouts

    /// A part of the workspace that one call after the other uses.
    private mutating func workspace(
        _ count: Int, _ type: OperatorElement, _ places: inout TensorPlaces
    ) -> OperatorTensor {
        let tensor = OperatorTensor("convolution workspace \(copies) of \(count)", [count], type)
        copies += 1
        places.add(tensor)
        return tensor
    }

    private mutating func channelsLast(
        _ tensor: OperatorTensor, input: Bool, _ places: inout TensorPlaces, _ launches: inout Launches
    ) -> OperatorTensor {
        let own = input ? shape.inputChannels : shape.outputChannels
        let padded = input ? channels : own
        guard !shape.isChannelsLast || padded != own else { return tensor }
        let positions = (input ? shape.input : shape.output).count
        let copy = workspace(shape.batch * positions * padded, tensor.type, &places)
        launches.append(
            shape.isChannelsLast
                ? padding(from: tensor, to: copy, places)
                : LayoutCopyKernel(
                    from: tensor, to: copy, toChannelsLast: true, images: shape.batch, channels: own,
                    positions: positions, padded: padded, places: places))
        return copy
    }

    private mutating func channelsLastWeights(
        _ weight: OperatorTensor, _ places: inout TensorPlaces, _ launches: inout Launches
    ) -> OperatorTensor {
        guard !shape.isChannelsLast else { return weight }
        let copy = workspace(weight.count, weight.type, &places)
        launches.append(
            LayoutCopyKernel(
                from: weight, to: copy, toChannelsLast: true, images: shape.outputChannels,
                channels: shape.inputChannels, positions: shape.kernel.count, padded: shape.inputChannels,
                places: places))
        return copy
    }

    /// cuDNN's `nhwcAddPaddingKernel`: two blocks an SM, an element a lane. *Source:* two launches; 71 elements of a
    /// thread took 3,220 instructions.
    private func padding(
        from: OperatorTensor, to: OperatorTensor, _ places: TensorPlaces
    ) -> StreamKernel {
        let blocks = 2 * multiprocessors
        let trips = Double(from.count) / Double(blocks * 1024)
        return StreamKernel(
            "nhwc_padding", grid: Grid(x: blocks), threads: 1024, registers: 30, reads: [.init(from)],
            writes: [.init(to)],
            work: InstructionMix(
                fma: 12 + 18 * trips, alu: 12 + 17.4 * trips, memory: 2 * trips, other: 20 + 7.5 * trips),
            rounds: max(1, min(50, Int(trips))), places: places)
    }

    // Kernels

    private func implicit(
        _ pass: ImplicitProduct.Pass, images: OperatorTensor, weights: OperatorTensor, results: OperatorTensor,
        places: TensorPlaces
    ) -> ImplicitProduct {
        ImplicitProduct(
            pass, shape, images: .init(tensor: 0, address: places.address(of: images), channels: channels),
            weights: .init(tensor: 1, address: places.address(of: weights), channels: channels),
            results: .init(tensor: 2, address: places.address(of: results), channels: shape.outputChannels))
    }

    private func product(
        _ pass: ImplicitProduct.Pass, images: OperatorTensor, weights: OperatorTensor, results: OperatorTensor,
        places: inout TensorPlaces
    ) -> any BlockProgramSource {
        let product = implicit(pass, images: images, weights: weights, results: results, places: places)
        let tile = ConvolutionTile.of(product, multiprocessors: multiprocessors)
        let tensors = [images, weights, results].map(places.entry(of:))
        guard tile.kind == .copied else {
            return BulkConvolutionKernel(
                product, tile: tile, gradient: nil, sums: nil, tensors: tensors, multiprocessors: multiprocessors)
        }
        let layout = CopiedConvolutionKernel.Layout(
            rowTiles: product.classes.reduce(0) { $0 + product.rows(of: $1).dividedRoundingUp(by: tile.rows) },
            columnTiles: product.columns.dividedRoundingUp(by: tile.columns), parts: 1, run: 1)
        return CopiedConvolutionKernel(product, tile: tile, layout: layout, sums: nil, tensors: tensors)
    }

    private mutating func gradientProduct(
        images: OperatorTensor, weights: OperatorTensor, results: OperatorTensor, places: inout TensorPlaces
    ) -> [any BlockProgramSource] {
        let product = implicit(.weightGradient, images: images, weights: weights, results: results, places: places)
        let tile = ConvolutionTile.of(product, multiprocessors: multiprocessors)
        let tensors = [images, weights, results].map(places.entry(of:))
        if tile.kind == .copied {
            return copiedGradient(product, tile, tensors, weights: weights, places: &places)
        }
        let work = WeightGradientWork(product, tile: tile, multiprocessors: multiprocessors)
        guard work.leavesSums else {
            return [
                BulkConvolutionKernel(
                    product, tile: tile, gradient: work, sums: nil, tensors: tensors, multiprocessors: multiprocessors)
            ]
        }
        let sums = workspace(work.blocks * tile.rows * tile.columns, .f32, &places)
        let flags = workspace(1008, .f32, &places)
        var launches: Launches = [
            // One thread clears the workspace's flags (measured: 1,472 instructions, 504 stores).
            StreamKernel(
                "conv2d_workspace", grid: Grid(x: 1), threads: 1, registers: 16, reads: [],
                writes: [.init(flags, laneBytes: 8)], work: InstructionMix(fma: 132, alu: 665, memory: 504, other: 171),
                places: places),
            BulkConvolutionKernel(
                product, tile: tile, gradient: work, sums: places.entry(of: sums), tensors: tensors,
                multiprocessors: multiprocessors),
        ]
        // Many parts are added by a launch of their own, few by the blocks themselves (13 and 6 were measured).
        if work.parts > 8 {
            launches.append(
                StreamKernel(
                    "conv2d_sum", grid: Grid(x: work.blocks), threads: 128, registers: 218, sharedBytes: 45_064,
                    reads: [.init(sums, laneBytes: 16)], writes: [.init(weights, laneBytes: 16)],
                    work: InstructionMix(fma: 158, alu: 204, special: 9, memory: 160, other: 175), rounds: 4,
                    places: places))
        }
        return launches
    }

    private mutating func copiedGradient(
        _ product: ImplicitProduct, _ tile: ConvolutionTile, _ tensors: [Tensor], weights: OperatorTensor,
        places: inout TensorPlaces
    ) -> [any BlockProgramSource] {
        let (height, width) = (shape.outputChannels, channels * shape.kernel.count)
        let columns = width.dividedRoundingUp(by: tile.columns)
        // CUTLASS's swizzle puts up to eight tiles of columns side by side, a power of two.
        let run = columns >= 6 ? 8 : columns >= 3 ? 4 : columns
        let rows = height.dividedRoundingUp(by: tile.rows)
        // 127 parts of one tile and 56 of three were measured; the rule between them is not known.
        let parts = min(
            product.depth.dividedRoundingUp(by: tile.depth), rows * columns == 1 ? 127 : max(1, 168 / (rows * columns)))
        let sums = workspace(parts * height * width, .f32, &places)
        return [
            CopiedConvolutionKernel(
                product, tile: tile,
                layout: .init(rowTiles: rows, columnTiles: columns, parts: parts, run: run),
                sums: places.entry(of: sums), tensors: tensors),
            // Four rows of 256 columns a block; a thread adds eight columns, part by part.
            StreamKernel(
                "conv2d_sum", grid: Grid(x: height.dividedRoundingUp(by: 4), y: width.dividedRoundingUp(by: 256)),
                threads: 128, registers: 56, reads: [.init(sums, laneBytes: 16)],
                writes: [.init(weights, laneBytes: 16)],
                work: InstructionMix(
                    fma: 11 * Double(parts), alu: 5 * Double(parts), memory: 2 * Double(parts),
                    other: 1.5 * Double(parts)), rounds: max(1, min(50, parts / 4)), places: places),
        ]
    }
}
