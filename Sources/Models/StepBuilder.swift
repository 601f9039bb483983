import Operators

/// Writes down the operators of a training step as PyTorch calls them: those of the forward pass as they are asked for,
/// then those of the backward pass, layer by layer from the end, then the optimizer's.
///
/// Each function of the forward pass also notes what its gradient does.
struct StepBuilder {
    private(set) var operators: [Operator] = []
    /// How often each operator's layer is in the model.
    private(set) var repeats: [Int] = []
    private(set) var parameters: [OperatorTensor] = []

    private var pass = OperatorPass.forward
    private var layer = ""
    private var layerRepeats = 1
    private var tape: [(layer: String, repeats: Int, run: (inout StepBuilder) -> Void)] = []
    private var gradients: [String: OperatorTensor] = [:]
    /// Gradients that another tensor looks at, so that nothing can be added to them in place.
    private var shared: Set<String> = []
    /// Inputs of the model, which need no gradients.
    private var inputs: Set<String> = []
    /// The number of parameters before the layer that is open.
    private var firstParameter = 0
    private var count = 0

    /// Begins a layer.
    mutating func begin(layer: String, repeats: Int = 1) {
        self.layer = layer
        layerRepeats = repeats
        firstParameter = parameters.count
    }

    /// Ends a layer. The parameters of the layers that it stands for follow its own.
    mutating func closeLayer() {
        let own = parameters[firstParameter...]
        for _ in 1..<max(1, layerRepeats) {
            for parameter in own { _ = self.parameter(parameter.shape, parameter.type) }
        }
    }

    /// A new tensor without gaps, or with these strides.
    mutating func tensor(
        _ shape: [Int], _ type: OperatorElement = .bf16, strides: [Int]? = nil
    ) -> OperatorTensor {
        count += 1
        return OperatorTensor("t\(count)", shape, strides: strides, type)
    }

    /// A new parameter of the model.
    mutating func parameter(_ shape: [Int], _ type: OperatorElement = .bf16) -> OperatorTensor {
        let parameter = tensor(shape, type)
        parameters.append(parameter)
        return parameter
    }

    /// Writes an operator down.
    mutating func call(
        _ name: String, _ inputs: [OperatorTensor], _ outputs: [OperatorTensor],
        _ attributes: [String: AttributeValue] = [:]
    ) {
        operators.append(
            Operator(name, inputs: inputs, outputs: outputs, attributes: attributes, layer: layer, pass: pass))
        repeats.append(pass == .optimizer ? 1 : layerRepeats)
    }

    /// An operator with one new output of the first input's shape.
    mutating func map(_ name: String, _ inputs: OperatorTensor..., as type: OperatorElement? = nil) -> OperatorTensor {
        let output = tensor(inputs[0].shape, type ?? inputs[0].type)
        call(name, inputs, [output])
        return output
    }

    /// Notes what the gradient of the last function does.
    mutating func onBackward(_ run: @escaping (inout StepBuilder) -> Void) { tape.append((layer, layerRepeats, run)) }

    // Gradients

    /// Says that a value is an input of the model.
    mutating func markInput(_ value: OperatorTensor) { inputs.insert(value.id) }

    func needsGradient(_ value: OperatorTensor) -> Bool { !inputs.contains(value.id) }

    /// The gradient of a value, which nobody needs again.
    mutating func takeGradient(of value: OperatorTensor) -> OperatorTensor? { gradients.removeValue(forKey: value.id) }

    /// Adds to the gradient of a value, in place where only the sum is left of the gradient before.
    mutating func add(_ gradient: OperatorTensor, toGradientOf value: OperatorTensor, isView: Bool = false) {
        guard needsGradient(value) else { return }
        guard let before = gradients[value.id] else {
            gradients[value.id] = gradient
            if isView { shared.insert(gradient.id) }
            return
        }
        if shared.contains(before.id) {
            gradients[value.id] = map("aten::add", before, gradient)
        } else {
            call("aten::add_", [before, gradient], [before])
        }
    }

    /// Gives a parameter its gradient.
    mutating func set(_ gradient: OperatorTensor, asGradientOf parameter: OperatorTensor) {
        gradients[parameter.id] = gradient
    }

    /// Writes the backward pass down.
    mutating func backward() {
        pass = .backward
        while let (layer, repeats, run) = tape.popLast() {
            begin(layer: layer, repeats: repeats)
            run(&self)
        }
    }

    /// Writes the step of fused AdamW down. Parameters of each type are a group of their own.
    mutating func adamW() {
        pass = .optimizer
        begin(layer: "")
        for type in [OperatorElement.f32, .bf16] {
            let group = parameters.filter { $0.type == type }
            guard !group.isEmpty else { continue }
            let steps = group.map { _ in tensor([], .f32) }
            let own = group.map { parameter in
                [
                    gradients[parameter.id] ?? tensor(parameter.shape, type), tensor(parameter.shape, type),
                    tensor(parameter.shape, type),
                ]
            }
            call("aten::_foreach_add_", steps, steps)
            let lists = (0..<3).map { list in own.map { $0[list] } }
            call("aten::_fused_adamw_", group + lists[0] + lists[1] + lists[2] + steps, group + lists[1] + lists[2])
        }
    }
}

extension OperatorTensor {
    /// The matrix with rows and columns exchanged.
    var transposed: OperatorTensor {
        OperatorTensor(
            id, [shape[1], shape[0]], strides: [strides[1], strides[0]], type, offset: offset)
    }

    /// The same bytes in another shape.
    func viewed(_ shape: [Int], strides: [Int]? = nil, offset: Int? = nil) -> OperatorTensor {
        OperatorTensor(id, shape, strides: strides, type, offset: offset ?? self.offset)
    }
}
