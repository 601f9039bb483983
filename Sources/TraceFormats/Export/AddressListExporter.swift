import Trace

/// Writes one line for each aligned piece of memory that a warp request touches, in program order, block after block.
/// These are the traces of Dinero and Ramulator, which know one requester and no launches.
struct AddressListExporter: ~Copyable {
    private var output: TextOutput
    private let isDin: Bool
    /// Line geometry whose sectors are the pieces.
    private let geometry: LineGeometry
    private var expander: RequestExpander
    private var summary = ExportSummary()

    /// - Parameters:
    ///   - format: `din` or `ramulator`.
    ///   - granularity: bytes of a piece, one of `granularities`.
    init(_ output: ByteOutput, format: ExportFormat, granularity: Int) {
        self.output = TextOutput(output)
        isDin = format == .din
        geometry = LineGeometry(lineBytes: Int(LineGeometry.nvidia.lineBytes), sectorBytes: granularity)
        expander = RequestExpander(geometry: geometry)
    }

    /// Writes all blocks of a launch.
    mutating func write(_ source: inout some BlockProgramSource, progress: ((Int) -> Void)? = nil) throws {
        var program = BlockProgram()
        for block in 0..<source.launch.grid.blockCount {
            progress?(block)
            try source.loadProgram(ofBlock: block, into: &program)
            for operation in program.operations {
                switch operation {
                case .tile(let tile) where isDin || !tile.kind.isMaintenance:
                    var pieces = TilePieces(tile, geometry: expander.geometry)
                    while pieces.expandNext(with: &expander) { try writeRequests(tile.kind, hint: tile.hint) }
                // A traditional din line names one line of the cache. It cannot name all of them.
                case .lanes(let access) where !access.kind.isMaintenance || isDin && access.laneCount > 0:
                    expander.expand(access, laneAddresses: program.laneAddresses)
                    try writeRequests(access.kind, hint: access.hint)
                default:
                    summary.otherSteps &+= 1
                }
            }
            summary.blocks += 1
        }
        summary.launches += 1
    }

    /// Writes the waiting text.
    /// - Returns: a summary of everything that was written.
    mutating func finish() throws(TraceError) -> ExportSummary {
        try output.flush()
        summary.bytes = output.byteCount
        return summary
    }

    private mutating func writeRequests(_ kind: AccessKind, hint: CacheHint) throws(TraceError) {
        let reads: Bool
        let writes: Bool
        switch kind {
        case .load, .copyBypass, .copyThroughL1, .bulkLoad, .localLoad, .fetch: (reads, writes) = (true, false)
        case .store, .bulkStore, .localStore: (reads, writes) = (false, true)
        case .reduction, .atomic: (reads, writes) = (true, true)
        case .copyBack, .invalidate: (reads, writes) = (true, false)
        }
        let dinLabel: StaticString =
            switch kind {
            case .fetch: "2 "
            case .copyBack: "4 "
            case .invalidate: "5 "
            default: kind == .load && hint == .miscellaneous ? "3 " : "0 "
            }
        let readLabel = isDin ? dinLabel : "LD 0x"
        let writeLabel: StaticString = isDin ? "1 " : "ST 0x"
        for request in expander.requests {
            var pieces = request.sectors
            while pieces != 0 {
                let address = geometry.address(ofLine: request.line, sector: pieces.trailingZeroBitCount)
                pieces &= pieces &- 1
                if reads { writeLine(readLabel, address) }
                if writes { writeLine(writeLabel, address) }
            }
            try output.flushIfFull()
        }
    }

    @inline(__always)
    private mutating func writeLine(_ label: StaticString, _ address: UInt64) {
        output.text.append(label)
        output.text.append(hexadecimal: address, digits: 1)
        output.text.append(byte: UInt8(ascii: "\n"))
        summary.lines &+= 1
    }
}
