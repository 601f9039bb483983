import Trace

/// Reads a `.traceg` file, versions 3 to 6: its header, then its thread blocks in the grid's order.
struct AccelSimKernelReader: ~Copyable {
    /// The line before this one, where it belongs to a copy from global to shared memory. This line may be the copy's
    /// other operand.
    struct CopyLine {
        let counter: UInt64
        let mask: UInt32
        let opcode: Int
        /// Whether its addresses look like those of shared memory.
        let isShared: Bool
        /// Whether its addresses certainly belong to global memory.
        let isGlobal: Bool
        /// Index of its first address among the block's.
        let mark: Int
        var outcome = LineAccount.Outcome.idle
        var madeStep = false
    }

    var scanner: LineScanner
    private(set) var header: AccelSimHeader
    private(set) var spaces: AddressSpaces
    var opcodes = OpcodeTable()
    var block = BlockAssembly()
    var account = LineAccount()
    /// Where the current warp's local memory begins, and how local memory is laid out.
    private(set) var localBase: UInt64 = 0
    private(set) var localMap: LocalMemoryMap
    // State of the current warp.
    var pending = RegisterSet()
    var work = WorkCounts()
    var lastCopy: CopyLine?
    /// Offsets of a warp's lanes in local memory, while their words are placed.
    var offsets: [UInt64] = []
    private var seenWarps: [Bool] = []
    private var blanks: UInt64 = 0
    private var marks: UInt64 = 0

    /// Reads the header.
    /// - Parameter spaces: the allocations known so far. The header's windows are added to them.
    init(_ input: PlainInput, spaces known: AddressSpaces) throws {
        scanner = LineScanner(input)
        header = try AccelSimHeader(&scanner)
        var spaces = known
        spaces.sharedBase = header.sharedBase
        spaces.localBase = header.localBase
        self.spaces = spaces
        localMap = LocalMemoryMap(header.launch, windowBase: header.localBase)
    }

    /// Reads all blocks and hands over their programs.
    /// - Parameters:
    ///   - replacement: number of registers to take where the recorded one is impossible.
    ///   - begin: called with the launch before its first block.
    mutating func run(
        replacement: Int?, doubts: inout ImportDoubts, summary: inout ImportSummary,
        progress: ((ImportProgress) -> Void)?,
        begin: (KernelLaunch) throws -> Void, append: (borrowing BlockProgram) throws -> Void
    ) throws {
        try header.settle(replacement: replacement, doubts: &doubts, at: scanner.place)
        var launch = header.launch
        launch.tensors = spaces.tensors
        localMap = LocalMemoryMap(launch, windowBase: header.localBase)
        try begin(launch)
        var program = BlockProgram()
        for number in 0..<launch.grid.blockCount {
            try readBlock(number, of: launch)
            summary.accesses += block.assemble(into: &program, warpCount: launch.warpsPerBlock) {
                spaces.tensor(of: $0)
            }
            guard program.operations.count <= TraceLimits.programOperations else { throw tooLong() }
            try append(program)
            progress?(ImportProgress(file: scanner.place.file, line: scanner.line, byteCount: scanner.byteCount))
        }
        while try scanner.nextLine() {
            guard scanner.isAtEnd() else {
                throw scanner.malformed("the line behind the last thread block", expected: "the end of the file")
            }
            blanks += 1
        }
        try scanner.warnOfCutEnd(&summary)
        summary.lines += scanner.line
        summary.textBytes += scanner.byteCount
        summary.launches += 1
        summary.blocks += launch.grid.blockCount
        summary.take("header lines", header.lines)
        summary.take("marks of blocks and warps", marks)
        account.report(opcodes.opcodes, to: &summary)
        summary.skip("blank", blanks + header.blanks)
        if header.nameWasCut { summary.count("kernel names cut to \(TraceLimits.stringBytes) bytes", 1) }
        doubts.add(account, opcodes.opcodes, of: scanner.place.file)
    }

    private mutating func nextLine(within what: @autoclosure () -> String) throws {
        while true {
            guard try scanner.nextLine() else { throw TraceFormatError.truncated(scanner.place, what: what()) }
            guard scanner.isAtEnd() else { return }
            blanks &+= 1
        }
    }

    /// Goes to the next line that says how instructions are grouped.
    private mutating func nextMark(within what: @autoclosure () -> String) throws {
        try nextLine(within: what())
        marks &+= 1
    }

    func tooLong() -> TraceFormatError {
        .limitExceeded(
            scanner.place,
            what: "the thread block has more than \(BlockAssembly.eventLimit) steps or "
                + "\(TraceLimits.programLanes) addresses", limit: UInt64(BlockAssembly.eventLimit))
    }

    private mutating func readBlock(_ number: Int, of launch: KernelLaunch) throws {
        let (x, y, z) = launch.grid.coordinates(of: number)
        let what = "thread block (\(x),\(y),\(z)), block \(number + 1) of \(launch.grid.blockCount)"
        block.removeAll()
        seenWarps = Array(repeating: false, count: launch.warpsPerBlock)
        try nextMark(within: "the trace, before \(what)")
        guard scanner.take("#BEGIN_TB"), scanner.isAtEnd() else {
            if number == 0, isUngrouped() { throw ungrouped() }
            throw scanner.malformed("the line", expected: "'#BEGIN_TB' of \(what)")
        }
        try nextMark(within: what)
        let comma = UInt8(ascii: ",")
        guard scanner.take("thread block = "), let foundX = scanner.decimal(), scanner.take(comma),
            let foundY = scanner.decimal(), scanner.take(comma), let foundZ = scanner.decimal(), scanner.isAtEnd()
        else { throw scanner.malformed("the line", expected: "'thread block = \(x),\(y),\(z)'") }
        guard foundX == x, foundY == y, foundZ == z else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the thread block", found: "(\(foundX),\(foundY),\(foundZ))",
                expected: "(\(x),\(y),\(z)), the next of the grid, x fastest")
        }
        while true {
            try nextMark(within: what)
            if scanner.take("#END_TB") { break }
            if scanner.take("cluster ") { continue }
            try readWarp(in: what, of: number)
        }
        guard scanner.isAtEnd() else { throw scanner.malformed("what follows #END_TB", expected: "the line's end") }
    }

    private mutating func readWarp(in what: String, of number: Int) throws {
        guard scanner.take("warp = "), let warp = scanner.decimal(), scanner.isAtEnd() else {
            throw scanner.malformed("the line", expected: "'warp = n' or '#END_TB'")
        }
        guard warp < seenWarps.count, !seenWarps[Int(warp)] else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the warp's number", found: "\(warp)",
                expected: "each number from 0 to \(seenWarps.count - 1) once")
        }
        seenWarps[Int(warp)] = true
        localBase = localMap.base(block: number, warp: Int(warp))
        try nextMark(within: what)
        guard scanner.take("insts = "), let count = scanner.decimal(), scanner.isAtEnd() else {
            throw scanner.malformed("the line", expected: "'insts = n'")
        }
        pending.removeAll()
        work = WorkCounts()
        lastCopy = nil
        var left = count
        while left > 0 {
            try nextLine(within: "warp \(warp) of \(what)")
            try readInstruction()
            left -= 1
        }
        block.endWarp(work: work)
    }
}

// Traces before post-processing.
extension AccelSimKernelReader {
    /// Whether the current line is an instruction as the tracer itself writes it: block and warp, up to three more
    /// numbers, the program counter and the mask.
    private mutating func isUngrouped() -> Bool {
        scanner.rewindLine()
        for _ in 0..<4 {
            scanner.skipSpaces()
            guard scanner.decimal() != nil, scanner.isAtTokenEnd else { return false }
        }
        for place in 0..<5 {
            let token = scanner.token()
            if place > 0, token.count == 8, token.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) {
                return true
            }
        }
        return false
    }

    private func ungrouped() -> TraceFormatError {
        .unsupported(
            scanner.place, what: "this is a trace before post-processing: each line names its thread block",
            cure:
                "Run Accel-Sim's post-traces-processing on the kernelslist beside it, and import the kernelslist.g that comes out, "
                + "or one of its .traceg files")
    }
}
