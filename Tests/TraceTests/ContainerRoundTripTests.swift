import TestSupport
import Testing
import Trace

@Suite struct ContainerRoundTripTests {
    @Test func `random launches come back as they were, as a stream and through the index`() throws {
        let seed = SeededGenerator.printedSeed("container round trip")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<20 {
            let launches = (0..<Int.random(in: 1...3, using: &generator)).map { _ in TraceSamples.random(&generator) }
            var options = TraceWriter.Options()
            options.chunkOperations = [1, 40, 1 << 18][round % 3]
            options.compressionLevel = round % 10
            let bytes = try TraceIO.write(launches, options: options)
            let (streamed, error) = TraceIO.stream(ByteInput(bytes: bytes))
            #expect(error == nil, "seed \(seed)")
            #expect(streamed == launches, "seed \(seed)")
            #expect(try TraceIO.readAll(ByteInput(bytes: bytes)) == launches, "seed \(seed)")
        }
    }

    @Test func `every access kind comes back under its number, in tiles and lane accesses`() throws {
        #expect(AccessKind.localLoad.rawValue == 8 && AccessKind.localStore.rawValue == 9)
        #expect(AccessKind.fetch.rawValue == 10 && CacheHint.bypassL1.rawValue == 4 && CacheHint.modify.rawValue == 5)
        #expect(
            AccessKind.copyBack.rawValue == 11 && AccessKind.invalidate.rawValue == 12
                && CacheHint.miscellaneous.rawValue == 6)
        #expect(CacheHint.takesLock.rawValue == 7 && CacheHint.givesLock.rawValue == 8)
        #expect(AccessKind.fetch.isRead && AccessKind.localLoad.isRead && !AccessKind.localStore.isRead)
        var program = BlockProgram()
        program.laneAddresses = [0, 4]
        for kind in AccessKind.allCases {
            program.operations.append(
                .tile(
                    TileAccess(
                        kind: kind, tensor: 0, elementBytes: 4, address: 0x1000, rows: 3, rowBytes: 128,
                        pitchBytes: 128,
                        requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4)))
            program.operations.append(
                .lanes(LaneAccess(kind: kind, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 2)))
        }
        let tensor = Tensor(name: "local", baseAddress: 0, byteCount: 1 << 20, elementType: "b32")
        let launches = [
            SampleLaunch(launch: TraceSamples.launch("kinds", blocks: 1, tensors: [tensor]), programs: [program])
        ]
        let bytes = try TraceIO.write(launches)
        #expect(TraceIO.stream(ByteInput(bytes: bytes)).launches == launches)
        #expect(try TraceIO.readAll(ByteInput(bytes: bytes)) == launches)
    }

    @Test func `random access equals streaming in any order of blocks`() throws {
        let seed = SeededGenerator.printedSeed("random access")
        var generator = SeededGenerator(seed: seed)
        let launches = [TraceSamples.random(&generator, blocks: 100), TraceSamples.random(&generator, blocks: 7)]
        var options = TraceWriter.Options()
        options.chunkOperations = 100
        let path = TraceIO.temporaryPath()
        let file = try AtomicFile(path: path)
        try TraceIO.write(launches, to: file.output(), options: options)
        try file.commit()
        defer { TraceIO.remove(path) }
        let reader = try TraceFileReader(path: path)
        #expect(reader.launches == launches.map(\.launch))
        #expect(reader.chunkCount(ofLaunch: 0) > 3)
        var sources = [try reader.source(launch: 0), try reader.source(launch: 1)]
        var program = BlockProgram()
        for _ in 0..<500 {
            let launch = Int.random(in: 0...1, using: &generator)
            let block = Int.random(in: 0..<launches[launch].programs.count, using: &generator)
            try sources[launch].loadProgram(ofBlock: block, into: &program)
            #expect(program == launches[launch].programs[block], "seed \(seed)")
        }
    }

    @Test func `a stream may skip blocks and launches but not go back`() throws {
        var generator = SeededGenerator(seed: 7)
        let launches = (0..<3).map { _ in TraceSamples.random(&generator) }
        let bytes = try TraceIO.write(launches, options: TraceIO.smallChunks)
        let reader = try TraceStreamReader(ByteInput(bytes: bytes))
        var program = BlockProgram()
        var first = try #require(try reader.nextLaunch())
        try first.loadProgram(ofBlock: 17, into: &program)
        #expect(program == launches[0].programs[17])
        #expect(throws: TraceError.self) { try first.loadProgram(ofBlock: 16, into: &program) }
        try first.loadProgram(ofBlock: 30, into: &program)
        #expect(program == launches[0].programs[30])
        _ = try reader.nextLaunch()
        #expect(throws: TraceError.self) { try first.loadProgram(ofBlock: 31, into: &program) }
        var third = try #require(try reader.nextLaunch())
        try third.loadProgram(ofBlock: 39, into: &program)
        #expect(program == launches[2].programs[39])
        #expect(try reader.nextLaunch() == nil)
        #expect(try reader.nextLaunch() == nil)
    }

    @Test func `the same input gives the same bytes`() throws {
        var generator = SeededGenerator(seed: 11)
        let launches = [TraceSamples.random(&generator), TraceSamples.random(&generator)]
        let bytes = try TraceIO.write(launches)
        #expect(try TraceIO.write(launches) == bytes)
        // What a reader delivers is written as the same bytes again.
        #expect(try TraceIO.write(TraceIO.stream(ByteInput(bytes: bytes)).launches) == bytes)
    }

    @Test func `traces pass through pipes`() throws {
        var generator = SeededGenerator(seed: 3)
        let launches = (0..<4).map { _ in TraceSamples.random(&generator, blocks: 300) }
        let (reading, wait) = TraceIO.throughPipe { writing in
            do {
                try TraceIO.write(launches, to: ByteOutput(descriptor: writing), options: TraceIO.smallChunks)
            } catch {
                Issue.record("writing failed: \(error)")
            }
        }
        let (streamed, error) = TraceIO.stream(ByteInput(descriptor: reading))
        wait()
        TraceIO.closeDescriptor(reading)
        #expect(error == nil)
        #expect(streamed == launches)
    }

    @Test func `one block larger than any chunk passes through a pipe`() throws {
        var generator = SeededGenerator(seed: 5)
        var program = BlockProgram()
        for first in stride(from: 0, to: 300_000, by: 30) {
            program.operations.append(
                .lanes(LaneAccess(kind: .load, tensor: 0, laneBytes: 4, firstLane: first, laneCount: 30)))
        }
        program.laneAddresses = (0..<300_000).map { _ in generator.next() }
        let tensor = Tensor(name: "x", baseAddress: 0, byteCount: 1, elementType: "i32")
        let launches = [
            SampleLaunch(
                launch: TraceSamples.launch("x", blocks: 2, tensors: [tensor]), programs: [program, BlockProgram()])
        ]
        let (reading, wait) = TraceIO.throughPipe { writing in
            do {
                try TraceIO.write(launches, to: ByteOutput(descriptor: writing))
            } catch {
                Issue.record("writing failed: \(error)")
            }
        }
        let (streamed, error) = TraceIO.stream(ByteInput(descriptor: reading))
        wait()
        TraceIO.closeDescriptor(reading)
        #expect(error == nil)
        #expect(streamed == launches)
    }

    @Test func `a closed pipe and a missing file are errors that name the call`() throws {
        TraceIO.ignoreBrokenPipes()
        let (reading, wait) = TraceIO.throughPipe { writing in
            TraceIO.waitUntilNobodyReads(writing)
            let error = #expect(throws: TraceError.self) {
                try TraceIO.write(TraceSamples.small(), to: ByteOutput(descriptor: writing, name: "standard output"))
            }
            guard case .system(_, call: "write", _) = error else {
                Issue.record("unexpected: \(String(describing: error))")
                return
            }
        }
        TraceIO.closeDescriptor(reading)
        wait()
        let error = #expect(throws: TraceError.self) { try TraceFileReader(path: "/nowhere/a.weir") }
        #expect("\(try #require(error))" == "/nowhere/a.weir: open failed: No such file or directory")
    }

    @Test func `a pipe cannot be read through the index, and the error says so`() throws {
        let (reading, wait) = TraceIO.throughPipe { _ in }
        let error = #expect(throws: TraceError.self) {
            try TraceFileReader(ByteInput(descriptor: reading, name: "pipe"))
        }
        wait()
        TraceIO.closeDescriptor(reading)
        #expect("\(try #require(error))".contains("Read it as a stream"))
    }

    @Test func `regular tiles cost well under a byte an operation`() throws {
        let tensors = [Tensor(name: "x", baseAddress: 1 << 30, byteCount: 1 << 30, elementType: "bf16")]
        let programs = (0..<2000).map { block in
            var program = BlockProgram()
            for trip in 0..<50 {
                program.operations.append(
                    .tile(
                        TileAccess(
                            kind: .copyBypass, tensor: 0, elementBytes: 2,
                            address: UInt64(1 << 30 + block * 4096 + trip * 64),
                            rows: 64, rowBytes: 64, pitchBytes: 4096, requestRows: 8, lanesPerRow: 4, laneBytes: 16,
                            laneStrideBytes: 16)))
            }
            return program
        }
        let launch = SampleLaunch(launch: TraceSamples.launch("x", blocks: 2000, tensors: tensors), programs: programs)
        let bytes = try TraceIO.write([launch])
        #expect(bytes.count < 2000)
        #expect(TraceIO.stream(ByteInput(bytes: bytes)).launches == [launch])
    }
}
