import Operators

/// MambaVision T: two stages of convolutions, then two of selective scans and attention over whole images, under
/// autocast to bf16. The step ends with fused AdamW.
struct MambaVision: ModelRecipe {
    let name = "mambavision-t"

    var defaults: ModelOptions {
        var options = ModelOptions()
        options.batch = Self.batch
        return options
    }

    /// Layers of the four stages. Those of the last two are scans, and as many attentions behind them.
    private let depths: [Int]

    init(depths: [Int] = [1, 3, 8, 4]) { self.depths = depths }

    private static let batch = 128
    private static let resolution = 224
    private static let width = 80
    private static let heads = [2, 4, 8, 16]
    private static let classes = 1000

    func step(_ options: ModelOptions) throws(ModelError) -> ModelStep {
        let batch = options.batch ?? Self.batch
        guard batch <= 1 << 14 else { throw .badSize(option: "--batch", value: batch, cure: "give at most \(1 << 14)") }
        var builder = StepBuilder()
        builder.begin(layer: "stem")
        let images = builder.tensor([batch, 3, Self.resolution, Self.resolution], .f32)
        let halves = builder.tensor(images.shape)
        builder.markInput(halves)
        var x = builder.stem(images, halves, width: Self.width)
        let schedule = LayerSchedule(kinds, everyLayer: options.everyLayer)
        var current = 0
        for layer in schedule.layers {
            let own = stage(ofLayer: layer.number)
            if own > current {
                builder.begin(layer: "\(current).down")
                x = builder.convolution(x, outputs: 2 * x.shape[1], stride: 2)
                current = own
            }
            builder.begin(layer: "\(layer.number).\(Self.names[layer.kind] ?? "layer")", repeats: layer.repeats)
            if current < 2 {
                // The model's first layer skips no image.
                x = Self.convolutions(x, skips: layer.number > 0, &builder)
            } else {
                let isLast = layer.repeats == 1 && stage(ofLayer: layer.number + 1) > current
                x = Self.windows(
                    x, heads: Self.heads[current], isScan: Self.names[layer.kind] == "scan", isLast: isLast, &builder)
            }
            builder.closeLayer()
        }
        builder.begin(layer: "head")
        builder.imageHead(x, classes: Self.classes)
        builder.backward()
        builder.adamW()
        return ModelStep(
            builder, name: ModelCatalogue.prefix + name,
            summary: "\(schedule.count) layers of width \(Self.width) to \(Self.width << 3), batch \(batch), "
                + "\(Self.resolution) x \(Self.resolution) pixels", reduction: schedule.note)
    }

    /// The layers' kinds, those of each stage apart: convolutions `c` and `d`, scans `s` and `t`, attention `a` and
    /// `b`.
    private var kinds: [Character] {
        let kinds: [(Character, Int)] = [
            ("c", depths[0]), ("d", depths[1]), ("s", depths[2] / 2), ("a", depths[2] / 2), ("t", depths[3] / 2),
            ("b", depths[3] / 2),
        ]
        return kinds.flatMap { [Character](repeating: $0.0, count: $0.1) }
    }
    private static let names: [Character: String] = [
        "c": "convolutions", "d": "convolutions", "s": "scan", "t": "scan", "a": "attention", "b": "attention",
    ]

    private func stage(ofLayer number: Int) -> Int {
        var end = 0
        for (stage, depth) in depths.enumerated() {
            end += depth
            if number < end { return stage }
        }
        return depths.count
    }

    private static func convolutions(
        _ x: OperatorTensor, skips: Bool, _ builder: inout StepBuilder
    ) -> OperatorTensor {
        let width = x.shape[1]
        let first = builder.batchNorm(builder.convolution(x, outputs: width, stride: 1, hasBias: true))
        let second = builder.convolution(builder.gelu(first), outputs: width, stride: 1, hasBias: true)
        return builder.imageSum(x, branch: builder.batchNorm(second), skips: skips)
    }

    private static func windows(
        _ x: OperatorTensor, heads: Int, isScan: Bool, isLast: Bool, _ builder: inout StepBuilder
    ) -> OperatorTensor {
        let window = StepBuilder.Window(of: x)
        let normed = builder.windowNorm(x)
        let mixed =
            isScan ? builder.windowScan(normed, window) : builder.windowAttention(normed, window, heads: heads)
        let middle = builder.windowSum(x, branch: mixed)
        // Behind a stage's last layer the next one holds the gradient.
        let outer = builder.windowNorm(middle, keepsGradient: isLast)
        let wide = builder.gelu(builder.halfLinear(outer, outputs: 4 * window.width, hasBias: true))
        return builder.windowSum(middle, branch: builder.halfLinear(wide, outputs: window.width, hasBias: true))
    }
}

extension StepBuilder {
    /// Two convolutions with a stride of two.
    fileprivate mutating func stem(_ images: OperatorTensor, _ halves: OperatorTensor, width: Int) -> OperatorTensor {
        call("aten::copy_", [images], [halves])
        let x = relu(batchNorm(convolution(halves, outputs: 32, stride: 2)))
        return relu(batchNorm(convolution(x, outputs: width, stride: 2)))
    }

    /// Norm, mean over the positions, classes and cross entropy.
    fileprivate mutating func imageHead(_ x: OperatorTensor, classes: Int) {
        let normed = batchNorm(x)
        let (batch, width) = (x.shape[0], x.shape[1])
        let mean = tensor([batch, width])
        call(
            "aten::mean", [normed], [mean.viewed([batch, width, 1, 1])],
            ["dim": .list([.integer(-1), .integer(-2)])])
        onBackward { builder in
            guard let dmean = builder.takeGradient(of: mean) else { return }
            let dnormed = builder.tensor(x.shape)
            builder.call("aten::div", [dmean.viewed(x.shape, strides: [width, 1, 0, 0])], [dnormed])
            builder.set(dnormed, asGradientOf: normed)
        }
        let logits = halfLinear(mean, outputs: classes, hasBias: true)
        let targets = tensor([batch], .i64)
        let logs = map("aten::_log_softmax", logits)
        let full = map("aten::copy_", logs, as: .f32)
        let (loss, weight) = (tensor([], .f32), tensor([], .f32))
        call("aten::nll_loss_forward", [full, targets], [loss, weight])
        onBackward { builder in
            let dloss = builder.tensor([], .f32)
            builder.call("aten::fill_", [], [dloss])
            let dfull = builder.tensor([batch, classes], .f32)
            builder.call("aten::fill_", [], [dfull])
            builder.call("aten::nll_loss_backward", [dloss, targets], [dfull])
            let dlogs = builder.map("aten::copy_", dfull, as: .bf16)
            builder.set(builder.map("aten::_log_softmax_backward_data", dlogs, logs), asGradientOf: logits)
        }
    }
}
