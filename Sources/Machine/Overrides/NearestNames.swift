/// Suggestions for a name that does not exist.
package enum NearestNames {
    /// The `count` nearest of `names`, nearest first; a dotted name is also compared by its last part alone.
    package static func nearest(_ names: [String], to name: String, count: Int = 3) -> [String] {
        Array(sorted(names, to: name).prefix(count))
    }

    /// All of `names`, nearest first; of equals, in their own order.
    package static func sorted(_ names: [String], to name: String) -> [String] {
        let wanted = Array(name.lowercased().prefix(100))
        return names.enumerated()
            .map { (score: score($0.element, wanted), index: $0.offset, name: $0.element) }
            .sorted { ($0.score, $0.index) < ($1.score, $1.index) }
            .map(\.name)
    }

    /// Twice the edits from `wanted` to the name, or to its last part plus one, whichever is less.
    private static func score(_ name: String, _ wanted: [Character]) -> Int {
        let full = Array(name.lowercased())
        let whole = 2 * editDistance(full, wanted)
        guard let dot = full.lastIndex(of: ".") else { return whole }
        let wantedLast = wanted.lastIndex(of: ".").map { Array(wanted[($0 + 1)...]) } ?? wanted
        return min(whole, 2 * editDistance(Array(full[(dot + 1)...]), wantedLast) + 1)
    }

    /// Insertions, deletions and replacements that turn one text into the other.
    static func editDistance(_ first: [Character], _ second: [Character]) -> Int {
        var row = Array(0...second.count)
        for (i, character) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in second.enumerated() {
                let replaced = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[second.count]
    }
}
