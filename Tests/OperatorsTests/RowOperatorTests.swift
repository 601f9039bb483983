import Operators
import Testing
import Trace

/// Operators over rows and lists of tensors, against rows of docs/validation/h200_operators_dev.csv or, where those
/// are large, against their rules for fewer rows (docs/operators.md).
@Suite("Launches of operators over rows")
struct RowOperatorTests {
    private static func launches(_ op: Operator) throws -> [any BlockProgramSource] {
        try OperatorPlan(OperatorList([op], name: "test"), multiprocessors: 132).launches
    }

    private static func matrix(
        _ id: String, _ rows: Int, _ columns: Int, _ type: OperatorElement = .bf16
    ) -> OperatorTensor { OperatorTensor(id, [rows, columns], type) }

    @Test("Norms: 10q and 6q load requests a row forward, 6q + 8 backward, and the weights' gradients by 32 columns")
    func norms() throws {
        // Rows 74 to 76 with 512 of their 25,088 rows: q = 3.
        let (rows, columns) = (512, 320)
        func matrix(_ id: String) -> OperatorTensor { Self.matrix(id, rows, columns, .f32) }
        let weights = ["gamma", "beta"].map { OperatorTensor($0, [columns], .f32) }
        let moments = ["mean", "rstd"].map { OperatorTensor($0, [rows, 1], .f32) }
        var forward = try #require(
            try Self.launches(
                Operator(
                    "aten::native_layer_norm", inputs: [matrix("x")] + weights, outputs: [matrix("y")] + moments)
            ).first)
        #expect(forward.launch.grid == Grid(x: rows) && forward.launch.registersPerThread == 39)
        #expect(try requests(&forward) == [.load: rows * 30, .store: rows * 5])
        var backward = try Self.launches(
            Operator(
                "aten::native_layer_norm_backward", inputs: [matrix("dy"), matrix("x")] + moments + weights,
                outputs: [matrix("dx")] + weights))
        #expect(backward.count == 2)
        #expect(try requests(&backward[0]) == [.load: rows * 26, .store: rows * 3])
        #expect(backward[1].launch.grid == Grid(x: 10) && backward[1].launch.threadsPerBlock == 1024)
        #expect(try requests(&backward[1]) == [.load: 10 * (2 * rows + 2 * rows / 8), .store: 640])
    }

    @Test("Batch norm: a block a channel over NCHW, and blocks of 32 channels over NHWC (rows 91 to 102)")
    func batchNorm() throws {
        let (batch, channels, size) = (4, 80, 12)
        let plane = size * size
        let channel = ["w", "b", "rm", "rv", "m", "v"].map { OperatorTensor($0, [channels], .f32) }
        func image(_ id: String, _ isChannelsLast: Bool) -> OperatorTensor {
            OperatorTensor(
                id, [batch, channels, size, size],
                strides: isChannelsLast ? [plane * channels, 1, size * channels, channels] : nil, .bf16)
        }
        func launches(_ isChannelsLast: Bool, _ isBackward: Bool) throws -> [any BlockProgramSource] {
            let x = image("x", isChannelsLast)
            return try Self.launches(
                isBackward
                    ? Operator(
                        "aten::native_batch_norm_backward",
                        inputs: [image("dy", isChannelsLast), x, channel[0]] + channel[2...],
                        outputs: [image("dx", isChannelsLast)] + channel[0..<2])
                    : Operator(
                        "aten::native_batch_norm", inputs: [x] + channel[0..<4],
                        outputs: [image("y", isChannelsLast)] + channel[4...]))
        }
        // A plane is five requests of up to 32 elements. A block has 256 threads a plane, two planes side by side.
        var forward = try launches(false, false)
        #expect(forward.map(\.launch.grid) == [Grid(x: 80), Grid(x: 1), Grid(x: 80, y: 4)])
        #expect(forward[0].launch.threadsPerBlock == 512)
        #expect(try requests(&forward[0]) == [.load: batch * channels * 5, .store: 160])
        // Five requests of a plane, and four values in both warps.
        #expect(forward[2].launch.threadsPerBlock == 64)
        #expect(try requests(&forward[2]) == [.load: batch * channels * 13, .store: batch * channels * 5])
        var backward = try launches(false, true)
        #expect(
            try requests(&backward[0]) == [.load: batch * channels * 20 + 80 * 48, .store: batch * channels * 5 + 160])

        // A position is three requests, the last of 16 channels. 576 positions are three blocks' share.
        let positions = batch * plane
        var last = try launches(true, false)
        #expect(last.map(\.launch.grid) == [Grid(x: 1), Grid(x: 3, y: 3), Grid(x: 1), Grid(x: 3, y: 3)])
        #expect(try requests(&last[1]) == [.load: positions * 3 + 27, .store: 27 + 6, .atomic: 9])
        #expect(try requests(&last[3]) == [.load: positions * 3 + 9 * 16 * 4, .store: positions * 3])
        var lastBackward = try launches(true, true)
        #expect(lastBackward.count == 3)
        #expect(try requests(&lastBackward[1]) == [.load: positions * 6 + 9 * 34, .store: 18 + 6, .atomic: 9])
        #expect(try requests(&lastBackward[2]) == [.load: positions * 6 + 9 * 80, .store: positions * 3])
    }

    @Test("Softmax: rows by warps, in registers, in shared memory and in three sweeps")
    func softmax() throws {
        // Rows 236, 238, 239, 241, 230 and 235 with fewer rows.
        let cases: [(String, Int, OperatorElement, grid: Int, threads: Int, loads: Int, stores: Int)] = [
            ("aten::_softmax", 196, .bf16, 4, 128, 7, 7),
            ("aten::_softmax_backward_data", 196, .bf16, 4, 128, 14, 7),
            ("aten::_softmax", 8192, .bf16, 16, 1024, 256, 256),
            ("aten::_softmax_backward_data", 8192, .bf16, 16, 512, 64, 32),
            ("aten::_log_softmax", 32_000, .f32, 16, 1024, 984, 328),
            ("aten::_log_softmax_backward_data", 32_000, .f32, 16, 512, 840, 280),
        ]
        for (name, columns, type, grid, threads, loads, stores) in cases {
            let inputs = name.hasSuffix("_data") ? ["dy", "y"] : ["x"]
            var source = try #require(
                try Self.launches(
                    Operator(
                        name, inputs: inputs.map { Self.matrix($0, 16, columns, type) },
                        outputs: [Self.matrix("z", 16, columns, type)])
                ).first)
            #expect(source.launch.grid == Grid(x: grid) && source.launch.threadsPerBlock == threads, "\(name)")
            #expect(try requests(&source) == [.load: 16 * loads, .store: 16 * stores], "\(name)")
        }
    }

    @Test("Gathers: an index a block, and as many threads as a row has pieces of 16 bytes (rows 111 and 133)")
    func gathers() throws {
        func gather(_ columns: Int, _ count: Int, _ indices: String) throws -> any BlockProgramSource {
            try #require(
                try Self.launches(
                    Operator(
                        "aten::index", inputs: [Self.matrix("t", 1000, columns), OperatorTensor("i", [count], .i64)],
                        outputs: [Self.matrix("y", count, columns)], attributes: ["indices": .text(indices)])
                ).first)
        }
        var narrow = try gather(128, 3000, "random")
        #expect(narrow.launch.grid == Grid(x: 3000) && narrow.launch.threadsPerBlock == 32)
        #expect(try requests(&narrow) == [.load: 6000, .store: 3000])
        var wide = try gather(4096, 64, "sorted")
        #expect(wide.launch.grid == Grid(x: 64, y: 2) && wide.launch.threadsPerBlock == 256)
        #expect(try requests(&wide) == [.load: 64 * 2 * 16, .store: 64 * 16])
        // A permutation names each row once.
        var turned = try gather(128, 1000, "permutation")
        var program = BlockProgram()
        var rows: Set<UInt64> = []
        for block in 0..<1000 {
            try turned.loadProgram(ofBlock: block, into: &program)
            for case .tile(let tile) in program.operations where tile.kind == .load && tile.laneBytes == 16 {
                rows.insert(tile.address)
            }
        }
        #expect(rows.count == 1000)
        let defect = #expect(throws: OperatorError.self) { try gather(128, 10, "sideways") }
        #expect(defect?.message.contains("'indices' of aten::index names no distribution; give one of") == true)
    }

    @Test("AdamW: chunks of 65,536 elements, 320 a launch, and four loads, three stores and the step (row 243)")
    func optimizer() throws {
        let sizes = [70_000, 1, 65_536 * 330]
        func list(_ id: String) -> [OperatorTensor] {
            sizes.enumerated().map { OperatorTensor("\(id)\($0)", [$1], .bf16) }
        }
        let (p, m, v) = (list("p"), list("m"), list("v"))
        let steps = sizes.indices.map { OperatorTensor("s\($0)", [], .f32) }
        let op = Operator("aten::_fused_adamw_", inputs: p + list("g") + m + v + steps, outputs: p + m + v)
        var launches = try Self.launches(op)
        #expect(launches.map(\.launch.grid.x) == [320, 13])
        // Every chunk of the second launch is full: 512 requests a list and 16 for the step.
        #expect(try requests(&launches[1]) == [.load: 13 * (4 * 512 + 16), .store: 13 * 3 * 512])
    }

    @Test("index_add: eight blocks an SM, and an index, a row's piece and an addition a warp (rows 135 and 136)")
    func indexAdd() throws {
        for (type, kind) in [(OperatorElement.bf16, AccessKind.atomic), (.f32, .reduction)] {
            let table = Self.matrix("t", 300, 128, type)
            let op = Operator(
                "aten::index_add_",
                inputs: [table, OperatorTensor("i", [2000], .i64), Self.matrix("s", 2000, 128, type)],
                outputs: [table])
            var source = try #require(try Self.launches(op).first)
            #expect(source.launch.grid == Grid(x: 1056) && source.launch.threadsPerBlock == 128)
            // The two bf16 elements of a word take turns.
            let additions = 2000 * 4 * (type == .bf16 ? 2 : 1)
            #expect(try requests(&source) == [.load: 2000 * 4 * 2, kind: additions])
        }
    }

    @Test("The loss: a class a thread, and one element of its row (rows 231 and 234)")
    func loss() throws {
        let (values, classes) = (Self.matrix("x", 1000, 50, .f32), OperatorTensor("c", [1000], .i64))
        let scalars = [OperatorTensor("loss", [], .f32), OperatorTensor("weight", [], .f32)]
        var forward = try #require(
            try Self.launches(Operator("aten::nll_loss_forward", inputs: [values, classes], outputs: scalars)).first)
        #expect(forward.launch.grid == Grid(x: 1) && forward.launch.threadsPerBlock == 256)
        #expect(try requests(&forward) == [.load: 64, .store: 2])
        var backward = try #require(
            try Self.launches(
                Operator("aten::nll_loss_backward", inputs: [scalars[0], classes], outputs: [values])
            ).first)
        #expect(try requests(&backward) == [.load: 32 + 8, .store: 32])
    }

    /// The warp requests of a launch by kind.
    private func requests(_ source: inout any BlockProgramSource) throws -> [AccessKind: Int] {
        var requests: [AccessKind: Int] = [:]
        var program = BlockProgram()
        var expander = RequestExpander(geometry: LineGeometry(lineBytes: 128, sectorBytes: 32))
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            for operation in program.operations {
                switch operation {
                case .tile(let tile):
                    expander.expand(tile)
                    requests[tile.kind, default: 0] += expander.requests.count { $0.startsRequest }
                case .lanes(let access): requests[access.kind, default: 0] += 1
                default: break
                }
            }
        }
        return requests
    }
}
