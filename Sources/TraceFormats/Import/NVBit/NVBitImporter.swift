import Trace

/// Imports the output of NVBit's `mem_trace`, old and new.
///
/// Its lines come in the order in which warps ran, blocks among each other, so that all are sorted by launch and block first
/// (`RecordSorter`). A block's accesses keep their order. The tool records neither registers nor instructions without address:
/// a block waits for its loads before each store, reduction and atomic, and computes nothing.
struct NVBitImporter: ~Copyable {
    private static let linesPerReport: UInt64 = 1 << 12

    private var scanner: LineScanner
    private var sorter: RecordSorter
    private var opcodes = OpcodeTable()
    private var counted = CountedTraffic()
    private var launches: [KernelLaunch] = []
    /// The launch of each number that the tool gave; and the launch that the tool named last.
    private var launchOfNumber: [UInt64: Int] = [:]
    private var otherLines: UInt64 = 0
    private var generic: UInt64 = 0
    private var lanes = [UInt64](repeating: 0, count: 32)

    init(_ input: PlainInput, temporaryDirectory: String) {
        scanner = LineScanner(input)
        sorter = RecordSorter(directory: temporaryDirectory)
    }

    /// Reads all lines, then writes all launches.
    consuming func run(
        into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        while try scanner.nextLine() {
            try readLine()
            if scanner.line % Self.linesPerReport == 0 {
                progress?(ImportProgress(file: scanner.place.file, line: scanner.line, byteCount: scanner.byteCount))
            }
        }
        guard !launches.isEmpty else {
            throw TraceFormatError.empty(
                FormatPlace(file: scanner.place.file),
                expected: "'Kernel name ... - grid size ...' and '... - CTA 0,0,0 - warp 0 - LDG.E - 0x...'")
        }
        try scanner.warnOfCutEnd(&summary)
        summary.lines += scanner.line
        summary.textBytes += scanner.byteCount
        summary.launches += launches.count
        for launch in launches { summary.blocks += launch.grid.blockCount }
        counted.report(to: &summary)
        summary.count("generic accesses, taken as global memory's", generic)
        summary.count("lines that are no records", otherLines)
        let file = scanner.place.file
        let written = try RecordedLaunches.write(
            sorter, launches: launches, opcodes: opcodes.opcodes, file: file, into: &writer)
        summary.accesses += written.accesses
        summary.count("shared-memory sides of asynchronous copies", written.sharedSides)
    }

    private mutating func readLine() throws {
        _ = scanner.take("MEMTRACE: ")
        var launch = launches.count - 1
        if scanner.take("CTX ") {
            guard scanner.hexadecimal() != nil else { throw scanner.malformed("the context", expected: "a hexadecimal number") }
            if scanner.take(" - LAUNCH - ") {
                try readLaunch()
                return
            }
            guard scanner.take(" - grid_launch_id "), let number = scanner.decimal(), scanner.take(" - ") else {
                otherLines &+= 1
                return
            }
            guard let known = launchOfNumber[number] else {
                throw TraceFormatError.malformed(
                    scanner.place, what: "the launch of the record", found: "\(number)",
                    expected: "the number of a launch named above")
            }
            launch = known
        }
        if scanner.take("CTA ") {
            try readRecord(launch: launch)
        } else if scanner.take("Kernel ") {
            scanner.rewindLine()
            _ = scanner.take("MEMTRACE: ")
            try readLaunch()
        } else {
            otherLines &+= 1
        }
    }

    /// `Kernel [pc ... - Kernel] name NAME [- grid launch id N] - grid size x,y,z - block size x,y,z - nregs n - shmem n ...`.
    private mutating func readLaunch() throws {
        let place = scanner.place
        let text = scanner.rest()
        guard let name = text.range(of: "Kernel name "), let sizes = text.range(of: " - grid size ", backwards: true),
            name.upperBound <= sizes.lowerBound
        else {
            throw TraceFormatError.malformed(
                place, what: "the launch", found: "'\(text.prefix(60))'",
                expected: "'Kernel name ... - grid size x,y,z - block size x,y,z ...'")
        }
        var kernel = String(text[name.upperBound..<sizes.lowerBound])
        if let number = kernel.range(of: " - grid launch id ", backwards: true) {
            guard let value = UInt64(kernel[number.upperBound...]) else {
                throw TraceFormatError.malformed(
                    place, what: "the grid launch id", found: "'\(kernel[number.upperBound...])'", expected: "a number")
            }
            launchOfNumber[value] = launches.count
            kernel = String(kernel[..<number.lowerBound])
        }
        while kernel.utf8.count > TraceLimits.stringBytes { kernel.removeLast() }
        let fields = LaunchFields(String(text[sizes.lowerBound...]), place: place)
        let grid = try fields.triple("grid size", limit: TraceLimits.blocks - 1)
        let block = try fields.triple("block size", limit: TraceLimits.threadsPerBlock)
        let launch = KernelLaunch(
            kernel: kernel, grid: Grid(x: grid[0], y: grid[1], z: grid[2]), threadsPerBlock: block[0] * block[1] * block[2],
            registersPerThread: try fields.number("nregs", limit: TraceLimits.registersPerThread),
            sharedMemoryBytesPerBlock: try fields.number("shmem", limit: TraceLimits.sharedMemoryBytes),
            tensors: [Tensor(name: "memory", baseAddress: 0, byteCount: 0, elementType: "u8")])
        do {
            try TraceValidation.validate(launch)
        } catch {
            throw TraceFormatError.invalid(place, reason: error.explanation)
        }
        launches.append(launch)
    }

    /// `x,y,z - warp w - OPCODE - 0x... 0x...`: up to 32 addresses, 0 for lanes that take no part.
    private mutating func readRecord(launch: Int) throws {
        guard launch >= 0 else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the record", found: "without a launch",
                expected: "a line 'Kernel name ... - grid size ...' above it")
        }
        guard let x = scanner.decimal(), scanner.take(44), let y = scanner.decimal(), scanner.take(44), let z = scanner.decimal(),
            scanner.take(" - warp "), let warp = scanner.decimal(), warp < 1024, scanner.take(" - ")
        else { throw scanner.malformed("the record", expected: "'CTA x,y,z - warp w - OPCODE - addresses'") }
        let grid = launches[launch].grid
        guard x < grid.x, y < grid.y, z < grid.z else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the thread block", found: "(\(x),\(y),\(z))",
                expected: "one of the grid of \(grid.x) x \(grid.y) x \(grid.z)")
        }
        guard let opcode = opcodes.number(of: scanner.token()), scanner.take(" - ") else {
            throw scanner.malformed("the opcode", expected: "a SASS opcode such as LDG.E, and ' - ' behind it")
        }
        var count = 0
        while !scanner.isAtEnd() {
            guard count < 32, let address = scanner.hexadecimal(), scanner.isAtTokenEnd else {
                throw scanner.malformed("an address", expected: "up to 32 hexadecimal numbers of up to 64 bits")
            }
            guard address != 0 else { continue }
            lanes[count] = address
            count += 1
        }
        switch opcodes.opcodes[opcode].action {
        case .access, .local: break
        case .generic: generic &+= 1
        case .counted(let name):
            counted.add(name)
            return
        case .bulk, .commit, .awaitGroups, .awaitBulk, .barrier, .invalidate, .none:
            counted.add(.other)
            return
        }
        guard count > 0 else { return }
        let block = UInt32(x) + UInt32(grid.x) * (UInt32(y) + UInt32(grid.y) * UInt32(z))
        let lanes = lanes
        try sorter.add(key: RecordSorter.Key(launch: UInt32(launch), block: block)) { bytes in
            bytes.appendVarint(UInt64(opcode))
            bytes.appendVarint(warp)
            bytes.appendVarint(UInt64(count))
            var last: UInt64 = 0
            for lane in 0..<count {
                bytes.appendZigZag(Int64(bitPattern: lanes[lane] &- last))
                last = lanes[lane]
            }
        }
    }
}
