import Content

/// The notes on the lines of a file of results: on damaged lines and on lines of other versions.
struct SweepFileReport {
    private let file: String
    private var damage: [SweepDamage: [Int]] = [:]
    private var versions: [(text: String, count: Int)] = []
    /// The number of an unfinished last line that was removed.
    var removed: Int?

    init(file: String) {
        self.file = file
    }

    mutating func add(_ kind: SweepDamage, line: Int) { damage[kind, default: []].append(line) }

    mutating func addOther(version: String) {
        if let index = versions.firstIndex(where: { $0.text == version }) {
            versions[index].count += 1
        } else {
            versions.append((version, 1))
        }
    }

    /// One line for each kind of damage and each version.
    /// - Parameter runsAgain: whether the points of these lines run now. If not, they are only left out.
    func notes(runsAgain: Bool) -> [String] {
        var notes = SweepDamage.allCases.compactMap { kind in
            damage[kind].map { lines in
                let isPlural = lines.count > 1
                let subject = isPlural ? "\(file): lines \(Self.ranges(lines)) " : "\(file):\(lines[0]): this line "
                let end =
                    runsAgain
                    ? "; \(isPlural ? "they count" : "it counts") as not there, and what was lost runs again; "
                        + "remove \(isPlural ? "them" : "it") before other programs read the file"
                    : "; \(isPlural ? "they are" : "it is") left out; run the sweep again to get what was lost"
                return subject + kind.text(isPlural: isPlural) + end
            }
        }
        if let removed {
            notes.append(
                "\(file):\(removed): the last line was not finished; "
                    + (runsAgain ? "it is removed, and its point runs again" : "it is left out"))
        }
        for (text, count) in versions {
            notes.append(
                "\(file): \(count == 1 ? "1 line is" : "\(count) lines are") of \(text), and this is Weir \(Version.current), which "
                    + "may predict otherwise; "
                    + (runsAgain
                        ? "\(count == 1 ? "it stays, and its point runs" : "they stay, and their points run") again"
                        : "\(count == 1 ? "it is" : "they are") left out"))
        }
        return notes
    }

    /// The numbers in order as `3, 5, 9..12`, with no more than 20 parts.
    private static func ranges(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = ranges.last, number == last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        let parts = ranges.prefix(20).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound)" }
        let left = ranges.dropFirst(20).reduce(0) { $0 + $1.count }
        return parts.joined(separator: ", ") + (left > 0 ? " and \(left) more" : "")
    }
}
