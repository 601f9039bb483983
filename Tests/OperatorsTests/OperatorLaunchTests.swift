import Operators
import Testing
import Trace

@Suite("Launches of operators")
struct OperatorLaunchTests {
    private static func plan(_ operators: [Operator]) throws -> OperatorPlan {
        try OperatorPlan(OperatorList(operators, name: "test"), multiprocessors: 132)
    }

    private static func pointwise(_ name: String, _ inputs: [OperatorTensor], _ output: OperatorTensor) -> Operator {
        Operator(name, inputs: inputs, outputs: [output])
    }

    private static func tensor(
        _ id: String, _ shape: [Int], _ type: OperatorElement = .bf16, strides: [Int]? = nil, offset: Int = 0
    ) -> OperatorTensor { OperatorTensor(id, shape, strides: strides, type, offset: offset) }

    /// Operators with the first launch that the device made: grid, threads, registers, load and store requests.
    /// *Source:* the rows of docs/validation/h200_operators_dev.csv in the comments.
    private static let measured: [(Operator, kernel: String, Grid, registers: Int, loads: Int, stores: Int)] = [
        // 39: add of 1,000,003 bf16
        (
            pointwise("aten::add", [tensor("a", [1_000_003]), tensor("b", [1_000_003])], tensor("c", [1_000_003])),
            "add.vec8", Grid(x: 977), 34, 7846, 3923
        ),
        // 41: the same from fp32 to bf16
        (
            pointwise("aten::copy_", [tensor("a", [1_000_003], .f32)], tensor("c", [1_000_003])), "copy.vec8",
            Grid(x: 977), 32, 7827, 3923
        ),
        // 40: and back
        (
            pointwise("aten::copy_", [tensor("a", [1_000_003])], tensor("c", [1_000_003], .f32)), "copy.unrolled",
            Grid(x: 1954), 32, 31251, 31251
        ),
        // 43: fill of fp32
        (
            Operator("aten::zero_", inputs: [], outputs: [tensor("c", [1_000_003], .f32)]), "fill.vec4", Grid(x: 977),
            16, 0, 7827
        ),
        // 90: one 64-bit number
        (
            pointwise("aten::add_", [tensor("a", [], .i64)], tensor("a", [], .i64)), "add.vec2", Grid(x: 1), 38, 1, 1
        ),
        // 47 by its rule, smaller: two bytes off alignment
        (
            pointwise("aten::add", [tensor("a", [4096], offset: 1), tensor("b", [4096])], tensor("c", [4096])),
            "add.unrolled", Grid(x: 8), 32, 256, 128
        ),
        // 61 by its rule, smaller: a row is broadcast
        (
            pointwise("aten::add", [tensor("a", [64, 256]), tensor("b", [256])], tensor("c", [64, 256])),
            "add.strided", Grid(x: 32), 18, 1024, 512
        ),
        // 65 by its rule, smaller: fp32 transposed
        (
            pointwise(
                "aten::copy_", [tensor("a", [64, 256], .f32, strides: [1, 64])], tensor("c", [64, 256], .f32)),
            "copy.strided", Grid(x: 64), 18, 512, 512
        ),
        // 71 by its rule, smaller: channels that are no whole warp
        (
            pointwise(
                "aten::copy_", [tensor("a", [2, 80, 4, 4])],
                tensor("c", [2, 80, 4, 4], strides: [1280, 1, 320, 80])), "copy.strided", Grid(x: 5), 18, 80, 80
        ),
    ]

    @Test("Grids, registers and requests are those of the device", arguments: measured.indices)
    func grids(index: Int) throws {
        let (op, kernel, grid, registers, loads, stores) = Self.measured[index]
        let step = try #require(try Self.plan([op]).steps.first)
        #expect(!step.isEstimate)
        var source = try #require(step.launches.first)
        let launch = source.launch
        #expect(launch.kernel == kernel && launch.grid == grid && launch.threadsPerBlock == 128)
        #expect(launch.registersPerThread == registers)
        let counts = try Self.count(&source)
        #expect(counts.requests[.load, default: 0] == loads)
        #expect(counts.requests[.store, default: 0] == stores)
    }

    @Test("Tensors are joined in pieces, by blocks that go over them in turns (rows 69 and 70)")
    func concatenation() throws {
        for (dimension, second, width) in [(1, [4096, 16384], 24576), (0, [4096, 8192], 8192)] {
            let output = [dimension == 0 ? 8192 : 4096, width]
            let op = Operator(
                "aten::cat", inputs: [Self.tensor("a", [4096, 8192]), Self.tensor("b", second)],
                outputs: [Self.tensor("c", output)], attributes: ["dim": .integer(dimension)])
            var source = try #require(try Self.plan([op]).launches.first)
            #expect(source.launch.grid == Grid(x: 4224, y: 2))
            let counts = try Self.count(&source)
            let requests = dimension == 1 ? 393_216 : 262_144
            #expect(counts.requests == [.load: requests, .store: requests])
            #expect(counts.bytes[.store] == output[0] * output[1] * 2)
        }
    }

    @Test("A store of every element, and nothing else, whatever the order of the dimensions")
    func coverage() throws {
        // 3 x 5 x 7 elements, of which a slice is copied with its dimensions turned.
        let input = Self.tensor("a", [3, 5, 7], .f32, strides: [1, 42, 6], offset: 2)
        var source = try #require(
            try Self.plan([Self.pointwise("aten::copy_", [input], Self.tensor("c", [3, 5, 7], .f32))]).launches.first)
        let counts = try Self.count(&source)
        #expect(counts.bytes == [.load: 420, .store: 420])
        let base = source.launch.tensors.first { $0.name == "a" }?.baseAddress ?? 0
        var expected: Set<UInt64> = []
        for x in 0..<3 {
            for y in 0..<5 { for z in 0..<7 { expected.insert(base + UInt64(4 * (2 + x + 42 * y + 6 * z))) } }
        }
        #expect(counts.loaded == expected)
    }

    @Test("Views launch nothing, and operators without a generator are estimated from their bytes")
    func estimates() throws {
        let x = Self.tensor("x", [100, 70])
        let plan = try Self.plan([
            Operator("aten::view", inputs: [x], outputs: [x]),
            Operator("aten::mystery", inputs: [x, x], outputs: [Self.tensor("y", [33], .f32)]),
            Operator("aten::mystery", inputs: [], outputs: []),
        ])
        #expect(plan.steps.map(\.launches.count) == [0, 1, 0])
        #expect(plan.steps.map(\.isEstimate) == [false, true, true])
        var source = try #require(plan.launches.first)
        #expect(source.launch.kernel == "estimate:aten::mystery" && source.launch.resourcesAreEstimated)
        #expect(try Self.count(&source).bytes == [.load: 2 * 14_000, .store: 132])
        let summary = OperatorSummary(plan)
        #expect(summary.rows.map(\.estimated) == [0, 2])
        #expect(summary.total(\.readBytes) == 14_000 + 28_000)
    }

    @Test("Tensors of one id have one place, which no other tensor has")
    func places() throws {
        let x = Self.tensor("x", [1000])
        let plan = try Self.plan([
            Self.pointwise("aten::exp", [Self.tensor("x", [10])], Self.tensor("y", [10])),
            Self.pointwise("aten::add", [x, Self.tensor("y", [1000])], Self.tensor("z", [1000])),
        ])
        let tensors = plan.launches.flatMap(\.launch.tensors)
        #expect(Set(tensors.filter { $0.name == "x" }.map(\.baseAddress)).count == 1)
        #expect(tensors.allSatisfy { $0.byteCount == 2000 })
        let ranges = Set(tensors.map(\.baseAddress)).sorted()
        #expect(ranges.count == 3 && zip(ranges, ranges.dropFirst()).allSatisfy { $0 + 2000 <= $1 })
    }

    @Test("Shapes that do not fit together are errors with the operator's line")
    func defects() throws {
        let header = #"{"format":"weir-operators","version":1}"#
        let text =
            header + "\n" + #"{"op":"aten::add","inputs":[{"id":"x","shape":[3],"type":"f32"}],"#
            + #""outputs":[{"id":"y","shape":[4],"type":"f32"}]}"#
        let list = try OperatorList(text: text, name: "f")
        let error = #expect(throws: OperatorError.self) { try OperatorPlan(list, multiprocessors: 132) }
        #expect(error?.message == "f:2: tensor 'x' of shape [3] does not spread over shape [4]; check the shapes")
    }

    @Test("A list gives the same programs each time")
    func determinism() throws {
        let operators = Self.measured.map { $0.0 }
        func programs() throws -> [BlockProgram] {
            try Self.plan(operators).launches.map { source in
                var source = source
                var program = BlockProgram()
                try source.loadProgram(ofBlock: source.launch.grid.blockCount - 1, into: &program)
                return program
            }
        }
        #expect(try programs() == programs())
    }

    private struct Counts {
        var requests: [AccessKind: Int] = [:]
        var bytes: [AccessKind: Int] = [:]
        /// First bytes of the lanes of loads that have addresses of their own.
        var loaded: Set<UInt64> = []
    }

    /// Counts a launch's warp requests and bytes.
    private static func count(_ source: inout any BlockProgramSource) throws -> Counts {
        var counts = Counts()
        var program = BlockProgram()
        var expander = RequestExpander(geometry: LineGeometry(lineBytes: 128, sectorBytes: 32))
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            for operation in program.operations {
                switch operation {
                case .tile(let tile):
                    expander.expand(tile)
                    counts.requests[tile.kind, default: 0] += expander.requests.count { $0.startsRequest }
                    counts.bytes[tile.kind, default: 0] += Int(tile.rows) * Int(tile.rowBytes)
                case .lanes(let access):
                    let addresses = program.laneAddresses[
                        Int(access.firstLane)..<Int(access.firstLane + access.laneCount)]
                    counts.requests[access.kind, default: 0] += 1
                    counts.bytes[access.kind, default: 0] += addresses.count * Int(access.laneBytes)
                    if access.kind == .load { counts.loaded.formUnion(addresses) }
                default: break
                }
            }
        }
        return counts
    }
}
