import Trace

/// The header of a `.traceg` file: lines `-key = value` up to the first line that begins with `#`.
struct AccelSimHeader {
    /// Tracer versions whose text this reader knows.
    static let versions: ClosedRange<UInt64> = 3...6

    var version: UInt64 = 0
    var hasLineNumbers = false
    var launch = KernelLaunch(
        kernel: "", grid: Grid(x: 0, y: 0, z: 0), threadsPerBlock: 0, registersPerThread: 0,
        sharedMemoryBytesPerBlock: 0,
        tensors: [])
    var sharedBase: UInt64 = 0
    var localBase: UInt64 = 0
    /// Whether the kernel's name was cut because it was longer than a trace's names may be.
    var nameWasCut = false
    /// Number of lines of the header, and number of blank lines among them.
    private(set) var lines: UInt64 = 0
    private(set) var blanks: UInt64 = 0
    /// Recorded registers of a thread, and the line that has them.
    private var recordedRegisters: (count: UInt64, place: FormatPlace)?
    private var gridPlace: FormatPlace?

    /// Reads up to and including the line that begins with `#`.
    init(_ scanner: inout LineScanner) throws {
        var hasName = false
        while true {
            guard try scanner.nextLine() else {
                throw TraceFormatError.truncated(scanner.place, what: "the header, before a line that begins with '#'")
            }
            if scanner.isAtEnd() {
                blanks += 1
                continue
            }
            lines += 1
            if scanner.next == UInt8(ascii: "#") { break }
            guard scanner.take(UInt8(ascii: "-")) else {
                throw scanner.malformed("the header's line", expected: "'-key = value' or '#traces format'")
            }
            if scanner.take("kernel name = ") {
                launch.kernel = name(scanner.rest())
                hasName = true
            } else if scanner.take("grid dim = ") {
                let extents = try Self.triple(&scanner, "the grid", limit: UInt64(TraceLimits.blocks) - 1)
                launch.grid = Grid(x: extents[0], y: extents[1], z: extents[2])
                gridPlace = scanner.place
            } else if scanner.take("block dim = ") {
                let extents = try Self.triple(&scanner, "the block", limit: 1 << 16)
                launch.threadsPerBlock = try BlockShape.threads(extents, at: scanner.place)
            } else if scanner.take("shmem = ") {
                launch.sharedMemoryBytesPerBlock = try Self.number(
                    &scanner, "the shared memory", limit: UInt64(TraceLimits.sharedMemoryBytes))
            } else if scanner.take("nregs = ") {
                recordedRegisters = (
                    UInt64(try Self.number(&scanner, "the registers", limit: UInt64(UInt32.max))), scanner.place
                )
            } else if scanner.take("shmem base_addr = ") {
                sharedBase = try Self.address(&scanner, "the base of shared memory")
            } else if scanner.take("local mem base_addr = ") {
                localBase = try Self.address(&scanner, "the base of local memory")
            } else if scanner.take("accelsim tracer version = ") {
                version = UInt64(try Self.number(&scanner, "the tracer version", limit: 1 << 20))
            } else if scanner.take("enable lineinfo = ") {
                hasLineNumbers = try Self.number(&scanner, "enable lineinfo", limit: 1) == 1
            }
        }
        try check(hasName: hasName, at: scanner.place)
    }

    /// Sets the registers, which depend on other lines of the header, and checks the launch as a whole.
    /// - Parameter replacement: number of registers to take where the recorded one is impossible.
    mutating func settle(replacement: Int?, doubts: inout ImportDoubts, at place: FormatPlace) throws(TraceFormatError)
    {
        if let recordedRegisters {
            launch.registersPerThread = doubts.registers(
                recordedRegisters.count, threads: launch.threadsPerBlock, replacement: replacement,
                at: recordedRegisters.place)
        }
        do {
            try TraceValidation.validate(launch)
        } catch {
            var place = place
            if case .invalidLaunch(_, let field, _, _) = error {
                if field.hasPrefix("grid") || field.hasPrefix("block count") { place = gridPlace ?? place }
                if field.hasPrefix("registers") { place = recordedRegisters?.place ?? place }
            }
            throw .invalidLaunch(place, error, threads: launch.threadsPerBlock)
        }
    }

    private mutating func name(_ text: String) -> String {
        guard text.utf8.count > TraceLimits.stringBytes else { return text }
        nameWasCut = true
        var cut = text
        while cut.utf8.count > TraceLimits.stringBytes { cut.removeLast() }
        return cut
    }

    private func check(hasName: Bool, at place: FormatPlace) throws(TraceFormatError) {
        func require(_ isThere: Bool, _ line: String) throws(TraceFormatError) {
            guard isThere else {
                throw .malformed(
                    place, what: "the header's '-\(line)'", found: "missing", expected: "a line of it above this one")
            }
        }
        try require(hasName, "kernel name")
        try require(launch.grid.x > 0, "grid dim")
        try require(launch.threadsPerBlock > 0, "block dim")
        guard Self.versions.contains(version) else {
            throw .unsupported(
                place, what: version == 0 ? "the header names no tracer version" : "this is tracer version \(version)",
                cure:
                    "Versions \(Self.versions.lowerBound) to \(Self.versions.upperBound) are read, grouped by thread block as "
                    + "post-traces-processing writes them")
        }
    }

    private static func number(_ scanner: inout LineScanner, _ what: String, limit: UInt64) throws -> Int {
        guard let value = scanner.decimal(), scanner.isAtEnd(), value <= limit else {
            throw scanner.malformed(what, expected: "a number up to \(limit)")
        }
        return Int(value)
    }

    private static func address(_ scanner: inout LineScanner, _ what: String) throws -> UInt64 {
        guard let value = scanner.hexadecimal(), scanner.isAtEnd() else {
            throw scanner.malformed(what, expected: "a hexadecimal address")
        }
        return value
    }

    private static func triple(_ scanner: inout LineScanner, _ what: String, limit: UInt64) throws -> [Int] {
        let comma = UInt8(ascii: ",")
        guard scanner.take(UInt8(ascii: "(")), let x = scanner.decimal(), scanner.take(comma),
            let y = scanner.decimal(),
            scanner.take(comma), let z = scanner.decimal(), scanner.take(UInt8(ascii: ")")), scanner.isAtEnd()
        else { throw scanner.malformed(what, expected: "'(x,y,z)' of numbers from 1 to \(limit)") }
        for (name, value) in [("x", x), ("y", y), ("z", z)] where !(1...limit).contains(value) {
            throw TraceFormatError.malformed(
                scanner.place, what: "\(what)'s \(name)", found: "\(value)", expected: "a number from 1 to \(limit)")
        }
        return [Int(x), Int(y), Int(z)]
    }
}
