import Testing
import Trace

@Suite struct ContainerDamageTests {
    @Test func `every truncation is an error that keeps whole chunks readable`() throws {
        let whole = TraceSamples.small()
        let bytes = try TraceIO.write(whole, options: TraceIO.smallChunks)
        let blocksBefore = try wholeBlocks(of: bytes)
        for length in 0..<bytes.count {
            let cut = Array(bytes[..<length])
            let (read, error) = TraceIO.stream(ByteInput(bytes: cut))
            guard let error else {
                Issue.record("no error at \(length) of \(bytes.count) bytes")
                continue
            }
            expectPrefix(read, of: whole, "length \(length)")
            #expect(read.reduce(0) { $0 + $1.programs.count } == blocksBefore[length], "length \(length): \(error)")
            #expect(error.place.part != nil, "length \(length): \(error)")
            #expect(throws: TraceError.self, "length \(length)") { try TraceIO.readAll(ByteInput(bytes: cut)) }
        }
    }

    @Test func `every bit flip is an error that keeps the chunks before it readable`() throws {
        let whole = TraceSamples.small()
        let bytes = try TraceIO.write(whole, options: TraceIO.smallChunks)
        let blocksBefore = try wholeBlocks(of: bytes)
        for bit in 0..<(8 * bytes.count) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            let (read, error) = TraceIO.stream(ByteInput(bytes: flipped))
            guard let error else {
                Issue.record("no error from the stream at bit \(bit)")
                continue
            }
            expectPrefix(read, of: whole, "bit \(bit)")
            #expect(read.reduce(0) { $0 + $1.programs.count } == blocksBefore[bit / 8], "bit \(bit): \(error)")
            #expect(error.place.part != nil, "bit \(bit): \(error)")
            #expect(throws: TraceError.self, "bit \(bit)") { try TraceIO.readAll(ByteInput(bytes: flipped)) }
        }
    }

    @Test func `damage in a chunk names its launch and chunk and spares the others`() throws {
        let whole = TraceSamples.small()
        var bytes = try TraceIO.write(whole, options: TraceIO.smallChunks)
        let starts = recordStarts(bytes)
        // Records: launch 0, its chunks, launch 1, its chunk, index.
        bytes[starts[2] + 45] ^= 4
        let reader = try TraceFileReader(ByteInput(bytes: bytes, name: "damaged.weir"))
        var source = try reader.source(launch: 0)
        var program = BlockProgram()
        try source.loadProgram(ofBlock: 0, into: &program)
        #expect(program == whole[0].programs[0])
        let error = #expect(throws: TraceError.self) { try source.loadProgram(ofBlock: 2, into: &program) }
        #expect(error?.place.launch == 0)
        #expect(error?.place.chunk == 1)
        #expect("\(try #require(error))".hasPrefix("damaged.weir, launch 0, chunk 1, byte \(starts[2]): "))
        var other = try reader.source(launch: 1)
        try other.loadProgram(ofBlock: 0, into: &program)
        #expect(program == whole[1].programs[0])
    }

    @Test func `bytes behind or before the trace are errors`() throws {
        let bytes = try TraceIO.write(TraceSamples.small())
        #expect(throws: TraceError.self) { try TraceIO.readAll(ByteInput(bytes: bytes + [0])) }
        #expect(throws: TraceError.self) { try TraceIO.readAll(ByteInput(bytes: bytes + bytes)) }
        #expect(throws: TraceError.self) { try TraceIO.readAll(ByteInput(bytes: [0] + bytes)) }
        guard case .trailingBytes = TraceIO.stream(ByteInput(bytes: bytes + [0])).error else {
            Issue.record("no error for trailing bytes")
            return
        }
        guard case .notATrace = TraceIO.stream(ByteInput(bytes: [0] + bytes)).error else {
            Issue.record("no error for leading bytes")
            return
        }
    }

    @Test func `a file appears whole or not at all`() throws {
        let path = TraceIO.temporaryPath()
        do {
            let file = try AtomicFile(path: path)
            var writer = try TraceWriter(output: file.output())
            try writer.begin(TraceSamples.launch("a", blocks: 3))
            #expect(!TraceIO.exists(path))
            #expect(TraceIO.leftovers(of: path).count == 1)
            #expect(throws: TraceError.self) { try writer.endLaunch() }
        }
        #expect(TraceIO.leftovers(of: path).isEmpty)
        let file = try AtomicFile(path: path)
        try TraceIO.write(TraceSamples.small(), to: file.output())
        try file.commit()
        #expect(TraceIO.leftovers(of: path).count == 1)
        #expect(try TraceIO.readAll(ByteInput(path: path)) == TraceSamples.small())
        #expect(throws: TraceError.self) { try file.commit() }
        TraceIO.remove(path)
    }

    private func expectPrefix(_ read: [SampleLaunch], of whole: [SampleLaunch], _ what: String) {
        guard read.count <= whole.count else {
            Issue.record("more launches than were written: \(what)")
            return
        }
        for (found, expected) in zip(read, whole) {
            #expect(found.launch == expected.launch, "\(what)")
            #expect(found.programs.elementsEqual(expected.programs.prefix(found.programs.count)), "\(what)")
        }
    }

    /// Offsets of all records, from their headers.
    private func recordStarts(_ bytes: [UInt8]) -> [Int] {
        func number(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) } }
        var starts: [Int] = []
        var offset = 12 + Int(bytes[10]) + 4
        while offset < bytes.count - 32 {
            starts.append(offset)
            offset += 40 + number(offset + 24)
        }
        return starts
    }

    /// For each byte, how many blocks lie in chunks that end before the record that the byte belongs to.
    private func wholeBlocks(of bytes: [UInt8]) throws -> [Int] {
        var result = Array(repeating: 0, count: bytes.count)
        var blocks = 0
        let starts = recordStarts(bytes) + [bytes.count - 32]
        for (start, end) in zip(starts, starts.dropFirst()) {
            for byte in start..<end { result[byte] = blocks }
            if bytes[start] == UInt8(ascii: "C") { blocks += Int(bytes[start + 16]) }
        }
        for byte in (bytes.count - 32)..<bytes.count { result[byte] = blocks }
        return result
    }
}
