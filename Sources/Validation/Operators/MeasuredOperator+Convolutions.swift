import Content
import Operators

// Convolutions of images, and of each channel of a line.
extension MeasuredOperator {
    func convolution(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let type = try sizes.types().from
        let (batch, kernel, stride) = (
            try sizes.count("batch"), try sizes.count("kernel"), try sizes.count("stride")
        )
        let (inputs, outputs) = (try sizes.count("c_in"), try sizes.count("c_out"))
        let (height, width) = (try sizes.count("height"), try sizes.count("width"))
        let isLine = kind == "conv1d_depthwise"
        // Kernels of odd sizes with images padded by half of one.
        let padding = kernel / 2
        func after(_ size: Int) -> Int { (size + 2 * padding - kernel) / stride + 1 }
        let layout = try row.required("p_layout")
        func image(_ id: String, _ shape: [Int]) -> OperatorTensor {
            guard layout == "nhwc" else { return OperatorTensor(id, shape, type) }
            let channels = shape[1]
            return OperatorTensor(
                id, shape, strides: [channels * shape[2] * shape[3], 1, shape[3] * channels, channels], type)
        }
        let x = image("x", isLine ? [batch, inputs, width] : [batch, inputs, height, width])
        let y = image("y", isLine ? [batch, outputs, after(width)] : [batch, outputs, after(height), after(width)])
        func weights(_ id: String) -> OperatorTensor {
            image(id, isLine ? [outputs, 1, kernel] : [outputs, inputs, kernel, kernel])
        }
        func pair(_ value: Int) -> AttributeValue {
            .list([AttributeValue](repeating: .integer(value), count: isLine ? 1 : 2))
        }
        var attributes: [String: AttributeValue] = [
            "stride": pair(stride), "padding": pair(padding), "dilation": pair(1),
            "groups": .integer(isLine ? inputs : 1), "transposed": .flag(false),
        ]
        if direction == "fwd" {
            return [
                Operator("aten::convolution", inputs: [x, weights("weight")], outputs: [y], attributes: attributes)
            ]
        }
        let masks = ["dgrad": [true, false], "wgrad": [false, true], "bwd": [true, true]]
        guard let mask = masks[direction] else { return nil }
        attributes["output_mask"] = .list((mask + [false]).map { .flag($0) })
        let gradients = [image("dx", x.shape), weights("dweight")]
        return [
            Operator(
                "aten::convolution_backward", inputs: [y, x, weights("weight")],
                outputs: zip(gradients, mask).compactMap { $1 ? $0 : nil }, attributes: attributes, pass: .backward)
        ]
    }
}
