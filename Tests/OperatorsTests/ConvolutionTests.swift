import Operators
import TestSupport
import Testing
import Trace

@Suite("Convolutions")
struct ConvolutionTests {
    private static func plan(_ operators: [Operator]) throws -> OperatorPlan {
        try OperatorPlan(OperatorList(operators, name: "test"), multiprocessors: 132)
    }

    /// A convolution with 3 x 3 kernels of images of 128 in a batch, or its gradients.
    private static func convolution(
        _ inputs: Int, _ outputs: Int, size: Int, stride: Int, batch: Int = 128, gradients mask: [Bool]? = nil,
        channelsLast: Bool = false, transposed: Bool = false
    ) -> Operator {
        let small = (size - 1) / stride + 1
        func image(_ id: String, _ shape: [Int]) -> OperatorTensor {
            let channels = shape[1]
            return OperatorTensor(
                id, shape,
                strides: channelsLast ? [channels * shape[2] * shape[3], 1, shape[3] * channels, channels] : nil, .bf16)
        }
        let x = image("x", [batch, inputs, size, size])
        let y = image("y", [batch, outputs, small, small])
        let weight = image("w", [outputs, inputs, 3, 3])
        var attributes: [String: AttributeValue] = [
            "stride": .list([.integer(stride), .integer(stride)]), "padding": .list([.integer(1), .integer(1)]),
            "transposed": .flag(transposed),
        ]
        guard let mask else {
            return Operator("aten::convolution", inputs: [x, weight], outputs: [y], attributes: attributes)
        }
        attributes["output_mask"] = .list((mask + [false]).map { .flag($0) })
        let all = [image("dx", x.shape), image("dw", weight.shape)]
        return Operator(
            "aten::convolution_backward", inputs: [y, x, weight],
            outputs: zip(all, mask).compactMap { $1 ? $0 : nil }, attributes: attributes)
    }

    private struct Measured {
        var inputs: Int
        var outputs: Int
        var size: Int
        var stride: Int
        var forward: Grid?
        var inputGradient: Grid?
        var weightGradient: Grid
    }

    /// *Source:* the launches of a training step of MambaVision, batch 128, on an H200.
    private static let measured = [
        Measured(
            inputs: 80, outputs: 80, size: 56, stride: 1, forward: Grid(x: 15, y: 8),
            inputGradient: Grid(x: 15, y: 8), weightGradient: Grid(x: 117)),
        Measured(
            inputs: 80, outputs: 160, size: 56, stride: 2, forward: Grid(x: 117), inputGradient: Grid(x: 1568, y: 2),
            weightGradient: Grid(x: 108)),
        Measured(
            inputs: 160, outputs: 160, size: 28, stride: 1, inputGradient: Grid(x: 117), weightGradient: Grid(x: 112)),
        Measured(
            inputs: 160, outputs: 320, size: 28, stride: 2, forward: Grid(x: 15, y: 8),
            inputGradient: Grid(x: 66, y: 2), weightGradient: Grid(x: 96)),
        Measured(
            inputs: 320, outputs: 640, size: 14, stride: 2, forward: Grid(x: 15, y: 8),
            inputGradient: Grid(x: 66, y: 2), weightGradient: Grid(x: 110)),
        Measured(
            inputs: 32, outputs: 80, size: 112, stride: 2, forward: Grid(x: 3136), inputGradient: Grid(x: 30, y: 4),
            weightGradient: Grid(x: 4, y: 1, z: 56)),
        Measured(
            inputs: 3, outputs: 32, size: 224, stride: 2, forward: Grid(x: 50_176),
            weightGradient: Grid(x: 1, y: 1, z: 127)),
    ]

    @Test("Products have the device's grids", arguments: measured.indices)
    func grids(index: Int) throws {
        let own = Self.measured[index]
        func grid(_ mask: [Bool]?, _ prefix: String) throws -> Grid? {
            let op = Self.convolution(own.inputs, own.outputs, size: own.size, stride: own.stride, gradients: mask)
            let step = try #require(try Self.plan([op]).steps.first)
            #expect(!step.isEstimate && step.categories.allSatisfy { $0 == .conv2d })
            return step.launches.first { $0.launch.kernel.hasPrefix(prefix) }?.launch.grid
        }
        if let wanted = own.forward { #expect(try grid(nil, "conv2d") == wanted) }
        if let wanted = own.inputGradient { #expect(try grid([true, false], "conv2d") == wanted) }
        #expect(try grid([false, true], "conv2d_wgrad") == own.weightGradient)
    }

    @Test func `Copies of layout surround a convolution unless channels lie side by side`() throws {
        func kernels(_ op: Operator) throws -> [String] { try Self.plan([op]).launches.map(\.launch.kernel) }
        #expect(
            try kernels(Self.convolution(80, 80, size: 56, stride: 1))
                == ["nchw_to_nhwc", "nchw_to_nhwc", "conv2d_fwd", "nhwc_to_nchw"])
        #expect(try kernels(Self.convolution(80, 80, size: 56, stride: 1, channelsLast: true)) == ["conv2d_fwd"])
        let both = Self.convolution(80, 80, size: 56, stride: 1, gradients: [true, true])
        #expect(
            try kernels(both) == [
                "nchw_to_nhwc", "nchw_to_nhwc", "conv2d_dgrad", "nhwc_to_nchw", "nchw_to_nhwc", "nchw_to_nhwc",
                "conv2d_workspace", "conv2d_wgrad", "conv2d_sum", "nhwc_to_nchw",
            ])
        // Two products of 2 x 401,408 x 80 x 720 operations.
        let operations = try #require(try Self.plan([both]).steps[0].operations)
        #expect(operations == 2 * 2 * 401_408 * 80 * 720)
    }

    @Test func `A convolution of each channel of a line is PyTorch's own`() throws {
        let (x, w) = (OperatorTensor("x", [128, 160, 196], .bf16), OperatorTensor("w", [160, 1, 3], .bf16))
        let attributes: [String: AttributeValue] = ["padding": .list([.integer(1)]), "groups": .integer(160)]
        let forward = Operator(
            "aten::convolution", inputs: [x, w], outputs: [OperatorTensor("y", x.shape, .bf16)], attributes: attributes)
        let backward = Operator(
            "aten::convolution_backward", inputs: [OperatorTensor("dy", x.shape, .bf16), x, w],
            outputs: [OperatorTensor("dx", x.shape, .bf16), OperatorTensor("dw", w.shape, .bf16)],
            attributes: attributes)
        let plan = try Self.plan([forward, backward])
        #expect(plan.steps.allSatisfy { $0.category == .conv1d && $0.categories.allSatisfy { $0 == .conv1d } })
        #expect(
            plan.launches.map(\.launch.kernel)
                == ["conv1d_depthwise_fwd", "conv1d_depthwise_wgrad", "conv1d_depthwise_dgrad"])
        #expect(plan.launches.map(\.launch.grid) == [Grid(x: 3920), Grid(x: 480), Grid(x: 3920)])
    }

    @Test func `What was not measured is an estimate, and sizes that do not fit are an error`() throws {
        #expect(try Self.plan([Self.convolution(80, 80, size: 8, stride: 1, transposed: true)]).steps[0].isEstimate)
        #expect(try Self.plan([Self.convolution(12, 80, size: 8, stride: 1)]).steps[0].isEstimate)
        var wrong = Self.convolution(80, 80, size: 8, stride: 1)
        wrong.outputs[0].shape[2] = 7
        let error = #expect(throws: OperatorError.self) { try Self.plan([wrong]) }
        #expect(error?.description.contains("check shapes, stride, padding and groups") == true)
    }

    @Test func `Accesses lie within the launch's tensors, and copies of layout move every byte once`() throws {
        let seed = SeededGenerator.printedSeed("convolutions")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            let (inputs, outputs) = (
                8 * Int.random(in: 1...24, using: &generator), 8 * Int.random(in: 1...24, using: &generator)
            )
            let size = Int.random(in: 3...17, using: &generator)
            let stride = Int.random(in: 1...2, using: &generator)
            let last = Bool.random(using: &generator)
            for mask in [nil, [true, true]] {
                let op = Self.convolution(
                    inputs, outputs, size: size, stride: stride, batch: Int.random(in: 1...3, using: &generator),
                    gradients: mask, channelsLast: last)
                for var source in try Self.plan([op]).launches {
                    var program = BlockProgram()
                    var bytes: [AccessKind: Int] = [:]
                    for block in 0..<source.launch.grid.blockCount {
                        try source.loadProgram(ofBlock: block, into: &program)
                        for case .tile(let tile) in program.operations {
                            let tensor = source.launch.tensors[Int(tile.tensor)]
                            let end =
                                tile.address + UInt64(Int64(tile.rows - 1) * tile.pitchBytes) + UInt64(tile.rowBytes)
                            if tile.address < tensor.baseAddress || end > tensor.baseAddress + tensor.byteCount {
                                Issue.record("seed \(seed): \(source.launch.kernel) of \(op) at \(tile)")
                            }
                            bytes[tile.kind, default: 0] += Int(tile.rows) * Int(tile.rowBytes)
                        }
                    }
                    guard source.launch.kernel.hasPrefix("n") else { continue }
                    #expect(bytes[.load] == Int(source.launch.tensors[0].byteCount), "seed \(seed)")
                    #expect(bytes[.store] == Int(source.launch.tensors[1].byteCount), "seed \(seed)")
                }
            }
        }
    }
}
