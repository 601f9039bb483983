import Testing
import Trace

@Suite struct TraceWriterTests {
    private func writer() throws -> TraceWriter {
        try TraceWriter(output: ByteOutput(buffer: ByteOutput.Buffer(), name: "out.weir"))
    }

    @Test func `calls out of order are refused with what to do`() throws {
        var writer = try writer()
        let early = #expect(throws: TraceError.self) { try writer.append(BlockProgram()) }
        #expect("\(try #require(early))" == "out.weir: 'append' is out of order. Call begin first")
        #expect(throws: TraceError.self) { try writer.endLaunch() }
        try writer.begin(TraceSamples.launch("a", blocks: 1))
        #expect(throws: TraceError.self) { try writer.begin(TraceSamples.launch("b", blocks: 1)) }
        #expect(throws: TraceError.self) { try writer.finish() }
        try writer.append(BlockProgram())
        #expect(throws: TraceError.self) { try writer.append(BlockProgram()) }
        // A failed writer stays failed.
        #expect(throws: TraceError.self) { try writer.endLaunch() }
    }

    @Test func `a trace without launches or with missing blocks is refused`() throws {
        var empty = try writer()
        #expect(throws: TraceError.self) { try empty.finish() }
        var short = try writer()
        try short.begin(TraceSamples.launch("a", blocks: 2))
        try short.append(BlockProgram())
        #expect(throws: TraceError.self) { try short.endLaunch() }
    }

    @Test func `launches and programs that cannot be simulated are refused`() throws {
        for change: (inout KernelLaunch) -> Void in [
            { $0.grid.x = 0 }, { $0.grid.y = -1 }, { $0.grid = Grid(x: 1 << 20, y: 1 << 20, z: 1 << 20) },
            { $0.grid.x = Int.max }, { $0.threadsPerBlock = 0 }, { $0.threadsPerBlock = 1025 },
            { $0.registersPerThread = -1 }, { $0.sharedMemoryBytesPerBlock = -1 },
            { $0.kernel = String(repeating: "k", count: 5000) },
            { $0.tensors = [Tensor(name: "x", baseAddress: UInt64.max, byteCount: 1, elementType: "f32")] },
        ] {
            var writer = try writer()
            var launch = TraceSamples.launch("a", blocks: 1)
            change(&launch)
            let error = #expect(throws: TraceError.self) { try writer.begin(launch) }
            guard case .invalidLaunch = error else {
                Issue.record("accepted: \(launch)")
                continue
            }
        }
        let lanes = LaneAccess(kind: .load, tensor: 0, laneBytes: 4, firstLane: 1, laneCount: 1)
        for operation in [
            Operation.lanes(lanes),
            .lanes(LaneAccess(kind: .load, tensor: 1, laneBytes: 4, firstLane: 0, laneCount: 0)),
        ] {
            var writer = try writer()
            let tensor = Tensor(name: "x", baseAddress: 0, byteCount: 1, elementType: "f32")
            try writer.begin(TraceSamples.launch("a", blocks: 3, tensors: [tensor]))
            var program = BlockProgram()
            program.laneAddresses = [1]
            try writer.append(program)
            program.operations = [.barrier, operation]
            let error = #expect(throws: TraceError.self) { try writer.append(program) }
            guard case .invalidProgram(_, block: 1, operation: 1, _, _, _) = error else {
                Issue.record("unexpected: \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `options out of range are refused`() throws {
        for change: (inout TraceWriter.Options) -> Void in [
            { $0.compressionLevel = 10 }, { $0.chunkBytes = 1 }, { $0.chunkBytes = 1 << 30 },
            { $0.chunkOperations = 0 },
        ] {
            var options = TraceWriter.Options()
            change(&options)
            #expect(throws: TraceError.self) {
                _ = try TraceWriter(output: ByteOutput(buffer: ByteOutput.Buffer()), options: options)
            }
        }
    }
}
