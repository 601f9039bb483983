import Trace

/// Writes sorted records as launches.
enum RecordedLaunches {
    /// - Parameter opcodes: what the records' opcode numbers mean.
    /// - Returns: accesses written, and records left out since they are the shared-memory side of an asynchronous copy.
    static func write(
        _ sorter: consuming RecordSorter, launches: [KernelLaunch], opcodes: [SASSOpcode], file: String,
        into writer: inout TraceWriter
    ) throws -> (accesses: UInt64, sharedSides: UInt64) {
        var state = State(launches: launches, file: file)
        try state.begin(&writer)
        try sorter.drain { key, record in
            while state.launch < key.launch { try state.endLaunch(&writer) }
            while state.block < key.block { try state.endBlock(&writer) }
            try state.append(record, opcodes: opcodes)
        }
        while state.launch < launches.count { try state.endLaunch(&writer) }
        return (state.accesses, state.sharedSides)
    }

    /// Blocks of a launch that may have recorded nothing; more are no recording.
    private static let silentBlocks = 1 << 20

    /// Offsets in shared memory are below this, addresses of global memory above. *Source:* the window's length, CUDA's generic addressing.
    private static let windowBytes: UInt64 = 1 << 24

    /// An access as recorded.
    private struct Record {
        let kind: AccessKind
        let hint: CacheHint
        let laneBytes: Int
        var addresses: [UInt64] = []
    }

    private struct State {
        let launches: [KernelLaunch]
        let file: String
        var launch = 0
        var block = 0
        var accesses: UInt64 = 0
        var sharedSides: UInt64 = 0
        /// An asynchronous copy has two operands, and the tool prints a line for each, shared memory's first: lines that may be
        /// this, by warp, until the warp's next copy tells.
        private var heldCopies: [(warp: UInt64, record: Record)] = []
        private var program = BlockProgram()
        private var loadsWait = false
        private var silent = 0

        init(launches: [KernelLaunch], file: String) {
            self.launches = launches
            self.file = file
        }

        func begin(_ writer: inout TraceWriter) throws(TraceError) {
            if launch < launches.count { try writer.begin(launches[launch]) }
        }

        mutating func endLaunch(_ writer: inout TraceWriter) throws {
            while block < launches[launch].grid.blockCount { try endBlock(&writer) }
            try writer.endLaunch()
            launch += 1
            block = 0
            silent = 0
            try begin(&writer)
        }

        mutating func endBlock(_ writer: inout TraceWriter) throws {
            for copy in heldCopies { try append(copy.record) }
            heldCopies.removeAll()
            if program.operations.isEmpty { silent += 1 }
            guard silent <= RecordedLaunches.silentBlocks else {
                throw TraceFormatError.limitExceeded(
                    FormatPlace(file: file),
                    what: "more than \(silent - 1) of \(launches[launch].grid.blockCount) blocks of launch "
                        + "\(launch) (\(launches[launch].kernel.prefix(60))) recorded nothing",
                    limit: UInt64(RecordedLaunches.silentBlocks))
            }
            try writer.append(program)
            program.removeAll()
            loadsWait = false
            block += 1
        }

        mutating func append(_ bytes: ArraySlice<UInt8>, opcodes: [SASSOpcode]) throws {
            var cursor = bytes.startIndex
            let opcode = opcodes[Int(Self.varint(bytes, &cursor))]
            let warp = Self.varint(bytes, &cursor)
            let count = Int(Self.varint(bytes, &cursor))
            let kind: AccessKind
            switch opcode.action {
            case .access(let found), .local(let found), .generic(let found): kind = found
            default: return
            }
            var record = Record(kind: kind, hint: opcode.hint, laneBytes: opcode.laneBytes ?? 4)
            var address: UInt64 = 0
            for _ in 0..<count {
                let code = Self.varint(bytes, &cursor)
                address &+= code >> 1 ^ (0 &- (code & 1))
                record.addresses.append(address)
            }
            guard kind == .copyBypass || kind == .copyThroughL1 else {
                try append(record)
                return
            }
            let mayBeShared = record.addresses.allSatisfy { $0 < RecordedLaunches.windowBytes }
            if let place = heldCopies.firstIndex(where: { $0.warp == warp }) {
                let held = heldCopies.remove(at: place).record
                if mayBeShared { try append(held) } else { sharedSides += 1 }
            }
            if mayBeShared { heldCopies.append((warp, record)) } else { try append(record) }
        }

        private mutating func append(_ record: Record) throws(TraceFormatError) {
            let count = record.addresses.count
            guard program.operations.count + 2 <= TraceLimits.programOperations,
                program.laneAddresses.count + count <= TraceLimits.programLanes
            else {
                throw .limitExceeded(
                    FormatPlace(file: file), what: "block \(block) of launch \(launch) has more than "
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
                        kind: kind, tensor: 0, laneBytes: record.laneBytes, firstLane: program.laneAddresses.count,
                        laneCount: count, hint: record.hint)))
            program.laneAddresses.append(contentsOf: record.addresses)
            accesses += 1
        }

        /// The number that this importer has written itself.
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
