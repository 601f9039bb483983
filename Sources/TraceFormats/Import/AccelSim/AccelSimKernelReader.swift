import Trace

/// Reads a `.traceg` file, versions 3 to 6: its header, then its thread blocks in the grid's order.
struct AccelSimKernelReader: ~Copyable {
    var scanner: LineScanner
    let header: AccelSimHeader
    let spaces: AddressSpaces
    var opcodes = OpcodeTable()
    var block = BlockAssembly()
    var counted = CountedTraffic()
    // The current warp
    var pending = RegisterSet()
    var work = WorkCounts()
    private var seenWarps: [Bool] = []

    /// Reads the header.
    /// - Parameter spaces: the allocations known so far; the header's windows are added to them.
    init(_ input: PlainInput, spaces known: AddressSpaces) throws {
        scanner = LineScanner(input)
        header = try AccelSimHeader(&scanner)
        var spaces = known
        spaces.sharedBase = header.sharedBase
        spaces.localBase = header.localBase
        self.spaces = spaces
    }

    /// Reads all blocks into a launch of `writer`.
    mutating func run(
        into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        var launch = header.launch
        launch.tensors = spaces.tensors
        try writer.begin(launch)
        var program = BlockProgram()
        for number in 0..<launch.grid.blockCount {
            try readBlock(number, of: launch)
            summary.accesses += block.assemble(into: &program, warpCount: launch.warpsPerBlock) { spaces.tensor(of: $0) }
            guard program.operations.count <= TraceLimits.programOperations else { throw tooLong() }
            try writer.append(program)
            progress?(ImportProgress(file: scanner.place.file, line: scanner.line, byteCount: scanner.byteCount))
        }
        while try scanner.nextLine() {
            guard scanner.isAtEnd() else {
                throw scanner.malformed("the line behind the last thread block", expected: "the end of the file")
            }
        }
        try writer.endLaunch()
        try scanner.warnOfCutEnd(&summary)
        summary.lines += scanner.line
        summary.textBytes += scanner.byteCount
        summary.launches += 1
        summary.blocks += launch.grid.blockCount
        if header.nameWasCut { summary.count("kernel names cut to \(TraceLimits.stringBytes) bytes", 1) }
        counted.report(to: &summary)
    }

    private mutating func nextLine(within what: @autoclosure () -> String) throws {
        repeat {
            guard try scanner.nextLine() else { throw TraceFormatError.truncated(scanner.place, what: what()) }
        } while scanner.isAtEnd()
    }

    func tooLong() -> TraceFormatError {
        .limitExceeded(
            scanner.place, what: "the thread block has more than \(BlockAssembly.eventLimit) steps or "
                + "\(TraceLimits.programLanes) addresses", limit: UInt64(BlockAssembly.eventLimit))
    }

    private mutating func readBlock(_ number: Int, of launch: KernelLaunch) throws {
        let (x, y, z) = launch.grid.coordinates(of: number)
        let what = "thread block (\(x),\(y),\(z)), block \(number + 1) of \(launch.grid.blockCount)"
        block.removeAll()
        seenWarps = Array(repeating: false, count: launch.warpsPerBlock)
        try nextLine(within: "the trace, before \(what)")
        guard scanner.take("#BEGIN_TB"), scanner.isAtEnd() else {
            throw scanner.malformed("the line", expected: "'#BEGIN_TB' of \(what)")
        }
        try nextLine(within: what)
        guard scanner.take("thread block = "), let foundX = scanner.decimal(), scanner.take(44), let foundY = scanner.decimal(),
            scanner.take(44), let foundZ = scanner.decimal(), scanner.isAtEnd()
        else { throw scanner.malformed("the line", expected: "'thread block = \(x),\(y),\(z)'") }
        guard foundX == x, foundY == y, foundZ == z else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the thread block", found: "(\(foundX),\(foundY),\(foundZ))",
                expected: "(\(x),\(y),\(z)), the next of the grid, x fastest")
        }
        while true {
            try nextLine(within: what)
            if scanner.take("#END_TB") { break }
            if scanner.take("cluster ") { continue }
            try readWarp(in: what)
        }
        guard scanner.isAtEnd() else { throw scanner.malformed("what follows #END_TB", expected: "the line's end") }
    }

    private mutating func readWarp(in what: String) throws {
        guard scanner.take("warp = "), let warp = scanner.decimal(), scanner.isAtEnd() else {
            throw scanner.malformed("the line", expected: "'warp = n' or '#END_TB'")
        }
        guard warp < seenWarps.count, !seenWarps[Int(warp)] else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the warp's number", found: "\(warp)",
                expected: "each number from 0 to \(seenWarps.count - 1) once")
        }
        seenWarps[Int(warp)] = true
        try nextLine(within: what)
        guard scanner.take("insts = "), let count = scanner.decimal(), scanner.isAtEnd() else {
            throw scanner.malformed("the line", expected: "'insts = n'")
        }
        pending.removeAll()
        work = WorkCounts()
        var left = count
        while left > 0 {
            try nextLine(within: "warp \(warp) of \(what)")
            try readInstruction()
            left -= 1
        }
        block.endWarp(work: work)
    }
}
