import Trace

/// Writes sorted records as launches.
enum RecordedLaunches {
    /// - Parameters:
    ///   - opcodes: the opcodes that the records' numbers stand for.
    ///   - records: the account. It is corrected for records that are left out.
    /// - Returns: number of accesses written.
    static func write(
        _ sorter: consuming RecordSorter, launches: [RecordedLaunch], opcodes: [SASSOpcode], file: String,
        records: inout RecordAccount, into writer: inout TraceWriter
    ) throws -> UInt64 {
        var state = State(launches: launches, opcodes: opcodes, file: file, account: records)
        try state.begin(&writer)
        try sorter.drain { key, record in
            while state.launch < key.launch { try state.endLaunch(&writer) }
            guard launches[state.launch].isWritten else {
                state.leaveOut(record)
                return
            }
            while state.block < key.block { try state.endBlock(&writer) }
            try state.append(record)
        }
        while state.launch < launches.count { try state.endLaunch(&writer) }
        records = state.account
        return state.accesses
    }

    /// Most blocks of a launch that may have recorded nothing. With more of them the input is no recording.
    private static let silentBlocks = 1 << 20

    /// Offsets in shared memory are below this, and addresses of global memory are not. *Source:* the window's length,
    /// CUDA's generic addressing.
    private static let windowBytes: UInt64 = 1 << 24

    /// An access as it was recorded.
    private struct Record {
        let opcode: Int
        let isFirst: Bool
        let warp: UInt64
        let mask: UInt32
        let kind: AccessKind
        let hint: CacheHint
        let laneBytes: Int
        var addresses: [UInt64] = []
    }

    private struct State {
        let launches: [RecordedLaunch]
        let opcodes: [SASSOpcode]
        let file: String
        var account: RecordAccount
        var launch = 0
        var block = 0
        var accesses: UInt64 = 0
        /// Lines of copies that may belong to shared memory. An asynchronous copy has two operands, and the tool prints
        /// a line for each, one after the other. A warp's line is held until its next record tells.
        private var heldCopies: [Record] = []
        /// Warps whose last record is a copy's line with addresses of global memory, and whose other line has not come
        /// yet.
        private var openCopies: [(warp: UInt64, opcode: Int)] = []
        /// Warps of the block, with the numbers that the tool gives them: their places on an SM.
        private var warps: [UInt64] = []
        private var localMap: LocalMemoryMap?
        private var program = BlockProgram()
        private var loadsWait = false
        private var silent = 0

        init(launches: [RecordedLaunch], opcodes: [SASSOpcode], file: String, account: RecordAccount) {
            self.launches = launches
            self.opcodes = opcodes
            self.file = file
            self.account = account
        }

        func begin(_ writer: inout TraceWriter) throws(TraceError) {
            if launch < launches.count, launches[launch].isWritten { try writer.begin(launches[launch].header) }
        }

        mutating func endLaunch(_ writer: inout TraceWriter) throws {
            if launches[launch].isWritten {
                while block < launches[launch].header.grid.blockCount { try endBlock(&writer) }
                try writer.endLaunch()
            }
            launch += 1
            block = 0
            silent = 0
            localMap = nil
            try begin(&writer)
        }

        mutating func endBlock(_ writer: inout TraceWriter) throws {
            for copy in heldCopies { try appendLone(copy) }
            heldCopies.removeAll(keepingCapacity: true)
            openCopies.removeAll(keepingCapacity: true)
            warps.removeAll(keepingCapacity: true)
            if program.operations.isEmpty { silent += 1 }
            guard silent <= RecordedLaunches.silentBlocks else {
                let header = launches[launch].header
                throw TraceFormatError.limitExceeded(
                    FormatPlace(file: file),
                    what: "more than \(silent - 1) of \(header.grid.blockCount) blocks of launch "
                        + "\(launch) (\(header.kernel.prefix(60))) recorded nothing",
                    limit: UInt64(RecordedLaunches.silentBlocks))
            }
            try writer.append(program)
            program.removeAll()
            loadsWait = false
            block += 1
        }

        /// Counts a record of a damaged launch as left out.
        mutating func leaveOut(_ bytes: ArraySlice<UInt8>) {
            var cursor = bytes.startIndex
            let code = Self.varint(bytes, &cursor)
            account.move(Int(code >> 1), to: .damaged, isFirst: code & 1 == 0)
        }

        mutating func append(_ bytes: ArraySlice<UInt8>) throws {
            guard let record = read(bytes) else { return }
            let held = heldCopies.firstIndex { $0.warp == record.warp }.map { heldCopies.remove(at: $0) }
            let open = openCopies.firstIndex { $0.warp == record.warp }.map { openCopies.remove(at: $0) }
            guard record.kind == .copyBypass || record.kind == .copyThroughL1 else {
                if let held { try appendLone(held) }
                try append(record)
                return
            }
            let mayBeShared = record.addresses.allSatisfy { $0 < RecordedLaunches.windowBytes }
            if let open, open.opcode == record.opcode, mayBeShared {
                account.move(record.opcode, to: .sharedSide, isFirst: record.isFirst)
                return
            }
            if let held {
                if held.opcode == record.opcode, !mayBeShared {
                    account.move(held.opcode, to: .sharedSide, isFirst: held.isFirst)
                    try append(record)
                    return
                }
                try appendLone(held)
            }
            if mayBeShared {
                heldCopies.append(record)
            } else {
                openCopies.append((record.warp, record.opcode))
                try append(record)
            }
        }

        private func read(_ bytes: ArraySlice<UInt8>) -> Record? {
            var cursor = bytes.startIndex
            let code = Self.varint(bytes, &cursor)
            let opcode = opcodes[Int(code >> 1)]
            let kind: AccessKind
            switch opcode.action {
            case .access(let found), .local(let found), .generic(let found): kind = found
            default: return nil
            }
            let warp = Self.varint(bytes, &cursor)
            var record = Record(
                opcode: Int(code >> 1), isFirst: code & 1 == 0, warp: warp,
                mask: UInt32(truncatingIfNeeded: Self.varint(bytes, &cursor)), kind: kind, hint: opcode.hint,
                laneBytes: opcode.laneBytes ?? 4)
            var address: UInt64 = 0
            for _ in 0..<record.mask.nonzeroBitCount {
                let code = Self.varint(bytes, &cursor)
                address &+= code >> 1 ^ (0 &- (code & 1))
                record.addresses.append(address)
            }
            return record
        }

        /// Appends a copy's line to which no other line belongs.
        private mutating func appendLone(_ record: Record) throws(TraceFormatError) {
            guard record.mask != 0 else {
                account.move(record.opcode, to: .unlocated, isFirst: record.isFirst)
                return
            }
            try append(record)
        }

        private mutating func append(_ record: Record) throws(TraceFormatError) {
            let isLocal = record.kind == .localLoad || record.kind == .localStore
            let words = isLocal ? LocalMemoryMap.words(laneBytes: record.laneBytes) : 1
            let count = record.addresses.count * words
            guard program.operations.count + 2 <= TraceLimits.programOperations,
                program.laneAddresses.count + count <= TraceLimits.programLanes
            else {
                throw .limitExceeded(
                    FormatPlace(file: file),
                    what: "block \(block) of launch \(launch) has more than "
                        + "\(TraceLimits.programOperations) accesses or \(TraceLimits.programLanes) addresses",
                    limit: UInt64(TraceLimits.programOperations))
            }
            let kind = record.kind
            if loadsWait, kind == .store || kind == .reduction || kind == .atomic || kind == .localStore {
                program.operations.append(.awaitLoads)
                loadsWait = false
            }
            if kind == .load || kind == .localLoad || kind == .atomic { loadsWait = true }
            program.operations.append(
                .lanes(
                    LaneAccess(
                        kind: kind, tensor: 0, laneBytes: isLocal ? min(4, record.laneBytes) : record.laneBytes,
                        firstLane: program.laneAddresses.count, laneCount: count, hint: record.hint)))
            if isLocal {
                appendLocal(record, words: words)
            } else {
                program.laneAddresses.append(contentsOf: record.addresses)
            }
            accesses += 1
        }

        /// Appends the addresses of the lanes' words in local memory. The record has their offsets.
        private mutating func appendLocal(_ record: Record, words: Int) {
            let map = localMap ?? LocalMemoryMap(launches[launch].header, windowBase: 0)
            localMap = map
            if !warps.contains(record.warp) { warps.append(record.warp) }
            let base = map.base(block: block, warp: warps.firstIndex(of: record.warp) ?? 0)
            var left = record.mask
            for offset in record.addresses {
                for word in 0..<words {
                    program.laneAddresses.append(
                        map.address(base: base, lane: left.trailingZeroBitCount, offset: offset &+ UInt64(word * 4)))
                }
                left &= left &- 1
            }
        }

        /// Reads a number that this importer has written itself.
        @inline(__always)
        private static func varint(_ bytes: ArraySlice<UInt8>, _ cursor: inout Int) -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while true {
                let byte = bytes[cursor]
                cursor += 1
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
        }
    }
}
