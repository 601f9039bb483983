/// Encodes blocks' programs into the plain bytes of a chunk. `docs/trace-format.md` has the rules.
///
/// A program is spelled out once, as operation shapes with their moving numbers. Later blocks with the same shapes name
/// the program. They give only the numbers that differ from the prediction. The prediction is the program's numbers
/// before, plus the last step of each shape.
struct ChunkEncoder {
    /// A program spelled out in this chunk, as ranges of the flat arrays below.
    private struct Program {
        var keyStart: Int
        var keyCount: Int
        var valueStart: Int
        var laneStart: Int
        var laneCount: Int
    }

    private let tensorCount: Int
    private(set) var plain: [UInt8] = []
    private(set) var blockCount = 0
    /// Operations of all blocks of the chunk. A reader must work through them to reach the last block.
    private(set) var operationCount = 0
    private(set) var laneCount = 0

    private var shapes: [Operation] = []
    private var shapeIndex = HashIndex()
    /// Shapes of lane accesses that follow the access before without a gap, found by their packed fields. Recorded
    /// traces contain little else.
    private var laneShapes = [(fields: UInt64, shape: Int32)](repeating: (.max, 0), count: 64)
    /// Last moving number that was spelled out, by shape.
    private var spelled: [UInt64] = []
    /// Last step from a program's number to the next block's, by shape.
    private var steps: [UInt64] = []

    private var programs: [Program] = []
    private var programIndex = HashIndex()
    /// Shape numbers of all programs.
    private var keys: [Int32] = []
    /// Moving numbers of all programs, with the values that the last block of each program had.
    private var values: [UInt64] = []
    /// Differences between neighbouring lane addresses of all programs, with the values of each program's last block.
    private var laneDeltas: [UInt64] = []

    init(tensorCount: Int) {
        self.tensorCount = tensorCount
    }

    /// Starts a new chunk.
    mutating func reset() {
        plain.removeAll(keepingCapacity: true)
        (blockCount, operationCount, laneCount) = (0, 0, 0)
        shapes.removeAll(keepingCapacity: true)
        shapeIndex.removeAll()
        for slot in laneShapes.indices { laneShapes[slot].fields = .max }
        spelled.removeAll(keepingCapacity: true)
        steps.removeAll(keepingCapacity: true)
        programs.removeAll(keepingCapacity: true)
        programIndex.removeAll()
        keys.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        laneDeltas.removeAll(keepingCapacity: true)
    }

    /// Checks the next block's program and appends it. After an error the encoder is unusable.
    mutating func append(_ program: borrowing BlockProgram, block: Int, place: TracePlace) throws(TraceError) {
        let lanes = program.laneAddresses.count
        try TraceValidation.validateSize(operations: program.operations.count, lanes: lanes, at: place)
        let keyStart = keys.count
        let shapesBefore = shapes.count
        var hash = OperationHash()
        hash.combine(UInt64(lanes))
        var laneEnd: UInt32 = 0
        for number in 0..<program.operations.count {
            let operation = program.operations[number]
            let key: Int
            if case .lanes(let access) = operation, access.firstLane == laneEnd,
                access.laneCount <= TraceLimits.requestLanes
            {
                key = try laneShapeNumber(access, operation: number, block: block, place: place)
            } else {
                key = try shapeNumber(operation.shape(laneEnd: laneEnd), operation: number, block: block, place: place)
            }
            if case .lanes(let access) = operation {
                // The ranges of a known program are known to be good, but a shape may be new in this place.
                try TraceValidation.validateLanes(access, number: number, laneCount: lanes, block: block, at: place)
                laneEnd = access.firstLane &+ access.laneCount
            }
            keys.append(Int32(truncatingIfNeeded: key))
            hash.combine(UInt64(truncatingIfNeeded: key))
        }
        let known = shapes.count > shapesBefore ? nil : knownProgram(hash: hash.value, keyStart: keyStart, lanes: lanes)
        if let known {
            keys.removeLast(keys.count - keyStart)
            appendReference(to: known, program)
        } else {
            programIndex.insert(programs.count, hash: hash.value)
            spellOut(program, keyStart: keyStart, shapesBefore: shapesBefore)
        }
        blockCount += 1
        operationCount += program.operations.count
        laneCount += lanes
    }

    /// The shape of a lane access without a gap. It is mostly found without hashing or comparing it.
    @inline(__always)
    private mutating func laneShapeNumber(
        _ access: LaneAccess, operation: Int, block: Int, place: TracePlace
    ) throws(TraceError) -> Int {
        let fields =
            UInt64(access.kind.rawValue) | UInt64(access.hint.rawValue) &<< 8 | UInt64(access.laneBytes) &<< 16
            | UInt64(access.tensor) &<< 32 | UInt64(access.laneCount) &<< 48
        let slot = Int(truncatingIfNeeded: (fields &* 0x9E37_79B9_7F4A_7C15) &>> 58)
        if laneShapes[slot].fields == fields { return Int(laneShapes[slot].shape) }
        var shape = access
        shape.firstLane = 0
        let number = try shapeNumber(.lanes(shape), operation: operation, block: block, place: place)
        laneShapes[slot] = (fields, Int32(truncatingIfNeeded: number))
        return number
    }

    private mutating func shapeNumber(
        _ shape: Operation, operation: Int, block: Int, place: TracePlace
    ) throws(TraceError) -> Int {
        var hash = OperationHash()
        hash.combine(shape)
        if let known = shapeIndex.find(hash.value, where: { shapes[$0] == shape }) { return known }
        try TraceValidation.validate(shape, number: operation, tensorCount: tensorCount, block: block, at: place)
        shapeIndex.insert(shapes.count, hash: hash.value)
        shapes.append(shape)
        spelled.append(0)
        steps.append(0)
        return shapes.count - 1
    }

    private func knownProgram(hash: UInt64, keyStart: Int, lanes: Int) -> Int? {
        let count = keys.count - keyStart
        return programIndex.find(hash) { number in
            let program = programs[number]
            guard program.keyCount == count, program.laneCount == lanes else { return false }
            for offset in 0..<count where keys[program.keyStart + offset] != keys[keyStart + offset] { return false }
            return true
        }
    }

    /// Writes 0, the counts, and each operation's shape and moving number.
    private mutating func spellOut(_ program: borrowing BlockProgram, keyStart: Int, shapesBefore: Int) {
        let count = program.operations.count
        programs.append(
            Program(
                keyStart: keyStart, keyCount: count, valueStart: values.count, laneStart: laneDeltas.count,
                laneCount: program.laneAddresses.count))
        plain.append(0)
        plain.appendVarint(UInt64(count))
        plain.appendVarint(UInt64(program.laneAddresses.count))
        var defined = shapesBefore
        for number in 0..<count {
            let key = Int(keys[keyStart + number])
            if key == defined {
                plain.append(0)
                OperationShape.appendDefinition(of: shapes[key], to: &plain)
                defined += 1
            } else {
                plain.appendVarint(UInt64(key) + 1)
            }
            if let value = program.operations[number].movingValue {
                plain.appendZigZag(Int64(bitPattern: value &- spelled[key]))
                spelled[key] = value
                values.append(value)
            }
        }
        var previous: UInt64 = 0
        for address in program.laneAddresses {
            let delta = address &- previous
            plain.appendZigZag(Int64(bitPattern: delta))
            laneDeltas.append(delta)
            previous = address
        }
    }

    /// Writes the program's number plus one, and the residuals as runs of zeros and the values between them.
    private mutating func appendReference(to number: Int, _ program: borrowing BlockProgram) {
        let known = programs[number]
        plain.appendVarint(UInt64(number) + 1)
        var zeros: UInt64 = 0
        var value = known.valueStart
        for index in 0..<known.keyCount {
            guard let current = program.operations[index].movingValue else { continue }
            let key = Int(keys[known.keyStart + index])
            let step = current &- values[value]
            let residual = step &- steps[key]
            if residual == 0 {
                zeros += 1
            } else {
                plain.appendVarint(zeros)
                plain.appendZigZag(Int64(bitPattern: residual))
                zeros = 0
                steps[key] = step
            }
            values[value] = current
            value += 1
        }
        var previous: UInt64 = 0
        for index in 0..<known.laneCount {
            let address = program.laneAddresses[index]
            let delta = address &- previous
            let residual = delta &- laneDeltas[known.laneStart + index]
            if residual == 0 {
                zeros += 1
            } else {
                plain.appendVarint(zeros)
                plain.appendZigZag(Int64(bitPattern: residual))
                zeros = 0
                laneDeltas[known.laneStart + index] = delta
            }
            previous = address
        }
        if zeros > 0 { plain.appendVarint(zeros) }
    }
}
