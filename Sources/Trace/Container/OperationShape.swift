/// The shape of an operation: all of it except the one number that moves from block to block. Chunks spell a shape once
/// and then name it.
///
/// The moving number is a tile's address, or the flag of a signal or wait. The shape is itself an `Operation` in which
/// that number is 0. In the shape of a lane access, `firstLane` is the gap (modulo 2^32) from the end of the lane
/// access before.
enum OperationShape {
    /// First byte of a shape's definition.
    enum Tag: UInt8 {
        case tile, lanes, awaitLoads, commitGroup, awaitGroups, barrier, compute, invalidateL1, signal, awaitFlag
        case beginProducts, awaitProducts, timedCompute
    }

    /// Appends a shape's definition.
    static func appendDefinition(of shape: Operation, to bytes: inout [UInt8]) {
        func start(_ tag: Tag) { bytes.append(tag.rawValue) }
        switch shape {
        case .tile(let tile):
            start(.tile)
            bytes.append(tile.kind.rawValue)
            bytes.append(tile.hint.rawValue)
            bytes.append(tile.elementBytes)
            bytes.append(tile.replicas)
            for value in [tile.tensor, tile.requestRows, tile.lanesPerRow, tile.laneBytes, tile.laneStrideBytes] {
                bytes.appendVarint(UInt64(value))
            }
            bytes.appendVarint(UInt64(tile.rows))
            bytes.appendVarint(UInt64(tile.rowBytes))
            bytes.appendZigZag(tile.pitchBytes)
        case .lanes(let access):
            start(.lanes)
            bytes.append(access.kind.rawValue)
            bytes.append(access.hint.rawValue)
            bytes.appendVarint(UInt64(access.laneBytes))
            bytes.appendVarint(UInt64(access.tensor))
            bytes.appendVarint(UInt64(access.laneCount))
            bytes.appendZigZag(Int64(Int32(bitPattern: access.firstLane)))
        case .awaitLoads: start(.awaitLoads)
        case .commitGroup: start(.commitGroup)
        case .awaitGroups(let pending):
            start(.awaitGroups)
            bytes.appendVarint(UInt64(pending))
        case .barrier: start(.barrier)
        case .compute(let work):
            // Files without times are as they were before steps could have times.
            start(work.cycles == 0 ? .compute : .timedCompute)
            if work.cycles != 0 { bytes.appendVarint(UInt64(work.cycles)) }
            for value in [
                work.instructions, work.tensor, work.fp32, work.alu, work.special, work.memory, work.shuffle,
                work.products,
            ] {
                bytes.appendVarint(UInt64(value))
            }
        case .invalidateL1: start(.invalidateL1)
        case .signal: start(.signal)
        case .awaitFlag(_, let count):
            start(.awaitFlag)
            bytes.appendVarint(UInt64(count))
        case .beginProducts(let products):
            start(.beginProducts)
            bytes.appendVarint(UInt64(products))
        case .awaitProducts(let pending):
            start(.awaitProducts)
            bytes.appendVarint(UInt64(pending))
        }
    }

    /// Reads a shape's definition. Its contents are not validated yet.
    static func readDefinition(_ cursor: inout ByteCursor) throws(TraceError) -> Operation {
        let raw = try cursor.byte()
        guard let tag = Tag(rawValue: raw) else {
            throw cursor.malformed("an operation's tag", found: "\(raw)", expected: "0 to \(Tag.timedCompute.rawValue)")
        }
        switch tag {
        case .tile: return .tile(try readTile(&cursor))
        case .lanes:
            var access = LaneAccess(kind: try readKind(&cursor), tensor: 0, laneBytes: 0, firstLane: 0, laneCount: 0)
            access.hint = try readHint(&cursor)
            access.laneBytes = try read(&cursor, "laneBytes")
            access.tensor = try read(&cursor, "tensor")
            access.laneCount = try read(&cursor, "laneCount")
            let gap = try cursor.zigZag()
            guard let narrow = Int32(exactly: gap) else {
                throw cursor.malformed("a lane access's gap", found: "\(gap)", expected: "a 32-bit number")
            }
            access.firstLane = UInt32(bitPattern: narrow)
            return .lanes(access)
        case .awaitLoads: return .awaitLoads
        case .commitGroup: return .commitGroup
        case .awaitGroups: return .awaitGroups(pending: try read(&cursor, "pending groups"))
        case .barrier: return .barrier
        case .compute, .timedCompute:
            var work = ComputeWork(instructions: 0)
            if tag == .timedCompute { work.cycles = try read(&cursor, "cycles of a step") }
            work.instructions = try read(&cursor, "instructions")
            work.tensor = try read(&cursor, "tensor instructions")
            work.fp32 = try read(&cursor, "fp32 instructions")
            work.alu = try read(&cursor, "alu instructions")
            work.special = try read(&cursor, "special instructions")
            work.memory = try read(&cursor, "memory instructions")
            work.shuffle = try read(&cursor, "shuffle instructions")
            work.products = try read(&cursor, "tensor products")
            return .compute(work)
        case .invalidateL1: return .invalidateL1
        case .signal: return .signal(flag: 0)
        case .awaitFlag: return .awaitFlag(flag: 0, count: try read(&cursor, "flag count"))
        case .beginProducts: return .beginProducts(try read(&cursor, "tensor products"))
        case .awaitProducts: return .awaitProducts(pending: try read(&cursor, "pending products"))
        }
    }

    private static func readTile(_ cursor: inout ByteCursor) throws(TraceError) -> TileAccess {
        var tile = TileAccess(
            kind: try readKind(&cursor), tensor: 0, elementBytes: 0, address: 0, rows: 0, rowBytes: 0, pitchBytes: 0,
            requestRows: 0, lanesPerRow: 0, laneBytes: 0, laneStrideBytes: 0)
        tile.hint = try readHint(&cursor)
        tile.elementBytes = try cursor.byte()
        tile.replicas = try cursor.byte()
        tile.tensor = try read(&cursor, "tensor")
        tile.requestRows = try read(&cursor, "requestRows")
        tile.lanesPerRow = try read(&cursor, "lanesPerRow")
        tile.laneBytes = try read(&cursor, "laneBytes")
        tile.laneStrideBytes = try read(&cursor, "laneStrideBytes")
        tile.rows = try read(&cursor, "rows")
        tile.rowBytes = try read(&cursor, "rowBytes")
        tile.pitchBytes = try cursor.zigZag()
        return tile
    }

    private static func readKind(_ cursor: inout ByteCursor) throws(TraceError) -> AccessKind {
        let raw = try cursor.byte()
        guard let kind = AccessKind(rawValue: raw) else {
            throw cursor.malformed("an access kind", found: "\(raw)", expected: "0 to \(AccessKind.allCases.count - 1)")
        }
        return kind
    }

    private static func readHint(_ cursor: inout ByteCursor) throws(TraceError) -> CacheHint {
        let raw = try cursor.byte()
        guard let hint = CacheHint(rawValue: raw) else {
            throw cursor.malformed("a cache hint", found: "\(raw)", expected: "0 to \(CacheHint.allCases.count - 1)")
        }
        return hint
    }

    private static func read<Value: FixedWidthInteger>(
        _ cursor: inout ByteCursor, _ field: String
    ) throws(TraceError) -> Value {
        let value = try cursor.varint()
        guard let narrow = Value(exactly: value) else {
            throw cursor.malformed(field, found: "\(value)", expected: "at most \(Value.max)")
        }
        return narrow
    }
}

extension Operation {
    /// The number that moves from block to block, a tile's address or a flag; nil where there is none.
    @inline(__always)
    var movingValue: UInt64? {
        switch self {
        case .tile(let tile): tile.address
        case .signal(let flag): UInt64(flag)
        case .awaitFlag(let flag, _): UInt64(flag)
        case .lanes, .awaitLoads, .commitGroup, .awaitGroups, .barrier, .compute, .invalidateL1, .beginProducts,
            .awaitProducts:
            nil
        }
    }

    /// Replaces the moving number.
    /// - Returns: false where the number does not fit, or where there is none.
    @inline(__always)
    mutating func setMovingValue(_ value: UInt64) -> Bool {
        switch self {
        case .tile(var tile):
            tile.address = value
            self = .tile(tile)
            return true
        case .signal:
            guard let flag = UInt32(exactly: value) else { return false }
            self = .signal(flag: flag)
            return true
        case .awaitFlag(_, let count):
            guard let flag = UInt32(exactly: value) else { return false }
            self = .awaitFlag(flag: flag, count: count)
            return true
        case .lanes, .awaitLoads, .commitGroup, .awaitGroups, .barrier, .compute, .invalidateL1, .beginProducts,
            .awaitProducts:
            return false
        }
    }

    /// The shape of an operation. `laneEnd` is the end of the lane access before.
    @inline(__always)
    func shape(laneEnd: UInt32) -> Operation {
        switch self {
        case .tile(var tile):
            tile.address = 0
            return .tile(tile)
        case .lanes(var access):
            access.firstLane = access.firstLane &- laneEnd
            return .lanes(access)
        case .signal: return .signal(flag: 0)
        case .awaitFlag(_, let count): return .awaitFlag(flag: 0, count: count)
        case .awaitLoads, .commitGroup, .awaitGroups, .barrier, .compute, .invalidateL1, .beginProducts,
            .awaitProducts:
            return self
        }
    }
}
