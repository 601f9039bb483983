/// What became of lines that name an opcode, counted by opcode.
struct LineAccount {
    /// What can become of such a line.
    enum Outcome: Int, CaseIterable {
        /// It became a request of the trace.
        case request
        /// It became an instruction of the trace that accesses no memory.
        case plain
        case idle, shared, sharedSide, constant, surface, other, bulk, unlocated, leftOut, damaged

        /// Why a line is skipped; nil where it is taken.
        var reason: String? {
            switch self {
            case .request, .plain: nil
            case .idle: "no active lane"
            case .shared: "shared memory"
            case .sharedSide: "shared-memory side of a copy"
            case .constant: "constant memory"
            case .surface: "texture or surface"
            case .other: "no known memory"
            case .bulk: "bulk copy without addresses"
            case .unlocated: "no address but 0"
            case .leftOut: "launch left out"
            case .damaged: "launch damaged"
            }
        }
    }

    private static let outcomes = Outcome.allCases.count
    private var counts: [UInt64] = []
    /// The first line with a bulk copy without addresses, and the first with an access at address 0.
    private(set) var firstBulk: UInt64?
    private(set) var firstUnlocated: UInt64?

    /// Counts a line of opcode `number`.
    /// - Parameter line: its number, where it is known.
    @inline(__always)
    mutating func add(_ number: Int, _ outcome: Outcome, line: UInt64?) {
        if outcome == .bulk, firstBulk == nil { firstBulk = line }
        if outcome == .unlocated, firstUnlocated == nil { firstUnlocated = line }
        let place = number &* Self.outcomes &+ outcome.rawValue
        if place >= counts.count { grow(to: number) }
        counts[place] &+= 1
    }

    private mutating func grow(to number: Int) {
        counts += Array(repeating: 0, count: (number + 64) * Self.outcomes - counts.count)
    }

    /// Moves one line from the outcome `old` to `new`.
    mutating func move(_ number: Int, from old: Outcome, to new: Outcome) {
        counts[number * Self.outcomes + old.rawValue] -= 1
        add(number, new, line: nil)
    }

    /// Lines of all opcodes.
    var total: UInt64 { counts.reduce(0, &+) }

    /// Lines with this outcome, grouped by the first token of their opcodes, in the opcodes' order.
    func names(_ outcome: Outcome, _ opcodes: [SASSOpcode]) -> [(name: String, count: UInt64)] {
        var names: [(name: String, count: UInt64)] = []
        for (number, opcode) in opcodes.enumerated() {
            let place = number * Self.outcomes + outcome.rawValue
            guard place < counts.count, counts[place] > 0 else { continue }
            if let known = names.firstIndex(where: { $0.name == opcode.name }) {
                names[known].count += counts[place]
            } else {
                names.append((opcode.name, counts[place]))
            }
        }
        return names
    }

    /// Adds the lines to a summary's account.
    func report(_ opcodes: [SASSOpcode], to summary: inout ImportSummary) {
        for outcome in Outcome.allCases {
            for (name, count) in names(outcome, opcodes) {
                if let reason = outcome.reason {
                    summary.skip("\(name) (\(reason))", count)
                } else {
                    summary.take(outcome == .plain ? "instructions without memory" : name, count)
                }
            }
        }
    }
}
