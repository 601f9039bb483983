import Trace

/// Turns blocks' programs into the instruction lines of their warps.
///
/// The warp requests of an operation go to the block's warps in turn. Replicas go to the warps that follow. SASS can
/// express a request of at most 32 lanes of 1, 2, 4, 8 or 16 bytes; it becomes one instruction with the same lanes. Any
/// other request becomes instructions with one lane for each sector, or two lanes for a sector that is written whole.
/// Each of its sectors is then asked for once, as before.
struct AccelSimBlockWriter: ~Copyable {
    /// Most text of a block. The lines of its warps wait in memory until they can be counted.
    private static let blockBytes = 256 << 20
    private static let lanesPerInstruction = 32

    private let warpCount: Int
    private let warps: UnsafeMutablePointer<WarpText>
    private let lanes: UnsafeMutablePointer<UInt64>
    private let fullLines: ComputeLines
    private let lastLines: ComputeLines
    private let keepsCompute: Bool
    private let geometry = LineGeometry.nvidia
    private var expander = RequestExpander(geometry: .nvidia)
    /// The warp that takes the next recorded request.
    private var nextWarp = 0
    private(set) var textBytes = 0

    init(threads: Int, keepsCompute: Bool) {
        warpCount = (threads + 31) / 32
        self.keepsCompute = keepsCompute
        warps = .allocate(capacity: warpCount)
        for warp in 0..<warpCount { (warps + warp).initialize(to: WarpText()) }
        lanes = .allocate(capacity: Self.lanesPerInstruction)
        lanes.initialize(repeating: 0, count: Self.lanesPerInstruction)
        fullLines = ComputeLines(mask: .max)
        lastLines = ComputeLines(mask: UInt32.max >> UInt32((32 - threads % 32) % 32))
    }

    deinit {
        warps.deinitialize(count: warpCount)
        warps.deallocate()
        lanes.deallocate()
    }

    /// Makes the lines of a block's warps. Each warp ends with EXIT.
    /// - Returns: number of operations that were left out: waits for products, and compute steps, where they are not
    ///   kept.
    /// - Throws: `ExportProblem` for what such a trace cannot express.
    mutating func assemble(_ program: borrowing BlockProgram) throws(ExportProblem) -> UInt64 {
        for warp in 0..<warpCount { warps[warp].removeAll() }
        nextWarp = 0
        textBytes = 0
        var leftOut: UInt64 = 0
        for (number, operation) in program.operations.enumerated() {
            switch operation {
            case .tile(let tile): try append(tile, number)
            case .lanes(let access): try append(access, program.laneAddresses, number)
            case .awaitLoads: forEachWarp { $0.awaitLoads(mask: $1.mask) }
            case .commitGroup: forEachWarp { $0.append(plain: "LDGDEPBAR", mask: $1.mask) }
            case .awaitGroups(let pending):
                forEachWarp { $0.append(plain: "DEPBAR.LE", immediate: UInt64(pending), mask: $1.mask) }
            case .barrier: forEachWarp { $0.append(plain: "BAR.SYNC", mask: $1.mask) }
            case .invalidateL1: forEachWarp { $0.append(plain: "CCTL.IVALL", mask: $1.mask) }
            case .compute(let work):
                guard keepsCompute else {
                    leftOut += 1
                    continue
                }
                let counts = ComputeLines.counts(of: work)
                // No compute line is longer than 80 bytes.
                let lines = SIMD8<UInt64>(truncatingIfNeeded: counts).wrappedSum()
                try count(Int(lines) * warpCount * 80, number)
                forEachWarp { $0.append(compute: counts, lines: $1) }
            // The instructions that begin products are part of a compute step. The trace has no products of their own.
            case .beginProducts: break
            case .awaitProducts: leftOut += 1
            case .signal, .awaitFlag: throw ExportProblem(operation: number, reason: .flag)
            }
        }
        forEachWarp { $0.append(plain: "EXIT", mask: $1.mask) }
        return leftOut
    }

    /// Number of instructions of all warps.
    var instructions: UInt64 { (0..<warpCount).reduce(0) { $0 + warps[$1].instructions } }

    /// Appends the block in the form of the trace.
    mutating func write(block: (x: Int, y: Int, z: Int), to text: inout TextBuffer) {
        text.append("#BEGIN_TB\n\nthread block = ")
        text.append(decimal: UInt64(block.x))
        text.append(byte: UInt8(ascii: ","))
        text.append(decimal: UInt64(block.y))
        text.append(byte: UInt8(ascii: ","))
        text.append(decimal: UInt64(block.z))
        text.append("\n\n")
        for warp in 0..<warpCount {
            text.append("warp = ")
            text.append(decimal: UInt64(warp))
            text.append("\ninsts = ")
            text.append(decimal: warps[warp].instructions)
            text.append(byte: UInt8(ascii: "\n"))
            text.append(warps[warp].text.bytes)
            text.append(byte: UInt8(ascii: "\n"))
        }
        text.append("#END_TB\n\n")
    }

    private mutating func forEachWarp(_ body: (inout WarpText, ComputeLines) -> Void) {
        for warp in 0..<warpCount { body(&warps[warp], warp == warpCount - 1 ? lastLines : fullLines) }
        nextWarp = 0
    }

    /// Counts bytes of text before or while they are made.
    @inline(__always)
    private mutating func count(_ bytes: Int, _ operation: Int) throws(ExportProblem) {
        textBytes &+= bytes
        if textBytes > Self.blockBytes {
            throw ExportProblem(operation: operation, reason: .tooLong(limit: Self.blockBytes))
        }
    }

    /// Appends an instruction of the first `count` entries of `lanes`.
    @inline(__always)
    private mutating func append(
        _ kind: AccessKind, _ hint: CacheHint, width: Int, lanes count: Int, warp: Int, _ operation: Int
    ) throws(ExportProblem) {
        warps[warp].append(kind, hint, width: width, lanes: UnsafeBufferPointer(start: lanes, count: count))
        try self.count(64 &+ 8 &* count, operation)
    }

    /// Logarithm of a lane width. It is nil for a width that SASS does not have.
    @inline(__always)
    private static func width(_ laneBytes: UInt16) -> Int? {
        laneBytes & (laneBytes &- 1) == 0 && laneBytes >= 1 && laneBytes <= 16 ? laneBytes.trailingZeroBitCount : nil
    }

    private mutating func append(_ access: LaneAccess, _ addresses: [UInt64], _ number: Int) throws(ExportProblem) {
        guard !access.kind.isOfPlainCaches else { throw ExportProblem(operation: number, reason: .fetch) }
        guard access.laneCount > 0 else { return }
        if access.laneCount <= Self.lanesPerInstruction, !Self.isLocal(access.kind),
            let width = Self.width(access.laneBytes)
        {
            let count = Int(access.laneCount)
            for lane in 0..<count { lanes[lane] = addresses[Int(access.firstLane) + lane] }
            try append(access.kind, access.hint, width: width, lanes: count, warp: nextWarp, number)
        } else {
            expander.expand(access, laneAddresses: addresses)
            try appendSectors(access.kind, access.hint, requests: 0..<expander.requests.count, warp: nextWarp, number)
        }
        nextWarp = nextWarp + 1 == warpCount ? 0 : nextWarp + 1
    }

    private mutating func append(_ tile: TileAccess, _ number: Int) throws(ExportProblem) {
        guard !tile.kind.isOfPlainCaches else { throw ExportProblem(operation: number, reason: .fetch) }
        guard tile.rows > 0, tile.rowBytes > 0 else { return }
        nextWarp = 0
        guard let width = Self.width(tile.laneBytes), Self.canBeSaid(tile), !Self.isLocal(tile.kind) else {
            try appendSectors(of: tile, number)
            return
        }
        let stride = Int(tile.laneStrideBytes)
        let span = stride * Int(tile.lanesPerRow)
        var row = 0
        while row < Int(tile.rows) {
            let rows = min(Int(tile.requestRows), Int(tile.rows) - row)
            var column = 0
            while column < Int(tile.rowBytes) {
                var piece = 0
                while piece < stride, column + piece < Int(tile.rowBytes) {
                    let count = gather(tile, firstRow: row, rows: rows, column: column + piece)
                    for _ in 0..<tile.replicas {
                        try append(tile.kind, tile.hint, width: width, lanes: count, warp: nextWarp, number)
                        nextWarp = nextWarp + 1 == warpCount ? 0 : nextWarp + 1
                    }
                    piece += Int(tile.laneBytes)
                }
                column += span
            }
            row += Int(tile.requestRows)
        }
        nextWarp = 0
    }

    /// Whether each request of a tile can become one instruction. It must not have too many lanes, and no lane may be
    /// cut off. No address may be added to twice, because the tile adds in one pass and lanes would add in two.
    private static func canBeSaid(_ tile: TileAccess) -> Bool {
        guard Int(tile.requestRows) * Int(tile.lanesPerRow) <= lanesPerInstruction,
            tile.rowBytes % UInt32(tile.laneBytes) == 0,
            tile.laneStrideBytes % tile.laneBytes == 0
        else { return false }
        let adds = tile.kind == .reduction || tile.kind == .atomic
        return !adds || tile.requestRows == 1 || tile.pitchBytes.magnitude >= UInt64(tile.rowBytes)
    }

    /// Puts a request's addresses into `lanes`, row by row.
    /// - Returns: the number of addresses.
    @inline(__always)
    private func gather(_ tile: TileAccess, firstRow: Int, rows: Int, column: Int) -> Int {
        let stride = UInt64(tile.laneStrideBytes)
        let limit = UInt64(tile.rowBytes) &- UInt64(column)
        var count = 0
        for row in firstRow..<(firstRow + rows) {
            let start = tile.address &+ UInt64(bitPattern: Int64(row) &* tile.pitchBytes) &+ UInt64(column)
            var offset: UInt64 = 0
            for _ in 0..<tile.lanesPerRow {
                guard offset < limit else { break }
                lanes[count] = start &+ offset
                count &+= 1
                offset &+= stride
            }
        }
        return count
    }

    private mutating func appendSectors(of tile: TileAccess, _ number: Int) throws(ExportProblem) {
        var pieces = TilePieces(tile, geometry: expander.geometry)
        while pieces.expandNext(with: &expander) {
            var first = 0
            while first < expander.requests.count {
                var end = first + 1
                while end < expander.requests.count, !expander.requests[end].startsRequest { end += 1 }
                try appendSectors(tile.kind, tile.hint, requests: first..<end, warp: nextWarp, number)
                nextWarp = nextWarp + 1 == warpCount ? 0 : nextWarp + 1
                first = end
            }
        }
        nextWarp = 0
    }

    /// Appends one warp request by its sectors. A sector that is written whole becomes two lanes of 16 bytes, any other
    /// sector one lane of 4.
    private mutating func appendSectors(
        _ kind: AccessKind, _ hint: CacheHint, requests: Range<Int>, warp: Int, _ number: Int
    ) throws(ExportProblem) {
        guard !Self.isLocal(kind) else {
            try appendLocal(kind, hint, requests: requests, warp: warp, number)
            return
        }
        let writes = kind == .store || kind == .bulkStore || kind == .localStore
        for whole in writes ? [true, false] : [false] {
            let perSector = whole ? 2 : 1
            var count = 0
            for place in requests {
                let request = expander.requests[place]
                var sectors = request.sectors & (whole ? request.wholeSectors : writes ? ~request.wholeSectors : .max)
                while sectors != 0 {
                    let address = geometry.address(ofLine: request.line, sector: sectors.trailingZeroBitCount)
                    sectors &= sectors &- 1
                    for part in 0..<perSector { lanes[count + part] = address &+ 16 &* UInt64(part) }
                    count += perSector
                    if count == Self.lanesPerInstruction {
                        try append(kind, hint, width: whole ? 4 : 2, lanes: count, warp: warp, number)
                        count = 0
                    }
                }
            }
            if count > 0 { try append(kind, hint, width: whole ? 4 : 2, lanes: count, warp: warp, number) }
        }
    }
}

// Local memory. There an instruction's address is the thread's own offset, and the hardware interleaves the lanes'
// words.
extension AccelSimBlockWriter {
    private static func isLocal(_ kind: AccessKind) -> Bool { kind == .localLoad || kind == .localStore }

    /// Appends one warp request by its sectors. An offset stands for a line. Eight lanes stand for a sector of it, or
    /// one lane where the sector is not written whole. A lane of 8 or 16 bytes stands for 2 or 4 aligned lines.
    private mutating func appendLocal(
        _ kind: AccessKind, _ hint: CacheHint, requests: Range<Int>, warp: Int, _ operation: Int
    ) throws(ExportProblem) {
        for whole in kind == .localStore ? [true, false] : [true] {
            var place = requests.lowerBound
            while place < requests.upperBound {
                let mask = localLanes(place, isStore: kind == .localStore, whole: whole)
                var lines = 4
                while lines > 1,
                    !isGroup(place, lines, end: requests.upperBound, mask, isStore: kind == .localStore, whole: whole)
                {
                    lines /= 2
                }
                if mask != 0 {
                    warps[warp].append(
                        local: kind, hint, width: 2 + lines.trailingZeroBitCount, mask: mask,
                        offset: LocalMemoryMap.offset(ofLine: expander.requests[place].line))
                    try count(64 &+ 2 &* mask.nonzeroBitCount, operation)
                }
                place += lines
            }
        }
    }

    /// Whether the `lines` requests from `place` on are consecutive, aligned lines that the same lanes access.
    private func isGroup(_ place: Int, _ lines: Int, end: Int, _ mask: UInt32, isStore: Bool, whole: Bool) -> Bool {
        let first = expander.requests[place].line
        guard place + lines <= end, first % UInt64(lines) == 0 else { return false }
        for next in 1..<lines {
            guard expander.requests[place + next].line == first + UInt64(next),
                localLanes(place + next, isStore: isStore, whole: whole) == mask
            else { return false }
        }
        return true
    }

    /// The lanes whose words lie in the sectors of a line's request: those that are loaded, stored whole, or stored in
    /// part.
    private func localLanes(_ place: Int, isStore: Bool, whole: Bool) -> UInt32 {
        let request = expander.requests[place]
        let sectors =
            isStore ? request.sectors & (whole ? request.wholeSectors : ~request.wholeSectors) : request.sectors
        var mask: UInt32 = 0
        for sector in 0..<4 where sectors >> sector & 1 == 1 { mask |= (whole ? 0xFF : 1) << UInt32(8 * sector) }
        return mask
    }
}

/// Why a foreign format cannot express a block.
struct ExportProblem: Error {
    enum Reason {
        case flag, fetch
        case tooLong(limit: Int)
    }

    /// Number of the operation in the block's program.
    let operation: Int
    let reason: Reason
}
