import TestSupport
import Testing
import Trace

/// Files with right checksums and wrong contents.
@Suite struct ContainerHostileTests {
    /// A tile's definition: tag, kind, hint, element bytes, replicas, tensor, requestRows, lanesPerRow, laneBytes,
    /// laneStrideBytes, rows, rowBytes, pitch (zig-zag).
    private static let tile: [UInt8] = [0, 0, 0, 2, 1, 0, 1, 32, 4, 4, 8, 64, 128, 1]

    /// One program of one operation, newly defined, with moving number `value`.
    private static func program(_ definition: [UInt8], value: [UInt8] = [0]) -> [UInt8] {
        [0, 1, 0, 0] + definition + value
    }

    private func expectError(
        _ trace: HandMadeTrace, _ words: String, location: SourceLocation = #_sourceLocation
    ) {
        let streamed = TraceIO.stream(ByteInput(bytes: trace.bytes)).error
        #expect(
            streamed.map { "\($0)".contains(words) } ?? false, "stream: \(String(describing: streamed))",
            sourceLocation: location)
        do throws(TraceError) {
            _ = try TraceIO.readAll(ByteInput(bytes: trace.bytes))
            Issue.record("no error through the index", sourceLocation: location)
        } catch {
            #expect("\(error)".contains(words), "index: \(error)", sourceLocation: location)
        }
    }

    @Test func `a file made by hand after the documentation is read`() throws {
        // Two operations, a lane access on two lanes, then a block that moves the tile by 256 and the second lane by
        // one.
        let lanes: [UInt8] = [1, 1, 0, 4, 1, 2, 0]
        let first: [UInt8] = [0, 2, 2, 0] + Self.tile + [128, 64] + [0] + lanes + [16, 8]
        let second: [UInt8] = [1, 0, 128, 4, 1, 2]
        let third: [UInt8] = [1, 3]
        let bytes = HandMadeTrace.oneChunk(first + second + third, blocks: 3).bytes
        let (launches, error) = TraceIO.stream(ByteInput(bytes: bytes))
        #expect(error == nil)
        #expect(try TraceIO.readAll(ByteInput(bytes: bytes)) == launches)
        func expected(_ address: UInt64, _ addresses: [UInt64]) -> BlockProgram {
            var program = BlockProgram()
            program.operations = [
                .tile(
                    TileAccess(
                        kind: .load, tensor: 0, elementBytes: 2, address: address, rows: 8, rowBytes: 64,
                        pitchBytes: 64,
                        requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4)),
                .lanes(LaneAccess(kind: .store, tensor: 1, laneBytes: 4, firstLane: 0, laneCount: 2)),
            ]
            program.laneAddresses = addresses
            return program
        }
        // The bytes 128 64 are the varint 8192, zig-zag of 4096; 128 1 is the varint 128, zig-zag of 64.
        #expect(
            launches.first?.programs == [expected(4096, [8, 12]), expected(4352, [8, 13]), expected(4608, [8, 13])])
    }

    @Test func `absurd launches are errors`() {
        func expect(_ plain: [UInt8], _ words: String, blocks: UInt32 = 1, location: SourceLocation = #_sourceLocation)
        {
            var trace = HandMadeTrace.oneChunk([0, 0, 0], blocks: blocks)
            trace.records[0].plain = plain
            expectError(trace, words, location: location)
        }
        expect(HandMadeTrace.launch(grid: [0, 1, 1]), "grid x is 0")
        expect(
            HandMadeTrace.launch(grid: [1 << 31, 1, 1]),
            "grid x is 2147483648, expected at most 2147483647, CUDA's limit")
        expect(HandMadeTrace.launch(grid: [1 << 60, 1, 1]), "grid x is")
        expect(HandMadeTrace.launch(grid: [1 << 20, 1 << 15, 1]), "grid x * y * z is")
        expect(HandMadeTrace.launch(grid: [1 << 20, 1 << 20, 1]), "grid y is")
        expect(HandMadeTrace.launch(grid: [1 << 30, 1, 4]), "a limit of Weir's own")
        expect(HandMadeTrace.launch(grid: [1 << 30, 1, 1]), "block count in the record header is 1")
        expect(HandMadeTrace.launch(threads: 0), "threads per block is 0")
        expect(HandMadeTrace.launch(threads: 1025), "threads per block is 1025, expected at most 1024, CUDA's limit")
        expect(HandMadeTrace.launch(registers: UInt64.max), "registers per thread is")
        expect(HandMadeTrace.launch(sharedMemory: 1 << 60), "shared memory per block is")
        expect(HandMadeTrace.launch(flags: 2), "flags")
        expect(HandMadeTrace.launch(name: [0xff, 0xfe]), "UTF-8")
        expect(HandMadeTrace.launch(nameLength: 1 << 60), "length of the kernel name")
        expect(HandMadeTrace.launch(nameLength: 4000), "at its end")
        expect(HandMadeTrace.launch(tensorCount: 1 << 40), "tensor count")
        expect(HandMadeTrace.launch(tensorCount: 60_000), "at its end")
        expect(HandMadeTrace.launch(tensors: [(UInt64.max, 2)]), "below 2^64")
        expect(HandMadeTrace.launch() + [0], "too long")
        expect(Array(HandMadeTrace.launch().dropLast()), "at its end")
        expect([], "at its end")
    }

    @Test func `a grid of two thousand million blocks costs nothing until they come`() {
        var trace = HandMadeTrace.oneChunk([0, 0, 0])
        let most = UInt32(1 << 31) - 1
        trace.records[0].plain = HandMadeTrace.launch(grid: [UInt64(most), 1, 1])
        trace.records[0].blockCount = most
        expectError(trace, "the next record is index")
        trace.records[1].blockCount = most
        expectError(trace, "at its end")
    }

    @Test func `absurd records are errors`() {
        func expect(
            _ words: String, location: SourceLocation = #_sourceLocation, _ change: (inout HandMadeTrace) -> Void
        ) {
            var trace = HandMadeTrace.oneChunk([0, 0, 0])
            change(&trace)
            expectError(trace, words, location: location)
        }
        expect("version 3") { $0.version = 3 }
        expect("UTF-8") { $0.producer = [0xc0] }
        expect("producer's name is 5000") { $0.producer = Array(repeating: 65, count: 5000) }
        expect("plain length of the record") { $0.records[1].plainByteCount = UInt32.max }
        expect("stored length of the record") { $0.records[1].storedByteCount = UInt32.max }
        expect("plain length of 14 stored bytes") { $0.records[1].plainByteCount = 64 << 20 }
        expect("zlib stream") { $0.records[1].plainByteCount = 4 }
        expect("zlib stream") { $0.records[1].plainByteCount = 2 }
        expect("zlib stream") { $0.records[1].stored = HandMadeTrace.zlibStored([0, 0, 0]) + [0] }
        expect("zlib stream") { $0.records[1].stored = Array(repeating: 7, count: 20) }
        expect("plain bytes has CRC") { $0.records[1].stored = HandMadeTrace.zlibStored([0, 0, 1]) }
        expect("block count of the chunk is 0") { $0.records[1].blockCount = 0 }
        expect("block count of the chunk is 2") { $0.records[1].blockCount = 2 }
        expect("first block of the chunk is 1") { $0.records[1].firstBlock = 1 }
        expect("chunk number is 1") { $0.records[1].number = 1 }
        expect("launch number of the chunk is 7") { $0.records[1].launch = 7 }
        expect("launch number is 1") { $0.records[0].launch = 1 }
        expect("block count is 0") { $0.records[0].blockCount = 0 }
        expect("tag") { $0.records[1].tag = "CHUM" }
        expect("the next record is launch") { $0.records.insert($0.records[0], at: 1) }
        expect("the next record is chunk") { $0.records.removeFirst() }
        expect("the next record is chunk") { $0.records.append($0.records[1]) }
        expect("the next record is index") { $0.records.removeAll() }
        expect("launch count of the index") { $0.launchCount = 2 }
    }

    @Test func `an index or trailer that disagrees with the records is an error`() {
        func expect(_ change: (inout HandMadeTrace) -> Void, location: SourceLocation = #_sourceLocation) {
            var trace = HandMadeTrace.oneChunk([0, 0, 0])
            change(&trace)
            let streamed = TraceIO.stream(ByteInput(bytes: trace.bytes))
            #expect(
                streamed.error?.place.part == .index || streamed.error?.place.part == .trailer, sourceLocation: location
            )
            #expect(streamed.launches.first?.programs.count == 1, sourceLocation: location)
            #expect(throws: TraceError.self, sourceLocation: location) {
                try TraceIO.readAll(ByteInput(bytes: trace.bytes))
            }
        }
        expect { $0.indexOffset = 1 << 60 }
        expect { $0.indexOffset = 0 }
        expect { $0.indexOffset = 20 }
        expect { $0.fileByteCount = UInt64.max }
        expect { $0.index = [] }
        expect { $0.index = Array(repeating: 0xff, count: 56) }
        for byte in 0..<56 {
            expect {
                // The index follows the records: cut it from an honest file, and change a byte.
                let honest = HandMadeTrace.oneChunk([0, 0, 0]).bytes
                var index = Array(honest[(honest.count - 32 - 4 - 56)..<(honest.count - 32 - 4)])
                index[byte] ^= 0x10
                $0.index = index
            }
        }
    }

    @Test func `operations that would stall or break a simulator are errors`() {
        func expect(_ field: Int, _ value: [UInt8], _ words: String, location: SourceLocation = #_sourceLocation) {
            var definition = Self.tile
            definition.replaceSubrange(field...field, with: value)
            expectError(.oneChunk(Self.program(definition)), words, location: location)
        }
        let huge = HandMadeTrace.varint(UInt64(UInt32.max))
        expect(0, [13], "tag")
        expectError(.oneChunk(Self.program([11, 4], value: [])), "pending products is 4")
        expect(1, [UInt8(AccessKind.allCases.count)], "access kind")
        expect(2, [UInt8(CacheHint.allCases.count)], "cache hint")
        expect(4, [0], "replicas is 0")
        expect(5, [2], "tensor is 2")
        expect(5, HandMadeTrace.varint(65_536), "tensor")
        expect(6, [0], "requestRows is 0")
        expect(6, [33], "requestRows * lanesPerRow is 1056")
        expect(7, [0], "lanesPerRow is 0")
        expect(8, [0], "laneBytes is 0")
        expect(8, [5], "laneStrideBytes is 4")
        expect(9, [3], "laneStrideBytes is 3")
        expect(10, huge, "rows * rowBytes is")
        expect(11, huge, "rows * rowBytes is")
        expect(10, HandMadeTrace.varint(1 << 21), "lanes of the tile is")
        expect(10, HandMadeTrace.varint(1 << 32), "rows")
        expect(11, HandMadeTrace.varint(UInt64.max), "rowBytes")
        func lanes(_ definition: [UInt8], _ words: String, location: SourceLocation = #_sourceLocation) {
            expectError(.oneChunk([0, 1, 2, 0] + definition + [0, 0]), words, location: location)
        }
        lanes([1, 0, 0, 4, 0, 3, 0], "lane range")
        lanes([1, 0, 0, 4, 0, 2, 2], "lane range")
        lanes([1, 0, 0, 4, 0, 2, 1], "lane range")
        lanes([1, 0, 0, 0, 0, 2, 0], "laneBytes is 0")
        lanes([1, 0, 0, 4, 2, 2, 0], "tensor is 2")
        lanes([1, 0, 0, 4, 0] + HandMadeTrace.varint(1025) + [0], "laneCount is 1025")
        lanes([1, 0, 0, 4, 0, 2] + HandMadeTrace.varint(1 << 40), "gap")
    }

    @Test func `absurd programs are errors`() {
        func expect(_ plain: [UInt8], _ words: String, blocks: UInt32 = 1, location: SourceLocation = #_sourceLocation)
        {
            expectError(.oneChunk(plain, blocks: blocks), words, location: location)
        }
        expect([0] + HandMadeTrace.varint(1 << 60) + [0], "operation count")
        expect([0] + HandMadeTrace.varint(1 << 20) + [0], "no more than")
        expect([0, 0] + HandMadeTrace.varint(1 << 60), "lane address count")
        expect([0, 0] + HandMadeTrace.varint(1 << 20), "no more than")
        expect([1], "a program's number")
        expect([0, 1, 0, 1], "an operation's shape")
        expect([0, 1, 0] + HandMadeTrace.varint(UInt64.max), "an operation's shape")
        expect([0, 0, 0, 0], "too long")
        expect([0, 0], "at its end")
        expect(Array(repeating: 0xff, count: 11), "64 bits")
        expect([0x80, 0x00, 0, 0], "zero bits")
        expect(Self.program([8], value: HandMadeTrace.varint(1 << 33)), "a flag at")
        expect(Self.program([8], value: [1]), "a flag at")
        let tile = Self.program(Self.tile)
        expect(tile + [1, 2], "a run of zeros", blocks: 2)
        expect(tile + [1] + HandMadeTrace.varint(UInt64.max), "a run of zeros", blocks: 2)
        expect(tile + [1, 0, 0], "a residual", blocks: 2)
        expect(tile + [1, 1, 1], "too long", blocks: 2)
        expect(tile + [2], "a program's number", blocks: 2)
        let signal = Self.program([8], value: HandMadeTrace.varint(2 * UInt64(UInt32.max)))
        expect(signal + [1, 0, 2], "a flag at", blocks: 2)
    }

    @Test func `a long program repeated in few bytes does not make a chunk endless`() {
        let long = [0] + HandMadeTrace.varint(4096) + [0, 0, 2] + Array(repeating: 1, count: 4095)
        // 1,024 blocks of 4,096 operations are 2^22, as many as a chunk may have.
        let whole = HandMadeTrace.oneChunk(long + Array(repeating: 1, count: 1023), blocks: 1024)
        #expect(TraceIO.stream(ByteInput(bytes: whole.bytes)).error == nil)
        expectError(
            .oneChunk(long + Array(repeating: 1, count: 1024), blocks: 1025), "operations of the chunk is 4198400")
    }

    @Test func `mutated chunks under right checksums end in errors or in valid programs`() throws {
        let seed = SeededGenerator.printedSeed("mutated chunks")
        var generator = SeededGenerator(seed: seed)
        var options = TraceWriter.Options()
        options.compressionLevel = 0
        for round in 0..<3000 {
            var sample = TraceSamples.random(&generator, blocks: 6)
            if round % 2 == 0 { sample = TraceSamples.small()[round / 2 % 2] }
            let bytes = try TraceIO.write([sample], options: options)
            var trace = HandMadeTrace(records: plainRecords(bytes))
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let record = round % 5 == 0 ? 0 : 1
                guard let position = trace.records[record].plain.indices.randomElement(using: &generator) else {
                    continue
                }
                switch Int.random(in: 0...3, using: &generator) {
                case 0: trace.records[record].plain[position] = UInt8.random(in: 0...255, using: &generator)
                case 1: trace.records[record].plain.remove(at: position)
                case 2: trace.records[record].plain.insert(UInt8.random(in: 0...255, using: &generator), at: position)
                default:
                    trace.records[record].plain[position] =
                        [0, 1, 0x7f, 0x80, 0xff][Int.random(in: 0...4, using: &generator)]
                }
            }
            let (launches, _) = TraceIO.stream(ByteInput(bytes: trace.bytes))
            for launch in launches {
                try TraceValidation.validate(launch.launch)
                for program in launch.programs { try TraceValidation.validate(program, of: launch.launch) }
            }
        }
    }

    /// The records before the index of a file written at level 0, in which zlib stores each record as it is.
    private func plainRecords(_ bytes: [UInt8]) -> [HandMadeTrace.Record] {
        func number(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) } }
        var records: [HandMadeTrace.Record] = []
        var offset = 12 + Int(bytes[10]) + 4
        while offset < bytes.count - 32 {
            let tag = String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self)
            let start = offset + 40 + 7
            let plain = Array(bytes[start..<(start + Int(number(offset + 20)))])
            if tag != "INDX" {
                records.append(
                    HandMadeTrace.Record(
                        tag: tag, launch: number(offset + 4), number: number(offset + 8),
                        firstBlock: number(offset + 12),
                        blockCount: number(offset + 16), plain: plain))
            }
            offset += 40 + Int(number(offset + 24))
        }
        return records
    }
}
