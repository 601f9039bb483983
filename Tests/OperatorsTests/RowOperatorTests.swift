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

    /// The warp requests of a launch by kind.
    private func requests(_ source: inout any BlockProgramSource) throws -> [AccessKind: Int] {
        var requests: [AccessKind: Int] = [:]
        var program = BlockProgram()
        var expander = RequestExpander(geometry: LineGeometry(lineBytes: 128, sectorBytes: 32))
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            for case .tile(let tile) in program.operations {
                expander.expand(tile)
                requests[tile.kind, default: 0] += expander.requests.count { $0.startsRequest }
            }
        }
        return requests
    }
}
