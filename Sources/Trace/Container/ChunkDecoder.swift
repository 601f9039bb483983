/// Decodes the blocks of one chunk in order.
///
/// Hostile bytes end in an error, never in a trap or an unbounded allocation. What the decoder keeps grows only with
/// operations and lanes that the plain bytes spell out.
struct ChunkDecoder {
    /// A program spelled out in this chunk, as ranges of the flat arrays below.
    private struct Program {
        var operations: Range<Int>
        var slots: Range<Int>
        var lanes: Range<Int>
    }

    /// An operation that has a moving number, and its shape.
    private struct Slot {
        var operation: Int32
        var shape: Int32
    }

    private var cursor: ByteCursor
    private let place: TracePlace
    private let tensorCount: Int
    private let endBlock: Int
    /// Number of the block that is decoded next.
    private(set) var nextBlock: Int
    /// Operations and lane addresses of the blocks so far.
    private var operationCount = 0
    private var laneCount = 0

    private var shapes: [Operation] = []
    private var spelled: [UInt64] = []
    private var steps: [UInt64] = []
    private var programs: [Program] = []
    /// Operations of all programs, with the moving numbers that the last block of each program had.
    private var operations: [Operation] = []
    private var slots: [Slot] = []
    private var laneDeltas: [UInt64] = []

    init(plain: [UInt8], blocks: Range<Int>, tensorCount: Int, place: TracePlace) {
        cursor = ByteCursor(plain, place: place)
        self.place = place
        self.tensorCount = tensorCount
        nextBlock = blocks.lowerBound
        endBlock = blocks.upperBound
    }

    /// Whether all blocks are decoded.
    var isAtEnd: Bool { nextBlock == endBlock }

    /// Decodes the next block into `program`. Precondition: `!isAtEnd`.
    mutating func decode(into program: inout BlockProgram) throws(TraceError) {
        let number = try decodeNext()
        program.removeAll()
        program.operations.append(contentsOf: operations[programs[number].operations])
        let lanes = programs[number].lanes
        if !lanes.isEmpty {
            program.laneAddresses.reserveCapacity(lanes.count)
            var address: UInt64 = 0
            for index in lanes {
                address &+= laneDeltas[index]
                program.laneAddresses.append(address)
            }
        }
    }

    /// Decodes past the next block. Precondition: `!isAtEnd`.
    mutating func skip() throws(TraceError) {
        _ = try decodeNext()
    }

    private mutating func decodeNext() throws(TraceError) -> Int {
        let reference = try cursor.varint()
        let number: Int
        if reference == 0 {
            number = programs.count
            try readProgram()
        } else {
            guard reference <= UInt64(programs.count) else {
                throw cursor.malformed(
                    "a program's number", found: "\(reference)", expected: "at most \(programs.count)")
            }
            number = Int(reference) - 1
            try account(operations: programs[number].operations.count, lanes: programs[number].lanes.count)
            try readResiduals(of: programs[number])
        }
        nextBlock += 1
        if isAtEnd { try cursor.finish() }
        return number
    }

    /// Counts a block's operations and lanes. This bounds a chunk's work, however few bytes repeat a long program.
    private mutating func account(operations: Int, lanes: Int) throws(TraceError) {
        operationCount += operations
        laneCount += lanes
        guard operationCount <= TraceLimits.chunkOperations else {
            throw .limitExceeded(
                place, what: "operations of the chunk", found: UInt64(operationCount),
                limit: UInt64(TraceLimits.chunkOperations))
        }
        guard laneCount <= TraceLimits.chunkLanes else {
            throw .limitExceeded(
                place, what: "lane addresses of the chunk", found: UInt64(laneCount),
                limit: UInt64(TraceLimits.chunkLanes))
        }
    }

    // MARK: Programs spelled out

    private mutating func readProgram() throws(TraceError) {
        let operationCount = try cursor.varint("operation count of a program", atMost: TraceLimits.programOperations)
        let laneCount = try cursor.varint("lane address count of a program", atMost: TraceLimits.programLanes)
        // Each takes at least one byte, so the number of bytes bounds what is allocated.
        guard operationCount + laneCount <= cursor.remaining else {
            throw cursor.malformed(
                "a program", found: "\(operationCount) operations and \(laneCount) lanes",
                expected: "no more than the \(cursor.remaining) bytes left")
        }
        let operationStart = operations.count
        let slotStart = slots.count
        let laneStart = laneDeltas.count
        try account(operations: operationCount, lanes: laneCount)
        var laneEnd: UInt32 = 0
        for index in 0..<operationCount {
            let shape = try readShape(operation: index)
            var operation = shapes[shape]
            if let base = operation.movingValue.map({ _ in spelled[shape] }) {
                let value = base &+ UInt64(bitPattern: try cursor.zigZag())
                try set(&operation, to: value)
                spelled[shape] = value
                slots.append(
                    Slot(
                        operation: Int32(truncatingIfNeeded: operations.count), shape: Int32(truncatingIfNeeded: shape))
                )
            } else if case .lanes(var access) = operation {
                access.firstLane = access.firstLane &+ laneEnd
                try TraceValidation.validateLanes(
                    access, number: index, laneCount: laneCount, block: nextBlock, at: place)
                laneEnd = access.firstLane &+ access.laneCount
                operation = .lanes(access)
            }
            operations.append(operation)
        }
        for _ in 0..<laneCount { laneDeltas.append(UInt64(bitPattern: try cursor.zigZag())) }
        programs.append(
            Program(
                operations: operationStart..<operations.count, slots: slotStart..<slots.count,
                lanes: laneStart..<laneDeltas.count))
    }

    private mutating func readShape(operation: Int) throws(TraceError) -> Int {
        let reference = try cursor.varint()
        guard reference == 0 else {
            guard reference <= UInt64(shapes.count) else {
                throw cursor.malformed(
                    "an operation's shape", found: "\(reference)", expected: "at most \(shapes.count)")
            }
            return Int(reference) - 1
        }
        let shape = try OperationShape.readDefinition(&cursor)
        try TraceValidation.validate(shape, number: operation, tensorCount: tensorCount, block: nextBlock, at: place)
        shapes.append(shape)
        spelled.append(0)
        steps.append(0)
        return shapes.count - 1
    }

    // MARK: Blocks that repeat a program

    private mutating func readResiduals(of program: Program) throws(TraceError) {
        let total = program.slots.count + program.lanes.count
        var done = 0
        while done < total {
            let zeros = try cursor.varint()
            guard zeros <= UInt64(total - done) else {
                throw cursor.malformed("a run of zeros", found: "\(zeros)", expected: "at most \(total - done)")
            }
            let end = done + Int(zeros)
            // Lane differences with residual zero stay as they are.
            let slotEnd = min(program.slots.lowerBound + end, program.slots.upperBound)
            var index = program.slots.lowerBound + done
            while index < slotEnd {
                try advance(slots[index], by: steps[Int(slots[index].shape)])
                index += 1
            }
            done = end
            guard done < total else { break }
            let residual = try cursor.zigZag()
            guard residual != 0 else {
                throw cursor.malformed("a residual", found: "0", expected: "a number other than 0 after a run of zeros")
            }
            if done < program.slots.count {
                let slot = slots[program.slots.lowerBound + done]
                let step = steps[Int(slot.shape)] &+ UInt64(bitPattern: residual)
                steps[Int(slot.shape)] = step
                try advance(slot, by: step)
            } else {
                laneDeltas[program.lanes.lowerBound + done - program.slots.count] &+= UInt64(bitPattern: residual)
            }
            done += 1
        }
    }

    @inline(__always)
    private mutating func advance(_ slot: Slot, by step: UInt64) throws(TraceError) {
        let index = Int(slot.operation)
        if case .tile(var tile) = operations[index] {
            tile.address &+= step
            operations[index] = .tile(tile)
        } else if let value = operations[index].movingValue {
            var operation = operations[index]
            try set(&operation, to: value &+ step)
            operations[index] = operation
        }
    }

    private func set(_ operation: inout Operation, to value: UInt64) throws(TraceError) {
        guard operation.setMovingValue(value) else {
            throw cursor.malformed("a flag", found: "\(value)", expected: "at most \(UInt32.max)")
        }
    }
}
