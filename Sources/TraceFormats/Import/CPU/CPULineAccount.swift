/// What became of the lines of a CPU trace: how many were taken, and as what; how many were skipped, and why.
struct CPULineAccount {
    /// The kinds of lines.
    enum Line: Int, CaseIterable {
        // Dinero's lines, in the order of the labels 0 to 5.
        case read, write, fetch, miscellaneous, copyBack, invalidation
        // Lines of lackey.
        case instruction, load, store, modify
        // Lines of Ramulator.
        case ramulatorLoad, ramulatorStore, ramulatorRead, ramulatorWrite, instructionsRead, instructionsReadWrite
        // Skipped lines of all formats.
        case blank, comment, fetchLeftOut, valgrind, superblock, other

        /// The name in the account.
        var name: String {
            switch self {
            case .read: "reads"
            case .write: "writes"
            case .fetch: "fetches"
            case .miscellaneous: "of unknown type"
            case .copyBack: "copy-backs"
            case .invalidation: "invalidations"
            case .instruction: "I"
            case .load: "L"
            case .store: "S"
            case .modify: "M"
            case .ramulatorLoad: "LD"
            case .ramulatorStore: "ST"
            case .ramulatorRead: "R"
            case .ramulatorWrite: "W"
            case .instructionsRead: "instructions and a read"
            case .instructionsReadWrite: "instructions, a read and a write"
            case .blank: "blank"
            case .comment: "comments"
            case .fetchLeftOut: "instruction fetches left out"
            case .valgrind: "valgrind's own"
            case .superblock: "superblocks"
            case .other: "no accesses"
            }
        }

        var isTaken: Bool { rawValue < Self.blank.rawValue }
    }

    private var counts = [UInt64](repeating: 0, count: Line.allCases.count)
    /// Kinds of lines in the order of their first appearance.
    private var order: [Line] = []

    /// Accounts for one line.
    @inline(__always)
    mutating func add(_ line: Line) {
        if counts[line.rawValue] == 0 { order.append(line) }
        counts[line.rawValue] &+= 1
    }

    subscript(line: Line) -> UInt64 { counts[line.rawValue] }

    /// Adds the account to the import's account.
    func report(to summary: inout ImportSummary) {
        for line in order {
            if line.isTaken { summary.take(line.name, self[line]) } else { summary.skip(line.name, self[line]) }
        }
    }
}
