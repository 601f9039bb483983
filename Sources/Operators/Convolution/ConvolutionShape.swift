/// The sizes of a convolution of images. One over positions alone is one of images of height 1.
struct ConvolutionShape: Equatable, Sendable {
    /// Rows and columns of an image, of a kernel, or steps along both.
    struct Extent: Equatable, Sendable {
        var height: Int
        var width: Int

        var count: Int { height * width }
    }

    let batch: Int
    let inputChannels: Int
    let outputChannels: Int
    let input: Extent
    let output: Extent
    let kernel: Extent
    let stride: Extent
    let padding: Extent
    let groups: Int
    /// Whether the operator's tensors have one dimension of positions.
    let isLine: Bool
    /// Whether an image's channels lie side by side (NHWC).
    let isChannelsLast: Bool

    /// - Parameters:
    ///   - x: the images, (batch, channels, height, width) or (batch, channels, positions).
    ///   - weight: (output channels, channels of a group, kernel's height, kernel's width).
    ///   - y: the convolved images.
    /// - Returns: nil for transposed and dilated convolutions, and for other layouts.
    /// - Throws: `OperatorDefect` where the sizes do not belong together.
    init?(
        _ op: Operator, x: OperatorTensor, weight: OperatorTensor, y: OperatorTensor
    ) throws(OperatorDefect) {
        let dimensions = x.shape.count
        guard dimensions == 3 || dimensions == 4 else { return nil }
        guard weight.shape.count == dimensions, y.shape.count == dimensions else {
            throw OperatorDefect(
                "\(op.name): shapes \(x.shape), \(weight.shape) and \(y.shape) have different numbers of dimensions",
                cure: "check the shapes")
        }
        isLine = dimensions == 3
        func extent(_ sizes: [Int]) -> Extent {
            Extent(height: sizes.count == 1 ? 1 : sizes[0], width: sizes[sizes.count - 1])
        }
        func pair(_ name: String, or value: Int, onLine: Int) throws(OperatorDefect) -> Extent {
            guard var given = try op.integers(name) else {
                return Extent(height: dimensions == 3 ? onLine : value, width: value)
            }
            if given.count == 1 { given = [dimensions == 3 ? onLine : given[0], given[0]] }
            guard given.count == 2, given.allSatisfy({ $0 >= 0 }) else {
                throw OperatorDefect(
                    "'\(name)' of \(op.name) is \(given)", cure: "give a number for each dimension of the image")
            }
            return Extent(height: given[0], width: given[1])
        }
        stride = try pair("stride", or: 1, onLine: 1)
        padding = try pair("padding", or: 0, onLine: 0)
        let dilation = try pair("dilation", or: 1, onLine: 1)
        groups = try op.integer("groups") ?? 1
        guard try op.flag("transposed") != true, dilation == Extent(height: 1, width: 1) else { return nil }
        (batch, inputChannels, outputChannels) = (x.shape[0], x.shape[1], weight.shape[0])
        input = extent(Array(x.shape.dropFirst(2)))
        output = extent(Array(y.shape.dropFirst(2)))
        kernel = extent(Array(weight.shape.dropFirst(2)))
        guard groups > 0, stride.height > 0, stride.width > 0, weight.shape[1] * groups == inputChannels,
            y.shape[0] == batch, y.shape[1] == outputChannels,
            (input.height + 2 * padding.height - kernel.height) / stride.height + 1 == output.height,
            (input.width + 2 * padding.width - kernel.width) / stride.width + 1 == output.width
        else {
            throw OperatorDefect(
                "\(op.name): images \(x.shape) and kernels \(weight.shape) do not make images \(y.shape)",
                cure: "check shapes, stride, padding and groups")
        }
        if x.isContiguous, y.isContiguous, weight.isContiguous {
            isChannelsLast = false
        } else if [x, y, weight].allSatisfy(Self.isChannelsLast) {
            isChannelsLast = true
        } else {
            return nil
        }
    }

    private static func isChannelsLast(_ tensor: OperatorTensor) -> Bool {
        guard tensor.shape.count == 4 else { return false }
        let (channels, width) = (tensor.shape[1], tensor.shape[3])
        let plain = [channels * width * tensor.shape[2], 1, channels * width, channels]
        return (0..<4).allSatisfy { tensor.shape[$0] == 1 || tensor.strides[$0] == plain[$0] }
    }

    /// Multiply-adds, counted as two operations each, of one of the three products that a convolution and its
    /// gradients are.
    var operations: Double {
        2 * Double(batch * output.count * outputChannels) * Double(inputChannels / groups * kernel.count)
    }

    /// Whether each channel has a kernel of its own.
    var isDepthwise: Bool { groups > 1 && groups == inputChannels && outputChannels == inputChannels }
}
