/// A convolution or one of its gradients as a product of matrices that nobody writes down: rows are positions of
/// images, and the depth goes over the places of the kernel and the channels. All images lie with their channels side
/// by side.
struct ImplicitProduct: Sendable {
    enum Pass: Sendable {
        /// Rows are positions of the output, columns its channels.
        case forward
        /// Rows are positions of the input's gradient, columns its channels.
        case inputGradient
        /// Rows are channels of the output, columns channels of the input at each place of the kernel, the depth goes
        /// over the output's positions.
        case weightGradient
    }

    /// Rows in memory, and the index of their tensor in the launch.
    struct Rows: Sendable {
        var tensor: Int
        var address: UInt64
        var rows: Int
        var rowBytes: Int
        var pitchBytes: Int
    }

    /// A tensor with channels side by side: images or weights.
    struct Place: Sendable {
        var tensor: Int
        var address: UInt64
        var channels: Int
    }

    /// Positions whose values meet the same places of the kernel. A stride of two divides the input's gradient into
    /// four classes, by whether row and column are odd.
    struct Class: Sendable {
        var row: Int
        var column: Int
        var extent: ConvolutionShape.Extent
        /// Places of the kernel, row by row.
        var taps: [(row: Int, column: Int)]
    }

    static let bytes = 2

    let pass: Pass
    let shape: ConvolutionShape
    let images: Place
    let weights: Place
    let results: Place
    let classes: [Class]

    /// - Parameters:
    ///   - images: x, or its gradient.
    ///   - results: y, or its gradient.
    init(_ pass: Pass, _ shape: ConvolutionShape, images: Place, weights: Place, results: Place) {
        self.pass = pass
        self.shape = shape
        (self.images, self.weights, self.results) = (images, weights, results)
        let all = (0..<shape.kernel.count).map { ($0 / shape.kernel.width, $0 % shape.kernel.width) }
        guard pass == .inputGradient else {
            classes = [Class(row: 0, column: 0, extent: shape.output, taps: all)]
            return
        }
        let stride = shape.stride
        classes = (0..<stride.count).map { number in
            let (row, column) = (number / stride.width, number % stride.width)
            return Class(
                row: row, column: column,
                extent: .init(
                    height: (shape.input.height - row).dividedRoundingUp(by: stride.height),
                    width: (shape.input.width - column).dividedRoundingUp(by: stride.width)),
                taps: all.filter {
                    (row + shape.padding.height - $0.0) % stride.height == 0
                        && (column + shape.padding.width - $0.1) % stride.width == 0
                })
        }
    }

    /// Channels over which a place of the kernel sums; of a gradient of weights the positions that it sums.
    var depth: Int {
        switch pass {
        case .forward: images.channels
        case .inputGradient: results.channels
        case .weightGradient: shape.batch * shape.output.count
        }
    }
    /// Rows of a class's output.
    func rows(of kind: Class) -> Int {
        pass == .weightGradient ? results.channels : shape.batch * kind.extent.count
    }
    /// Columns of the output; of a gradient of weights those of one place of the kernel.
    var columns: Int { pass == .forward ? results.channels : images.channels }

    // Operands

    /// The rows of a step that change with the output's rows.
    /// - Parameters:
    ///   - first: the first row of the tile, and how many there are.
    ///   - depth: the first channel of the depth (or position, of a gradient of weights), and how many there are.
    func left(
        _ kind: Class, first: Int, count: Int, tap: Int, depth: Int, depths: Int, into rows: inout [Rows]
    ) {
        switch pass {
        case .weightGradient:
            let positions = min(depths, self.depth - depth)
            append(results, pixels: shape.batch * shape.output.count, depth, positions, 1, first, count, &rows)
        case .forward, .inputGradient:
            let isForward = pass == .forward
            let (tap, place) = (kind.taps[tap], isForward ? images : results)
            let channels = min(depths, place.channels - depth)
            let offset =
                isForward
                ? (tap.row - shape.padding.height, tap.column - shape.padding.width)
                : (
                    (kind.row + shape.padding.height - tap.row) / shape.stride.height,
                    (kind.column + shape.padding.width - tap.column) / shape.stride.width
                )
            let image = isForward ? shape.input : shape.output
            pixelRows(
                first, min(count, self.rows(of: kind) - first), over: kind.extent, in: image,
                scale: isForward ? shape.stride : .init(height: 1, width: 1), offset: offset
            ) { pixel, count, pitch in
                append(place, pixels: shape.batch * image.count, pixel, count, pitch, depth, channels, &rows)
            }
        }
    }

    /// The rows of a step that change with the output's columns.
    func right(
        _ kind: Class, first: Int, count: Int, tap: Int, depth: Int, depths: Int, into rows: inout [Rows]
    ) {
        let taps = shape.kernel.count
        let row = weights.channels * taps * Self.bytes
        switch pass {
        case .forward:
            let place = kind.taps[tap].row * shape.kernel.width + kind.taps[tap].column
            let address =
                weights.address + UInt64(first * row + (place * weights.channels + depth) * Self.bytes)
            let valid = min(count, results.channels - first)
            let bytes = min(depths, weights.channels - depth) * Self.bytes
            // Rows beyond the last channel count as much as the others: the first ones stand for them.
            for rowCount in [valid, min(count - valid, valid)] where rowCount > 0 {
                rows.append(
                    Rows(
                        tensor: weights.tensor, address: address, rows: rowCount, rowBytes: bytes, pitchBytes: row))
            }
        case .inputGradient:
            let place = kind.taps[tap].row * shape.kernel.width + kind.taps[tap].column
            let valid = min(depths, results.channels - depth)
            rows.append(
                Rows(
                    tensor: weights.tensor,
                    address: weights.address
                        + UInt64(depth * row + (place * weights.channels + first) * Self.bytes), rows: valid,
                    rowBytes: (depth + valid < results.channels ? count : min(count, weights.channels - first))
                        * Self.bytes, pitchBytes: row))
        case .weightGradient:
            let tap = kind.taps[tap]
            pixelRows(
                depth, min(depths, self.depth - depth), over: kind.extent, in: shape.input, scale: shape.stride,
                offset: (tap.row - shape.padding.height, tap.column - shape.padding.width)
            ) { pixel, pixels, pitch in
                append(
                    images, pixels: shape.batch * shape.input.count, pixel, pixels, pitch, first, count, &rows)
            }
        }
    }

    /// The rows of a tile of the output.
    func output(
        _ kind: Class, row: Int, rows count: Int, column: Int, columns: Int, tap: Int, into rows: inout [Rows]
    ) {
        let valid = min(columns, self.columns - column)
        switch pass {
        case .forward:
            append(
                results, pixels: shape.batch * shape.output.count, row, min(count, self.rows(of: kind) - row), 1,
                column, valid, &rows)
        case .inputGradient:
            pixelRows(
                row, min(count, self.rows(of: kind) - row), over: kind.extent, in: shape.input, scale: shape.stride,
                offset: (kind.row, kind.column)
            ) { pixel, count, pitch in
                append(images, pixels: shape.batch * shape.input.count, pixel, count, pitch, column, valid, &rows)
            }
        case .weightGradient:
            let taps = shape.kernel.count
            let place = kind.taps[tap].row * shape.kernel.width + kind.taps[tap].column
            rows.append(
                Rows(
                    tensor: weights.tensor,
                    address: weights.address
                        + UInt64(((row * taps + place) * weights.channels + column) * Self.bytes),
                    rows: min(count, results.channels - row), rowBytes: valid * Self.bytes,
                    pitchBytes: weights.channels * taps * Self.bytes))
        }
    }

    /// Channels of neighbouring pixels, as far as the images reach.
    private func append(
        _ place: Place, pixels: Int, _ pixel: Int, _ count: Int, _ pitch: Int, _ channel: Int, _ channels: Int,
        _ rows: inout [Rows]
    ) {
        guard count > 0, channels > 0 else { return }
        // What lies beyond a row of pixels or beyond the channels is read from its neighbours, so that it counts as
        // much as on the device.
        let beyond = (channel + channels - 1) / place.channels
        let last = pixels - 1 - (count - 1) * pitch - beyond
        let clipped = last < 0 ? min(channels, place.channels - channel) : channels
        let start = max(0, min(pixel, last < 0 ? last + beyond : last))
        rows.append(
            Rows(
                tensor: place.tensor,
                address: place.address + UInt64((start * place.channels + channel) * Self.bytes), rows: count,
                rowBytes: clipped * Self.bytes, pitchBytes: pitch * place.channels * Self.bytes))
    }

    /// Runs of pixels that neighbouring positions of `over` meet: the position (i, j) meets the pixel
    /// (i * scale + offset). The images of a batch follow each other.
    private func pixelRows(
        _ first: Int, _ count: Int, over: ConvolutionShape.Extent, in image: ConvolutionShape.Extent,
        scale: ConvolutionShape.Extent, offset: (row: Int, column: Int), run: (Int, Int, Int) -> Void
    ) {
        if over == image, scale.count == 1 {
            return run(first + offset.row * image.width + offset.column, count, 1)
        }
        var position = first
        while position < first + count {
            let (line, column) = position.quotientAndRemainder(dividingBy: over.width)
            let (number, row) = line.quotientAndRemainder(dividingBy: over.height)
            let here = min(over.width - column, first + count - position)
            run(
                number * image.count + (row * scale.height + offset.row) * image.width + column * scale.width
                    + offset.column, here, scale.width)
            position += here
        }
    }
}
