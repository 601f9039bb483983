/// Counts how many letters differ between two words.
enum EditDistance {
    /// The number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    static func between(_ first: [Character], _ second: [Character]) -> Int {
        var before: [Int] = []
        var above = Array(0...second.count)
        for i in first.indices {
            var row = [i + 1]
            for j in second.indices {
                var least = min(above[j + 1] + 1, row[j] + 1, above[j] + (first[i] == second[j] ? 0 : 1))
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    least = min(least, before[j - 1] + 1)
                }
                row.append(least)
            }
            before = above
            above = row
        }
        return above[second.count]
    }

    /// The number of letters in which a word of this length may differ from another and still be taken for it.
    static func limit(length: Int) -> Int {
        switch length {
        case ..<3: 0
        case 3...5: 1
        case 6...9: 2
        default: 3
        }
    }
}
