import Kernels
import Testing
import Trace

/// The gated norm's and SwiGLU's programs beside their sources, and the launches that cannot be.
@Suite struct NormProgramTests {
    /// The sectors that a block loads, and those that it stores.
    private func sectors(
        _ source: any KernelGenerator, block: Int
    ) throws -> (compiled: [Set<UInt64>], source: [Set<UInt64>]) {
        var source = source
        var program = BlockProgram()
        var expander = RequestExpander(geometry: .nvidia)
        try source.loadProgram(ofBlock: block, into: &program)
        var compiled: [Set<UInt64>] = [[], []]
        for case .tile(let tile) in program.operations {
            expander.expand(tile)
            for request in expander.requests {
                for sector in 0..<4 where request.sectors & 1 << sector != 0 {
                    compiled[tile.kind == .store ? 1 : 0].insert(request.line * 4 + UInt64(sector))
                }
            }
        }
        var operations: [SourceOperation] = []
        source.appendSourceOperations(ofBlock: block, to: &operations)
        var stated: [Set<UInt64>] = [[], []]
        for operation in operations where operation.elementCount > 0 {
            let first = operation.region.address / 32
            let last = (operation.region.address + UInt64(operation.region.columns * operation.elementBytes) - 1) / 32
            stated[operation.kind == .store ? 1 : 0].formUnion(first...last)
        }
        return (compiled, stated)
    }

    private static let oddShapes: [@Sendable (inout GatedNormShape) -> Void] = [
        { _ in }, { $0.rowStrideElements = 1213 }, { $0.isRMS = false }, { $0.hasBias = true }, { $0.hasGate = false },
        { ($0.normBeforeGate, $0.recomputesOutput, $0.hasBias, $0.isRMS) = (true, true, true, false) },
        { ($0.hasGate, $0.recomputesOutput, $0.hasBias) = (false, true, true) },
        { ($0.elementType, $0.recomputesOutput) = (.f32, true) }, { $0.parameterType = .f32 }, { $0.groupSize = 75 },
        { $0.groupSize = 8 }, { $0.groupSize = 1 },
    ]

    @Test("Both views of a block touch the same sectors, whatever the options", arguments: oddShapes.indices)
    func views(index: Int) throws {
        var shape = GatedNormShape(rows: 13, columns: 1200, groupSize: 300)
        shape.multiprocessorCount = 3
        Self.oddShapes[index](&shape)
        for kernel in NormKernels.kernels {
            let source = try NormKernels.makeSource(kernel: kernel, shape: shape)
            for block in [0, 1, source.launch.grid.blockCount - 1] {
                let both = try sectors(source, block: block)
                #expect(both.compiled == both.source)
                #expect(!both.source[1].isEmpty)
            }
        }
    }

    @Test(
        "SwiGLU's views touch the same sectors, for every block that the autotuner tries",
        arguments: [32, 64, 128, 256, 512, 1024])
    func swigluViews(block: Int) throws {
        for columns in [300, 1024] {
            var shape = SwigluShape(rows: 5, columns: columns)
            shape.recomputesOutput = true
            let tiling = Tiling(block: block, warps: 4, stages: 3)
            for kernel in SwigluKernels.kernels {
                let source = try SwigluKernels.makeSource(kernel: kernel, shape: shape, tiling: tiling)
                #expect(source.launch.grid == Grid(x: 5, y: (columns + block - 1) / block))
                for index in [0, source.launch.grid.blockCount - 1] {
                    let both = try sectors(source, block: index)
                    #expect(both.compiled == both.source)
                }
            }
        }
    }

    /// Bytes of a lane in block 0's accesses, and from a lane to the next, by tensor.
    private func lanes(_ change: (inout GatedNormShape) -> Void) throws -> [String: [UInt16]] {
        var shape = GatedNormShape(rows: 1, columns: 4096, groupSize: 1024)
        change(&shape)
        var source = try NormKernels.makeSource(kernel: "ln_gated_fwd", shape: shape)
        var program = BlockProgram()
        try source.loadProgram(ofBlock: 0, into: &program)
        var lanes: [String: [UInt16]] = [:]
        for case .tile(let tile) in program.operations where tile.rowBytes > 4 {
            lanes[source.launch.tensors[Int(tile.tensor)].name] = [tile.laneBytes, tile.laneStrideBytes]
        }
        return lanes
    }

    /// As compiled with Triton 3.6.0: `spt` of the layouts and width of the instructions.
    @Test func `A vector's layout is the widest that any tensor asks for, its accesses what its own address allows`()
        throws
    {
        let whole: [UInt16] = [16, 16]
        #expect(try lanes { _ in } == ["X": whole, "Z": whole, "W": whole, "Y": whole])
        // A row stride that is no multiple of 16 leaves x and z single elements, eight of them a thread.
        #expect(
            try lanes { $0.rowStrideElements = 4104 }
                == ["X": [2, 16], "Z": [2, 16], "W": whole, "Y": whole])
        // A group that is no multiple of 16 enters every address.
        let single: [UInt16] = [2, 2]
        #expect(
            try lanes { ($0.columns, $0.groupSize) = (4004, 1001) }
                == ["X": single, "Z": single, "W": single, "Y": single])
        // The fp32 weight follows the layout of the 16-bit values.
        #expect(try lanes { $0.parameterType = .f32 }["W"] == [16, 32])
    }

    @Test func `The backward grid shares the rows out to the SMs, and late row groups store zeros alone`() throws {
        var shape = GatedNormShape(rows: 40, columns: 512, groupSize: 512)
        shape.multiprocessorCount = 4
        #expect(shape.rowGroups == 8 && shape.rowsPerGroup == 5)
        shape.multiprocessorCount = 30
        #expect(shape.rowGroups == 60 && shape.rowsPerGroup == 1)
        var operations: [SourceOperation] = []
        try NormKernels.makeSource(kernel: "ln_gated_bwd", shape: shape).appendSourceOperations(
            ofBlock: 59, to: &operations)
        #expect(operations.map(\.kind) == [.load, .store])
    }

    @Test func `Shapes and blocks that no launch has are refused with the field's name`() throws {
        func field(_ change: (inout GatedNormShape) -> Void) -> String? {
            var shape = GatedNormShape(rows: 8, columns: 1024, groupSize: 256)
            change(&shape)
            do {
                _ = try NormKernels.makeSource(kernel: "ln_gated_fwd", shape: shape)
            } catch .badShape(let field, _, _) {
                return field
            } catch {}
            return nil
        }
        #expect(field { _ in } == nil)
        #expect(field { $0.rows = 0 } == "rows")
        #expect(field { $0.groupSize = 300 } == "group size")
        #expect(field { $0.groupSize = 0 } == "group size")
        #expect(field { ($0.columns, $0.groupSize) = (65536, 65536) } == "group size")
        #expect(field { $0.rowStrideElements = 1000 } == "row stride")
        #expect(field { $0.elementType = .i32 } == "element type")
        #expect(field { ($0.rows, $0.rowStrideElements) = (1 << 24, 1 << 24) } == "rows")
        #expect(throws: KernelError.unknownKernel(name: "ln", known: NormKernels.kernels)) {
            try NormKernels.makeSource(kernel: "ln", shape: GatedNormShape(rows: 1, columns: 64, groupSize: 64))
        }
        #expect(throws: KernelError.self) {
            try SwigluKernels.makeSource(kernel: "swiglu_fwd", shape: SwigluShape(rows: 8, columns: -1))
        }
        #expect(throws: KernelError.self) {
            let tiling = Tiling(block: 100, warps: 4, stages: 3)
            _ = try SwigluKernels.makeSource(
                kernel: "swiglu_bwd", shape: SwigluShape(rows: 8, columns: 64), tiling: tiling)
        }
    }

    /// Block, backward or not, and the instructions of the compiled kernel (Triton 3.6.0, sm_90, bf16, 4 warps).
    @Test(
        "SwiGLU's instructions are within 3 % of the compiled kernels'",
        arguments: [
            (128, false, 56), (512, false, 110), (1024, false, 182), (128, true, 82), (512, true, 157),
            (1024, true, 258),
        ])
    func swigluInstructions(block: Int, isBackward: Bool, instructions: Int) throws {
        var source = try SwigluKernels.makeSource(
            kernel: isBackward ? "swiglu_bwd" : "swiglu_fwd", shape: SwigluShape(rows: 1, columns: 1024),
            tiling: Tiling(block: block, warps: 4, stages: 3))
        var program = BlockProgram()
        try source.loadProgram(ofBlock: 0, into: &program)
        var total = 0
        for case .compute(let work) in program.operations { total += Int(work.instructions) }
        #expect(abs(Double(total) / Double(instructions) - 1) < 0.03)
    }
}
