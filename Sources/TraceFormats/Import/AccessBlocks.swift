import Trace

/// The accesses of one requester as one launch of one thread, cut into blocks in the order of the trace. All CPU
/// formats write their accesses through it. Memory holds one block.
struct AccessBlocks {
    /// Accesses of a block. The block is small enough to be reached quickly, and large enough to be stored well.
    static let blockAccesses = 1 << 16
    /// Bytes of the largest access. This is the limit of a lane in a trace.
    static let largestBytes: UInt64 = 65_535

    private var program = BlockProgram()
    /// Number of blocks and accesses written so far.
    private(set) var blocks = 0
    private(set) var accesses: UInt64 = 0
    /// All bits that are set in any recorded address of a load or store, and all that are set in any address of a
    /// fetch.
    private var dataBits: UInt64 = 0
    private var fetchBits: UInt64 = 0
    /// Number of loads and stores, and number of fetches.
    private var dataAccesses: UInt64 = 0
    private var fetches: UInt64 = 0
    /// Index in the block of the next access's address.
    var nextLane: Int { program.laneAddresses.count }

    /// Whether there has been no operation yet.
    var isEmpty: Bool { blocks == 0 && program.operations.isEmpty }

    /// Begins the launch, whose number of blocks is not known yet.
    /// - Parameter kernel: name of the launch.
    func begin(_ kernel: String, in writer: inout TraceWriter) throws {
        try writer.beginOpen(
            KernelLaunch(
                kernel: kernel, grid: Grid(x: 1), threadsPerBlock: 1, registersPerThread: 0,
                sharedMemoryBytesPerBlock: 0,
                tensors: [Tensor(name: "memory", baseAddress: 0, byteCount: 0, elementType: "u8")]))
    }

    /// Appends an access of 1 to `largestBytes` bytes.
    /// - Parameter recorded: the recorded address, where `address` is that of the aligned piece that holds it.
    @inline(__always)
    mutating func append(
        _ kind: AccessKind, address: UInt64, bytes: UInt64, hint: CacheHint = .normal, recorded: UInt64? = nil
    ) {
        program.operations.append(
            .lanes(
                LaneAccess(
                    kind: kind, tensor: 0, laneBytes: Int(bytes), firstLane: program.laneAddresses.count, laneCount: 1,
                    hint: hint)))
        program.laneAddresses.append(address)
        switch kind {
        case .load, .store:
            dataBits |= recorded ?? address
            dataAccesses &+= 1
        case .fetch:
            fetchBits |= recorded ?? address
            fetches &+= 1
        default: break
        }
    }

    /// Warns where every load and store has address 0, or every fetch of a trace without loads and stores.
    /// - Throws: `TraceFormatError.doubtful` where the import is strict.
    func warnOfZeros(_ place: FormatPlace, _ summary: inout ImportSummary) throws(TraceFormatError) {
        let isData = dataAccesses > 0
        guard isData ? dataBits == 0 : fetches > 0 && fetchBits == 0 else { return }
        let count = isData ? dataAccesses : fetches
        try summary.warn(
            place,
            what:
                "the address is 0 in \(isData ? "every load and store" : "every instruction fetch") (\(count) in all), so that "
                + "the trace does not tell where memory was accessed",
            cure: "Check how the trace was recorded")
    }

    /// Appends an operation that does not access an address.
    mutating func append(_ operation: Operation) { program.operations.append(operation) }

    /// Writes the block, which is full.
    @inline(__always)
    mutating func endBlockIfFull(_ writer: inout TraceWriter) throws {
        if program.laneAddresses.count >= Self.blockAccesses || program.operations.count >= 2 * Self.blockAccesses {
            try endBlock(&writer)
        }
    }

    /// Writes the last block and ends the launch.
    /// - Throws: `nothing` where there is no block, and what the writer throws.
    mutating func end(_ writer: inout TraceWriter, nothing: @autoclosure () -> TraceFormatError) throws {
        if !program.operations.isEmpty { try endBlock(&writer) }
        guard blocks > 0 else { throw nothing() }
        try writer.endLaunch()
    }

    /// Writes the last block and ends the launch.
    /// - Throws: `TraceFormatError.empty` where there is no block, and what the writer throws.
    mutating func end(_ writer: inout TraceWriter, place: FormatPlace, expected: String) throws {
        try end(&writer, nothing: .empty(place, expected: expected))
    }

    private mutating func endBlock(_ writer: inout TraceWriter) throws {
        try writer.append(program)
        blocks += 1
        accesses += UInt64(program.laneAddresses.count)
        program.removeAll()
    }
}
