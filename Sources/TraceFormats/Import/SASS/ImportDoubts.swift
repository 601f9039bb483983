import Trace

/// Doubts about a GPU's trace, gathered over all its launches. Each kind becomes one warning, with the first place.
struct ImportDoubts {
    private struct Doubt {
        let place: FormatPlace
        var count: UInt64 = 0
        var names: [(name: String, count: UInt64)] = []

        mutating func add(_ more: [(name: String, count: UInt64)]) {
            for (name, number) in more {
                count += number
                if let known = names.firstIndex(where: { $0.name == name }) {
                    names[known].count += number
                } else {
                    names.append((name, number))
                }
            }
        }

        /// A text such as `3 bulk copies (2 UTMALDG, 1 UTMASTG)`.
        func text(_ one: String, _ many: String) -> String {
            let list = names.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            return "\(count) \(count == 1 ? one : many) (\(list))"
        }
    }

    private var bulk: Doubt?
    private var unlocated: Doubt?
    private var moved: (place: FormatPlace, name: String, count: Int)?
    private var registers: (place: FormatPlace, recorded: UInt64, taken: Int, count: Int)?
    private var replacedRegisters: UInt64 = 0

    /// Adds bulk copies that have no addresses, and accesses whose addresses are all 0.
    mutating func add(_ account: LineAccount, _ opcodes: [SASSOpcode], of file: String) {
        let copies = account.names(.bulk, opcodes)
        if !copies.isEmpty {
            if bulk == nil { bulk = Doubt(place: FormatPlace(file: file, line: account.firstBulk)) }
            bulk?.add(copies)
        }
        let accesses = account.names(.unlocated, opcodes)
        if !accesses.isEmpty {
            if unlocated == nil { unlocated = Doubt(place: FormatPlace(file: file, line: account.firstUnlocated)) }
            unlocated?.add(accesses)
        }
    }

    /// Adds a file that was read from the list's directory, because it is not where the list says.
    mutating func addMoved(_ name: String, at place: FormatPlace) {
        if moved == nil { moved = (place, name, 0) }
        moved?.count += 1
    }

    /// The registers that a launch gets. They are the recorded ones, where a thread and its block can have so many.
    /// - Parameters:
    ///   - threads: threads of a block.
    ///   - replacement: the number that a user gave for impossible recorded ones.
    mutating func registers(_ recorded: UInt64, threads: Int, replacement: Int?, at place: FormatPlace) -> Int {
        let isPossible =
            recorded <= UInt64(RegisterFile.perThread)
            && LaunchLimit.registersOfBlock(registersPerThread: Int(recorded), threads: threads)
                <= LaunchLimit.registersPerBlock
        if isPossible { return Int(recorded) }
        if let replacement {
            replacedRegisters += 1
            return replacement
        }
        // A launch with such a number is refused, because no device has as many registers for its block.
        guard recorded > UInt64(RegisterFile.perThread) else { return Int(recorded) }
        let taken = RegisterFile.most(threadsPerBlock: threads)
        if registers == nil { registers = (place, recorded, taken, 0) }
        registers?.count += 1
        return taken
    }

    /// Makes the warnings.
    /// - Throws: the first one as an error, where the import is strict.
    func report(to summary: inout ImportSummary) throws(TraceFormatError) {
        if let moved {
            try summary.warn(
                moved.place,
                what: "'\(moved.name)'" + (moved.count > 1 ? " and \(moved.count - 1) more files are" : " is")
                    + " not where the list says",
                cure:
                    "The \(moved.count > 1 ? "files of those names" : "file of that name") beside the list \(moved.count > 1 ? "were" : "was") read"
            )
        }
        if let registers {
            try summary.warn(
                registers.place,
                what: "\(registers.recorded) registers a thread"
                    + (registers.count > 1 ? ", and counts as impossible in \(registers.count - 1) more launches," : "")
                    + " cannot be: a thread has at most \(RegisterFile.perThread)",
                cure:
                    "\(registers.taken) are taken; give the real count with --registers N (cuobjdump --dump-resource-usage tells it)"
            )
        }
        summary.count("launches whose impossible register count --registers replaced", replacedRegisters)
        if let bulk {
            try summary.warn(
                bulk.place,
                what:
                    "the trace has no addresses of \(bulk.text("bulk copy", "bulk copies")), whose traffic is missing",
                cure: "Record it with Accel-Sim's tracer of version 6, which writes them")
        }
        if let unlocated {
            try summary.warn(
                unlocated.place,
                what: unlocated.text("access", "accesses") + (unlocated.count == 1 ? " has" : " have")
                    + " no address but 0, so the trace does not tell where memory was accessed, and their traffic is missing",
                cure: "Record it with a tool that writes addresses")
        }
    }
}

/// Registers and threads of an SM. *Source:* CUDA's programming guide, compute capability 3.5 to 12.0.
enum RegisterFile {
    /// Most registers of a thread.
    static let perThread = 255
    /// Registers of an SM and of a block.
    static let perBlock = 65_536

    /// Most registers that each thread of a block can have. A warp gets them in steps of eight a thread.
    static func most(threadsPerBlock threads: Int) -> Int {
        min(perThread, perBlock / ((threads + 31) / 32 * 32) / 8 * 8)
    }
}
