import TestSupport
import Testing
import Trace

/// Where chunks end, what they may hold, and launches whose number of blocks comes last.
@Suite struct ChunkLimitTests {
    /// `blocks` programs of `operations` barriers each.
    private func barriers(_ operations: Int, blocks: Int) -> SampleLaunch {
        var program = BlockProgram()
        program.operations = Array(repeating: .barrier, count: operations)
        return SampleLaunch(
            launch: TraceSamples.launch("b", blocks: blocks), programs: Array(repeating: program, count: blocks))
    }

    private func chunks(_ launch: SampleLaunch, _ change: (inout TraceWriter.Options) -> Void = { _ in }) throws -> Int
    {
        var options = TraceWriter.Options()
        change(&options)
        let bytes = try TraceIO.write([launch], options: options)
        return try TraceFileReader(ByteInput(bytes: bytes)).chunkCount(ofLaunch: 0)
    }

    @Test func `A chunk ends with the block that fills its operations, and the next one counts anew`() throws {
        for (operations, blocks, expected) in [(5, 6, 3), (4, 6, 2), (10, 3, 3), (9, 4, 2), (11, 2, 2), (1, 21, 3)] {
            let found = try chunks(barriers(operations, blocks: blocks)) { $0.chunkOperations = 10 }
            #expect(found == expected, "\(blocks) blocks of \(operations)")
        }
    }

    @Test func `A chunk ends with the block that fills its bytes`() throws {
        // A program's zero, three bytes for the number of operations, one for that of lanes, two for the first barrier
        // and one for each further one: 65,530 barriers are 64 KiB. A block that repeats a program takes one byte.
        func options(_ options: inout TraceWriter.Options) { options.chunkBytes = 64 << 10 }
        #expect(try chunks(barriers(65_530, blocks: 2), options) == 2)
        #expect(try chunks(barriers(65_529, blocks: 2), options) == 1)
        #expect(try chunks(barriers(65_529, blocks: 3), options) == 2)
    }

    @Test func `A chunk ends with the block that brings its lane addresses to 2^20`() throws {
        var program = BlockProgram()
        program.laneAddresses = Array(repeating: 0, count: 1 << 19)
        let launch = SampleLaunch(
            launch: TraceSamples.launch("l", blocks: 3), programs: Array(repeating: program, count: 3))
        #expect(try chunks(launch) { $0.chunkBytes = 1 << 20 } == 2)
    }

    @Test func `A chunk whose blocks repeat many lanes in few bytes is refused`() throws {
        // 60,000 addresses in each of 280 blocks are more than 2^24.
        let lanes = [0, 0] + HandMadeTrace.varint(60_000) + Array(repeating: 0, count: 60_000)
        let trace = HandMadeTrace.oneChunk(
            lanes + Array(repeating: [1] + HandMadeTrace.varint(60_000), count: 280).joined(), blocks: 281)
        var program = BlockProgram()
        var source = try TraceFileReader(ByteInput(bytes: trace.bytes)).source(launch: 0)
        try source.loadProgram(ofBlock: 278, into: &program)
        #expect(program.laneAddresses.count == 60_000)
        let error = #expect(throws: TraceError.self) { try source.loadProgram(ofBlock: 280, into: &program) }
        #expect("\(try #require(error))".contains("lane addresses of the chunk is 16800000"))
    }

    @Test func `A program with more operations or lanes than may be is refused before anything is written`() throws {
        for (operations, lanes, words) in [
            (TraceLimits.programOperations + 1, 0, "operation count of a program is 2097153"),
            (0, TraceLimits.programLanes + 1, "lane address count of a program is 8388609"),
        ] {
            var program = BlockProgram()
            program.operations = Array(repeating: .barrier, count: operations)
            program.laneAddresses = Array(repeating: 0, count: lanes)
            var writer = try TraceWriter(output: ByteOutput(buffer: ByteOutput.Buffer()))
            try writer.begin(TraceSamples.launch("a", blocks: 1))
            let error = #expect(throws: TraceError.self) { try writer.append(program) }
            #expect("\(try #require(error))".contains(words))
        }
    }

    @Test func `A launch whose number of blocks comes last is written as one whose number was known`() throws {
        let seed = SeededGenerator.printedSeed("open launches")
        var generator = SeededGenerator(seed: seed)
        let launches = [17, 1, 40].map { TraceSamples.random(&generator, blocks: $0) }
        for chunkOperations in [1, 30, 1 << 18] {
            var options = TraceWriter.Options()
            options.chunkOperations = chunkOperations
            let buffer = ByteOutput.Buffer()
            var writer = try TraceWriter(output: ByteOutput(buffer: buffer), options: options)
            for launch in launches {
                var header = launch.launch
                header.grid.x = 1
                try writer.beginOpen(header)
                for program in launch.programs { try writer.append(program) }
                try writer.endLaunch()
            }
            try writer.finish()
            #expect(try buffer.bytes == TraceIO.write(launches, options: options), "seed \(seed), \(chunkOperations)")
        }
    }

    @Test func `The tenth byte of a varint holds one bit`() throws {
        // The number of a program's first tile: its address, zig-zag.
        let tile: [UInt8] = [0, 0, 0, 2, 1, 0, 1, 32, 4, 4, 8, 64, 128, 1]
        func read(last: UInt8) -> (launches: [SampleLaunch], error: TraceError?) {
            let plain: [UInt8] = [0, 1, 0, 0] + tile + Array(repeating: 0xff, count: 9) + [last]
            return TraceIO.stream(ByteInput(bytes: HandMadeTrace.oneChunk(plain).bytes))
        }
        let most = read(last: 1)
        guard case .tile(let access)? = most.launches.first?.programs.first?.operations.first else {
            Issue.record("not read: \(String(describing: most.error))")
            return
        }
        // 2^64 - 1 is the zig-zag of -2^63.
        #expect(access.address == 1 << 63)
        for last: UInt8 in [2, 3, 4, 0x7f] {
            #expect("\(try #require(read(last: last).error))".contains("longer than 64 bits"))
        }
        #expect("\(try #require(read(last: 0).error))".contains("zero bits"))
    }

    @Test func `Bytes behind the last entry of the index are an error`() throws {
        let honest = HandMadeTrace.oneChunk([0, 0, 0])
        // Two entries of 28 bytes before the trailer, in a stream that ends with four bytes of checksum.
        let end = honest.bytes.count - 32 - 4
        var trace = honest
        trace.index = Array(honest.bytes[(end - 56)..<end])
        #expect(TraceIO.stream(ByteInput(bytes: trace.bytes)).error == nil)
        for extra in [1, 27, 28] {
            trace.index = Array(honest.bytes[(end - 56)..<end]) + Array(repeating: 0, count: extra)
            #expect(TraceIO.stream(ByteInput(bytes: trace.bytes)).error?.place.part == .index)
            let error = #expect(throws: TraceError.self) { try TraceIO.readAll(ByteInput(bytes: trace.bytes)) }
            #expect(error?.place.part == .index)
        }
    }
}
