import Kernels
import Trace

/// Convolutions of images as cuDNN launches them for 16-bit types, and PyTorch's own convolutions of each channel of a
/// line.
///
/// Inputs, forward: x, weights and, for each channel's own, a bias; output: y. Inputs, backward: y's gradient, x and
/// weights; outputs: those of the gradients of x and of the weights that `output_mask` names. The attributes are
/// PyTorch's: `stride`, `padding`, `dilation`, `groups`, `transposed`, `output_mask`.
struct ConvolutionFamily: OperatorFamily {
    let operators = ["convolution", "cudnn_convolution", "_conv_depthwise2d", "convolution_backward"]
    let category = OperatorCategory.conv2d

    func category(of op: Operator) -> OperatorCategory {
        let shape = op.inputs.first?.shape ?? []
        return shape.count == 3 || shape.count == 4 && shape[2] == 1 ? .conv1d : .conv2d
    }

    func category(of launch: any BlockProgramSource) -> OperatorCategory {
        launch.launch.kernel.hasPrefix("conv1d") ? .conv1d : .conv2d
    }

    func operations(of op: Operator) -> Double? {
        guard let call = try? Call(op) else { return nil }
        return call.shape.operations
            * Double(call.isBackward ? (call.wantsInput ? 1 : 0) + (call.wantsWeight ? 1 : 0) : 1)
    }

    /// An operator's tensors by what they are.
    private struct Call {
        let shape: ConvolutionShape
        let isBackward: Bool
        let x: OperatorTensor
        let weight: OperatorTensor
        /// The output, or its gradient.
        let y: OperatorTensor
        let bias: OperatorTensor?
        let wantsInput: Bool
        let wantsWeight: Bool
        /// The gradients, in PyTorch's order.
        let gradients: [OperatorTensor]

        /// - Returns: nil for a convolution that this family does not know.
        init?(_ op: Operator) throws(OperatorDefect) {
            isBackward = op.base == "convolution_backward"
            let inputs = op.inputs
            guard inputs.count >= (isBackward ? 3 : 2), !op.outputs.isEmpty else {
                throw OperatorDefect(
                    "\(op.name) has \(inputs.count) inputs and \(op.outputs.count) outputs",
                    cure: "give \(isBackward ? "the output's gradient, " : "")x and the weights, and what is written")
            }
            (x, weight) = isBackward ? (inputs[1], inputs[2]) : (inputs[0], inputs[1])
            y = isBackward ? inputs[0] : op.outputs[0]
            bias = !isBackward && inputs.count > 2 ? inputs[2] : nil
            guard let shape = try ConvolutionShape(op, x: x, weight: weight, y: y) else { return nil }
            self.shape = shape
            gradients = isBackward ? op.outputs : []
            if isBackward {
                let mask = try Self.mask(of: op)
                (wantsInput, wantsWeight) = (mask[0], mask[1])
            } else {
                (wantsInput, wantsWeight) = (false, false)
            }
            // A gradient of the bias is a sum of its own.
            guard !isBackward || gradients.count == (wantsInput ? 1 : 0) + (wantsWeight ? 1 : 0) else { return nil }
        }

        private static func mask(of op: Operator) throws(OperatorDefect) -> [Bool] {
            guard let given = op.attributes["output_mask"] else { return [true, true] }
            guard case .list(let values) = given, values.count >= 2 else {
                throw OperatorDefect(
                    "'output_mask' of \(op.name) is no list of three truth values", cure: "give some, or leave it out")
            }
            return values.map { $0 == .flag(true) }
        }
    }

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard let call = try Call(op) else { return nil }
        guard ([call.x, call.weight, call.y] + call.gradients).allSatisfy({ $0.type == call.x.type }) else {
            return nil
        }
        guard call.x.count > 0, call.y.count > 0, call.weight.count > 0 else { return nil }
        if call.shape.isDepthwise { return Self.depthwise(call, places: places) }
        guard call.shape.groups == 1, !call.shape.isLine, call.x.type.isHalf, call.bias == nil else { return nil }
        var writer = ImageConvolution(call.shape, multiprocessors: places.multiprocessors)
        guard call.isBackward else { return writer.forward(x: call.x, weight: call.weight, y: call.y, places: &places) }
        var launches: [any BlockProgramSource] = []
        if call.wantsInput {
            guard
                let own = writer.inputGradient(
                    dy: call.y, weight: call.weight, dx: call.gradients[0], places: &places)
            else { return nil }
            launches += own
        }
        if call.wantsWeight, let gradient = call.gradients.last {
            guard let own = writer.weightGradient(dy: call.y, x: call.x, dw: gradient, places: &places) else {
                return nil
            }
            launches += own
        }
        return launches
    }

    private static func depthwise(_ call: Call, places: TensorPlaces) -> [any BlockProgramSource]? {
        let shape = call.shape
        guard shape.input.height == 1, shape.kernel.height == 1, shape.stride.count == 1, shape.padding.height == 0,
            call.x.type == .bf16 || call.x.type == .f32, !shape.isChannelsLast
        else { return nil }
        func line(_ tensor: OperatorTensor) -> OperatorTensor {
            OperatorTensor(
                tensor.id, [tensor.shape[0], tensor.shape[1], tensor.shape[tensor.shape.count - 1]], tensor.type,
                offset: tensor.offset)
        }
        let (x, y) = (line(call.x), line(call.y))
        guard call.isBackward else {
            return [
                DepthwiseKernel(
                    .forward, shape, inputs: [x], weights: call.weight, bias: call.bias, output: y, places: places)
            ]
        }
        var launches: [any BlockProgramSource] = []
        if call.wantsWeight, let gradient = call.gradients.last {
            launches.append(
                DepthwiseKernel(
                    .weightGradient, shape, inputs: [y, x], weights: nil, bias: nil, output: gradient, places: places))
        }
        if call.wantsInput {
            launches.append(
                DepthwiseKernel(
                    .inputGradient, shape, inputs: [y], weights: call.weight, bias: nil, output: call.gradients[0],
                    places: places))
        }
        return launches
    }
}
