import Trace

extension ImportFormat {
    /// The output of NVBit's `mem_trace` tool.
    package static let nvbit = ImportFormat(
        "nvbit", holds: "the output of mem_trace", wanted: "the output of NVBit's mem_trace",
        otherNames: ["mem_trace", "memtrace"], takes: ImportOption.ofLaunches,
        textSigns: [TextSign(.anyLine, if: \.isNVBit)]
    ) { request, writer, summary in
        let importer = NVBitImporter(request.plainInput(), options: request.options)
        try importer.run(into: &writer, summary: &summary, progress: request.progress)
    }
}

extension LineEvidence {
    /// Whether the line has a record or a launch of NVBit's mem_trace, anywhere in it.
    fileprivate var isNVBit: Bool {
        contains("CTA ", in: line) && contains(" - warp ", in: line)
            || contains("Kernel ", in: line) && contains(" - grid size ", in: line)
    }
}

/// Imports the output of NVBit's `mem_trace`, old and new.
///
/// The tool prints among the application's own output, so other text may stand before or after it on a line. Launches
/// and records are therefore found anywhere on a line (`ToolText`). Records come in the order in which warps ran, with
/// the blocks mixed, so they are first sorted by launch and block (`RecordSorter`). A block's accesses keep their
/// order. The tool records neither registers nor instructions without address. A block therefore waits for its loads
/// before each store, reduction and atomic, and computes nothing.
struct NVBitImporter: ~Copyable {
    private static let linesPerReport: UInt64 = 1 << 12
    /// Number of addresses of a record, and digits of each as the tool prints them.
    private static let lanesPerRecord = 32
    private static let addressDigits = 16

    private let options: ImportOptions
    private var scanner: LineScanner
    private var sorter: RecordSorter
    private var opcodes = OpcodeTable()
    private var records = RecordAccount()
    private var doubts = ImportDoubts()
    private var choice: LaunchChoice
    private var launches: [RecordedLaunch] = []
    private var names = LaunchNames()
    private var lines = LineKinds()
    private var generic: UInt64 = 0
    private var lanes = [UInt64](repeating: 0, count: lanesPerRecord)
    /// Damaged records that belong to no known launch: their number, and the place and damage of the first one. Only
    /// imports that leave damage out fill it.
    private var homeless: (count: Int, place: FormatPlace, damage: TraceFormatError)?

    /// Numbers of lines by kind. Lines of records are not among them, because they are counted by opcode.
    private struct LineKinds {
        var launches: UInt64 = 0
        var blank: UInt64 = 0
        var other: UInt64 = 0
        var damaged: UInt64 = 0
        /// Lines of launches and records that hold other output too.
        var mixed: UInt64 = 0
    }

    init(_ input: PlainInput, options: ImportOptions) {
        self.options = options
        scanner = LineScanner(input)
        sorter = RecordSorter(directory: options.temporaryDirectory)
        choice = LaunchChoice(options)
    }

    /// Reads all lines, then writes all launches.
    consuming func run(
        into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        while try scanner.nextLine() {
            try readLine(&summary)
            if scanner.line % Self.linesPerReport == 0 {
                progress?(ImportProgress(file: scanner.place.file, line: scanner.line, byteCount: scanner.byteCount))
            }
        }
        let file = scanner.place.file
        guard !launches.isEmpty else {
            throw TraceFormatError.empty(
                FormatPlace(file: file),
                expected: "'Kernel name ... - grid size ...' and '... - CTA 0,0,0 - warp 0 - LDG.E - 0x...'")
        }
        if !leavesLastLineOut { try scanner.warnOfCutEnd(&summary) }
        try choice.report(of: file, to: &summary)
        let damaged = launches.compactMap(\.damage)
        if let first = damaged.first, !launches.contains(where: \.isWritten) { throw first }
        for launch in launches where launch.damage != nil && launch.isChosen {
            try summary.warn(
                launch.place,
                what: "launch \(launch.number) (\(launch.header.kernel.prefix(80))) is damaged and left out",
                cure: launch.damage.map { "\($0)" } ?? "")
        }
        if let homeless {
            try summary.warn(
                homeless.place,
                what: "\(homeless.count == 1 ? "a damaged record" : "\(homeless.count) damaged records") "
                    + "of no launch that is named above \(homeless.count == 1 ? "is" : "are") left out",
                cure: "\(homeless.damage)")
        }
        summary.lines += scanner.line
        summary.textBytes += scanner.byteCount
        let (lines, generic, opcodes, launches) = (lines, generic, opcodes.opcodes, launches)
        var (records, doubts) = (records, doubts)
        let written = launches.filter(\.isWritten).map(\.header)
        summary.launches += written.count
        for launch in written { summary.blocks += launch.grid.blockCount }
        summary.accesses += try RecordedLaunches.write(
            sorter, launches: launches, opcodes: opcodes, file: file, records: &records, into: &writer)
        summary.take("launches", lines.launches)
        records.report(opcodes, of: file, doubts: &doubts, to: &summary)
        summary.skip("other output", lines.other)
        summary.skip("blank", lines.blank)
        summary.skip("damaged records", lines.damaged)
        summary.count("launches left out as damaged", UInt64(damaged.count))
        summary.count("lines with other output beside a record or launch", lines.mixed)
        summary.count("generic accesses, taken as global memory's", generic)
        try doubts.report(to: &summary)
    }

    /// Reads the launches and records of a line. The application's own output may stand between them.
    private mutating func readLine(_ summary: inout ImportSummary) throws {
        if scanner.isAtEnd() {
            lines.blank &+= 1
            return
        }
        scanner.rewindLine()
        var found = 0
        var hasOther = false
        while true {
            let start = scanner.position
            guard let mark = ToolText.next(in: scanner.remaining) else {
                if !scanner.isAtEnd() { hasOther = true }
                break
            }
            if mark.hasOther { hasOther = true }
            scanner.move(to: start + mark.offset)
            do {
                if try readItem(mark.kind, isAlone: !mark.hasOther, isFirst: found == 0) {
                    found += 1
                } else {
                    hasOther = true
                    scanner.move(to: start + mark.offset + ToolText.markBytes)
                }
            } catch let error as TraceFormatError where error.isOfOneLaunch {
                try pass(error, isFirst: found == 0, &summary)
                return
            }
        }
        if found == 0 { lines.other &+= 1 } else if hasOther { lines.mixed &+= 1 }
    }

    /// Goes on after a damaged item, if that is allowed. The rest of its line is not read.
    private mutating func pass(_ error: TraceFormatError, isFirst: Bool, _ summary: inout ImportSummary) throws {
        if isFirst { lines.damaged &+= 1 }
        guard scanner.lineIsEnded else {
            leavesLastLineOut = true
            try summary.warn(scanner.place, what: "the last line was cut and is left out", cure: "\(error)")
            return
        }
        guard options.keepsWhole else { throw launches.isEmpty ? error : TraceFormatError.damagedLaunch(error) }
        switch current {
        case .newLaunch(let isCounted):
            // Records of the old form that follow belong to this launch.
            if !isCounted { choice.addDamaged() }
            names.add(nil, of: context, launch: launches.count, at: scanner.place)
            launches.append(
                RecordedLaunch(
                    header: Self.unknown, number: choice.met, place: scanner.place, isChosen: true, damage: error))
        case .launch(let number):
            if launches[number].damage == nil { launches[number].damage = error }
        case .none:
            let known = homeless ?? (count: 0, place: scanner.place, damage: error)
            homeless = (known.count + 1, known.place, known.damage)
        }
    }

    /// Replaces a launch whose line cannot be read.
    private static let unknown = KernelLaunch(
        kernel: "its line cannot be read", grid: Grid(x: 1), threadsPerBlock: 1, registersPerThread: 0,
        sharedMemoryBytesPerBlock: 0,
        tensors: [])

    /// What is being read: a launch's line, which may have been counted already, or a record of a launch.
    private enum Current {
        case newLaunch(isCounted: Bool)
        case launch(Int)
    }

    private var current: Current?
    /// The context that the text being read names; nil in the oldest form.
    private var context: UInt64?
    /// Whether the last line was cut inside its text and is left out.
    private var leavesLastLineOut = false

    /// Reads what begins at a mark.
    /// - Parameter isAlone: whether no other text stands before it.
    /// - Returns: false where it is text of the application that only looks like the tool's.
    private mutating func readItem(_ kind: ToolText.Kind, isAlone: Bool, isFirst: Bool) throws -> Bool {
        current = launches.indices.last.map { .launch($0) }
        context = nil
        switch kind {
        case .context:
            _ = scanner.take("CTX ")
            context = scanner.hexadecimal()
            guard let context else {
                guard isAlone else { return false }
                throw scanner.malformed("the context", expected: "a hexadecimal number")
            }
            if scanner.take(" - LAUNCH - ") {
                current = .newLaunch(isCounted: false)
                guard ToolText.launchEnd(in: scanner.remaining) != nil else {
                    throw scanner.malformed(
                        "the launch", expected: "'Kernel name ... - grid size x,y,z - block size x,y,z ...'")
                }
                try readLaunch(of: context, isFirst: isFirst)
                return true
            }
            var isNumbered = false
            if scanner.take(" - grid_launch_id ") {
                guard let number = scanner.decimal(), scanner.take(" - ") else {
                    throw scanner.malformed("the launch of the record", expected: "a number and ' - CTA x,y,z'")
                }
                guard let known = names.launch(number, of: context) else {
                    current = nil
                    throw TraceFormatError.malformed(
                        scanner.place, what: "the launch of the record", found: "\(number)",
                        expected: "the number of a launch that the same context (CTX) named above")
                }
                current = .launch(known)
                isNumbered = true
            } else {
                guard scanner.take(" - "), scanner.remaining.starts(with: "CTA ".utf8) else { return false }
                if names.hasContexts { current = names.last(of: context).map { .launch($0) } }
            }
            guard scanner.take("CTA ") else {
                throw scanner.malformed("the record", expected: "'CTA x,y,z - warp w - OPCODE - addresses'")
            }
            return try readRecord(isCertain: isNumbered, isFirst: isFirst)
        case .record:
            _ = scanner.take("CTA ")
            return try readRecord(isCertain: false, isFirst: isFirst)
        case .kernel:
            guard ToolText.launchEnd(in: scanner.remaining) != nil else { return false }
            try readLaunch(of: nil, isFirst: isFirst)
            return true
        }
    }

    /// Reads `Kernel [pc ... - Kernel] [name] NAME [- grid launch id N] - grid size x,y,z - block size x,y,z - nregs n
    /// - shmem n ...`.
    /// - Parameter context: nil in the oldest form, which names none.
    private mutating func readLaunch(of context: UInt64?, isFirst: Bool) throws {
        current = .newLaunch(isCounted: false)
        let place = scanner.place
        let start = scanner.position
        let end = ToolText.launchEnd(in: scanner.remaining) ?? scanner.remaining.count
        let text = String(decoding: scanner.remaining[..<end], as: UTF8.self)
        scanner.move(to: start + end)
        guard let sizes = text.range(of: " - grid size ", backwards: true), text.range(of: "Kernel ") != nil else {
            throw TraceFormatError.malformed(
                place, what: "the launch", found: "'\(text.prefix(60))'",
                expected: "'Kernel name ... - grid size x,y,z - block size x,y,z ...'")
        }
        let head = text[..<sizes.lowerBound]
        var kernel = String(
            head[(head.range(of: "Kernel name ", backwards: true)?.upperBound ?? ToolText.nameStart(in: head))...])
        var number: UInt64?
        if let id = kernel.range(of: " - grid launch id ", backwards: true) {
            number = UInt64(kernel[id.upperBound...])
            guard number != nil else {
                throw TraceFormatError.malformed(
                    place, what: "the grid launch id", found: "'\(kernel[id.upperBound...])'", expected: "a number")
            }
            kernel = String(kernel[..<id.lowerBound])
        }
        if let first = names.place(number, of: context) {
            throw TraceFormatError.unsupported(
                place,
                what:
                    "the launch id \(number ?? 0) of this context (CTX) is named a second time, first by \(first), so that "
                    + "the output of several processes or runs is in one file, and records cannot be told apart",
                cure: "Import each process's output by itself")
        }
        let fullName = kernel
        while kernel.utf8.count > TraceLimits.stringBytes { kernel.removeLast() }
        let fields = LaunchFields(String(text[sizes.lowerBound...]), place: place)
        let grid = try fields.triple("grid size", limit: TraceLimits.blocks - 1)
        let threads = try BlockShape.threads(try fields.blockExtents(), at: place)
        let registers = UInt64(try fields.number("nregs", limit: Int(UInt32.max)))
        let sharedMemory = try fields.number("shmem", limit: TraceLimits.sharedMemoryBytes)
        let isChosen = choice.takes { fullName }
        current = .newLaunch(isCounted: true)
        let launch = KernelLaunch(
            kernel: kernel, grid: Grid(x: grid[0], y: grid[1], z: grid[2]), threadsPerBlock: threads,
            registersPerThread: isChosen
                ? doubts.registers(registers, threads: threads, replacement: options.registers, at: place) : 0,
            sharedMemoryBytesPerBlock: sharedMemory,
            tensors: [Tensor(name: "memory", baseAddress: 0, byteCount: 0, elementType: "u8")])
        do {
            try TraceValidation.validate(launch)
        } catch {
            throw TraceFormatError.invalidLaunch(place, error, threads: threads)
        }
        names.add(number, of: context, launch: launches.count, at: place)
        launches.append(RecordedLaunch(header: launch, number: choice.met, place: place, isChosen: isChosen))
        if isFirst { lines.launches &+= 1 }
    }

    /// Reads `x,y,z - warp w - OPCODE - 0x... 0x...`. A record has 32 addresses. 0 stands for lanes that take no part.
    /// - Parameter isCertain: whether the tool has said that a record follows.
    /// - Returns: false where it is no record.
    private mutating func readRecord(isCertain: Bool, isFirst: Bool) throws -> Bool {
        let comma = UInt8(ascii: ",")
        guard let x = scanner.decimal(), scanner.take(comma), let y = scanner.decimal(), scanner.take(comma),
            let z = scanner.decimal(),
            scanner.take(" - warp "), let warp = scanner.decimal(), warp < 1024, scanner.take(" - ")
        else {
            guard isCertain || ToolText.hasWarp(in: scanner.remaining) else { return false }
            throw scanner.malformed("the record", expected: "'CTA x,y,z - warp w - OPCODE - addresses'")
        }
        guard case .launch(let launch) = current else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the record", found: "without a launch",
                expected: "a line 'Kernel name ... - grid size ...' above it")
        }
        let grid = launches[launch].header.grid
        guard x < grid.x, y < grid.y, z < grid.z else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the thread block", found: "(\(x),\(y),\(z))",
                expected: "one of the grid of \(grid.x) x \(grid.y) x \(grid.z)")
        }
        guard let opcode = opcodes.number(of: scanner.token()), scanner.take(" - ") else {
            throw scanner.malformed("the opcode", expected: "a SASS opcode such as LDG.E, and ' - ' behind it")
        }
        let (count, mask) = try readAddresses()
        guard launches[launch].isChosen else {
            records.add(opcode, .leftOut, isFirst: isFirst, line: scanner.line)
            return true
        }
        let action = opcodes.opcodes[opcode]
        switch action.action {
        case .access, .local: break
        case .generic: if count > 0 { generic &+= 1 }
        case .counted(let outcome):
            records.add(opcode, outcome, isFirst: isFirst, line: scanner.line)
            return true
        case .bulk:
            records.add(opcode, .bulk, isFirst: isFirst, line: scanner.line)
            return true
        case .commit, .awaitGroups, .awaitBulk, .barrier, .invalidate, .none:
            records.add(opcode, .other, isFirst: isFirst, line: scanner.line)
            return true
        }
        // The first byte of shared memory is at 0. A copy's line without addresses may therefore belong to its shared
        // side.
        guard count > 0 || action.isAsynchronousCopy else {
            records.add(opcode, .unlocated, isFirst: isFirst, line: scanner.line)
            return true
        }
        records.add(opcode, .request, isFirst: isFirst, line: scanner.line)
        let block = UInt32(x) + UInt32(grid.x) * (UInt32(y) + UInt32(grid.y) * UInt32(z))
        let lanes = lanes
        try sorter.add(key: RecordSorter.Key(launch: UInt32(launch), block: block)) { bytes in
            bytes.appendVarint(UInt64(opcode) << 1 | (isFirst ? 0 : 1))
            bytes.appendVarint(warp)
            bytes.appendVarint(UInt64(mask))
            var last: UInt64 = 0
            for lane in 0..<count {
                bytes.appendZigZag(Int64(bitPattern: lanes[lane] &- last))
                last = lanes[lane]
            }
        }
        return true
    }

    /// Reads the addresses of a record, up to where other output begins.
    /// - Returns: the number of addresses that are not 0, and the mask of their lanes. `lanes` has these addresses.
    private mutating func readAddresses() throws -> (count: Int, mask: UInt32) {
        var (count, lane, firstDigits) = (0, 0, 0)
        var mask: UInt32 = 0
        while !scanner.isAtEnd(), scanner.startsHexadecimal {
            let start = scanner.position
            let word = scanner.hexadecimalOfWord()
            // After all lanes, other output may begin with a number too. It does not look like the addresses.
            if lane == Self.lanesPerRecord, word?.digits != firstDigits || !scanner.isAtTokenEnd {
                scanner.move(to: start)
                break
            }
            guard lane < Self.lanesPerRecord, let (address, digits) = word,
                scanner.isAtTokenEnd || digits == Self.addressDigits && !ToolText.beginsWithNumber(scanner.remaining)
            else {
                throw scanner.malformed(
                    "an address", expected: "\(Self.lanesPerRecord) hexadecimal numbers of up to 64 bits")
            }
            if lane == 0 { firstDigits = digits }
            if address != 0 {
                lanes[count] = address
                count += 1
                mask |= 1 << UInt32(lane)
            }
            lane += 1
            if !scanner.isAtTokenEnd { break }
            // The last line of an output that was cut may end inside an address, or have fewer addresses than the tool
            // prints.
            if !scanner.lineIsEnded, scanner.isAtEnd(), digits < Self.addressDigits || lane < Self.lanesPerRecord {
                throw TraceFormatError.truncated(scanner.place, what: "a record, behind \(lane) addresses")
            }
        }
        guard lane == Self.lanesPerRecord else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the record's number of addresses", found: "\(lane)",
                expected:
                    "\(Self.lanesPerRecord), which mem_trace always writes: other output may have split the record")
        }
        return (count, mask)
    }
}

/// A launch as the tool named it.
struct RecordedLaunch {
    let header: KernelLaunch
    /// Its number among all launches of the input, from 1 on.
    let number: Int
    let place: FormatPlace
    let isChosen: Bool
    /// What is wrong with one of its records.
    var damage: TraceFormatError?

    var isWritten: Bool { isChosen && damage == nil }
}
