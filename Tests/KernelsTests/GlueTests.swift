import Kernels
import Testing
import Trace

/// The framework's launches of a backward call, against hardware counters and by rule.
@Suite struct GlueTests {
    private func glue(_ shape: SSDShape, tiling: (String) -> Tiling? = { _ in nil }) throws -> [any KernelGenerator] {
        let allocation = SSDAllocation(shape: shape, pass: .backward)
        return try SSDKernels.backwardLaunches(shape: shape).flatMap { launch in
            try FrameworkGlue.launches(before: launch, allocation: allocation)
                + FrameworkGlue.launches(after: launch, tiling: tiling(launch.kernel), allocation: allocation)
        }
    }

    private func names(_ change: (inout SSDShape) -> Void) throws -> [String] {
        var shape = SSDShape(
            batch: 2, sequenceLength: 300, heads: 24, headDim: 64, groups: 1, stateDim: 64, chunkSize: 64)
        change(&shape)
        return try glue(shape).map(\.launch.kernel)
    }

    /// Bytes that a launch loads and stores.
    private func bytes(_ source: any KernelGenerator) throws -> (loaded: Int, stored: Int) {
        var operations: [SourceOperation] = []
        for block in 0..<source.launch.grid.blockCount {
            source.appendSourceOperations(ofBlock: block, to: &operations)
        }
        func total(_ kind: AccessKind) -> Int {
            operations.filter { $0.kind == kind }.reduce(0) { $0 + $1.elementCount * $1.elementBytes }
        }
        return (total(.load), total(.store))
    }

    @Test(arguments: MeasuredGlue.steps)
    fileprivate func `Grids, resources, requests and sectors are those that the H200 counted`(step: MeasuredStep) throws
    {
        let sources = try glue(step.shape, tiling: step.tiling)
        let measured = step.launches
        try #require(sources.map(\.launch.kernel) == measured.map(\.kernel))
        for (source, row) in zip(sources, measured) {
            let launch = source.launch
            let counts = try RequestCounts(source)
            #expect(launch.grid.y * launch.grid.z == 1)
            let found = [
                launch.grid.x, launch.threadsPerBlock, launch.registersPerThread, launch.sharedMemoryBytesPerBlock,
                counts.loadRequests, counts.loadSectors, counts.storeRequests, counts.storeSectors,
            ]
            #expect(found == row.counts, "\(row.kernel)")
        }
    }

    @Test(arguments: MeasuredGlue.steps)
    fileprivate func `Instructions are within three percent of those that the H200 counted`(step: MeasuredStep) throws {
        for (source, row) in zip(try glue(step.shape, tiling: step.tiling), step.launches) {
            var source = source
            var program = BlockProgram()
            var found = 0
            for block in 0..<source.launch.grid.blockCount {
                try source.loadProgram(ofBlock: block, into: &program)
                for case .compute(let work) in program.operations {
                    found += Int(work.instructions) * source.launch.warpsPerBlock
                }
            }
            #expect(abs(Double(found) / Double(row.instructions) - 1) < 0.03, "\(row.kernel): \(found)")
        }
    }

    @Test func `A step's launches follow its options`() throws {
        let tail = [
            "fill", "sum", "cumsum", "fill", "sum", "sum", "add_strided", "flip", "cumsum", "flip", "sum", "add", "add",
        ]
        #expect(try names { _ in } == ["sum_inner", "fill", "fill", "fill", "sum", "sum"] + tail + ["fill", "fill"])
        #expect(try names { $0.skip = .none } == ["sum_inner", "fill"] + tail + ["fill", "fill"])
        #expect(
            try names { $0.skip = .perChannel } == ["sum_inner", "fill", "fill", "fill", "sum"] + tail + [
                "fill", "fill",
            ])
        #expect(try names { $0.hasTimeStepBias = false }.suffix(2) == ["add", "fill"])
        #expect(try names { $0.hasGate = true }.prefix(2) == ["sum", "sum_inner"])
    }

    @Test
    func `Forward kernels have no launches of the framework around them, and backward kernels need a backward call`()
        throws
    {
        let allocation = SSDAllocation(shape: MeasuredGlue.steps[0].shape)
        for launch in SSDKernels.forwardLaunches {
            #expect(try FrameworkGlue.launches(before: launch, allocation: allocation).isEmpty)
            #expect(try FrameworkGlue.launches(after: launch, allocation: allocation).isEmpty)
        }
        #expect(throws: KernelError.self) {
            try FrameworkGlue.launches(before: SSDLaunch(kernel: "ch_cumsum_bwd"), allocation: allocation)
        }
    }

    @Test(arguments: [
        SSDShape(batch: 2, sequenceLength: 300, heads: 24, headDim: 64, groups: 1, stateDim: 64, chunkSize: 64),
        SSDShape(batch: 1, sequenceLength: 200, heads: 6, headDim: 48, groups: 3, stateDim: 18, chunkSize: 100),
        SSDShape(batch: 8, sequenceLength: 4096, heads: 128, headDim: 16, groups: 1, stateDim: 16, chunkSize: 256),
    ])
    func `Every element is loaded and stored once, whatever the sizes`(shape: SSDShape) throws {
        let positions = shape.batch * shape.heads * shape.chunkCount * shape.chunkSize * 4
        let allocation = SSDAllocation(shape: shape, pass: .backward)
        let own = try #require(allocation.gradients)
        let sources = try glue(shape)
        for source in sources where ["cumsum", "flip"].contains(source.launch.kernel) {
            let (loaded, stored) = try bytes(source)
            #expect(loaded == positions && stored == positions)
        }
        for source in sources where source.launch.kernel == "fill" {
            let (loaded, stored) = try bytes(source)
            #expect(loaded == 0 && stored == Int(source.launch.tensors[0].byteCount))
        }
        for source in sources
        where source.launch.tensors.contains(where: { $0.name == "dB_splits" || $0.name == "dCB_splits" }) {
            let (loaded, stored) = try bytes(source)
            let input = Int(source.launch.tensors[0].byteCount)
            #expect(loaded == input && stored == input / shape.headSplits)
        }
        let skip = try #require(
            try FrameworkGlue.launches(
                after: SSDLaunch(kernel: "ch_scan_ch_state_bwd_dx"),
                tiling: Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5), allocation: allocation
            ).first)
        let (loaded, stored) = try bytes(skip)
        let workspace = try #require(own.skip).allocationByteCount
        // Blocks that share an output store their part. One of them loads all parts and stores the sum.
        let shares = skip.launch.grid.y
        #expect(loaded == workspace + (shares > 1 ? shares * shape.heads * 4 : 0))
        #expect(stored == shape.heads * 4 * (shares > 1 ? shares + 1 : 1))
        #expect((shares > 1) == (shape.batch == 8))
    }
}
