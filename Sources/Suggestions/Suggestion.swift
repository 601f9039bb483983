/// Existing names that an unknown word may have meant, by spelling and by meaning.
///
/// A name is near in four cases: the two are equal except for case and separators; a table of meanings says so; every
/// part of the word is a part of the name (`l2.bandwidth` of `l2.sliceBandwidth`, `seq-len` of `sequence-length`); or
/// few letters differ. No other name is suggested, because a wrong suggestion costs more than none.
package struct Suggestion: Equatable, Sendable {
    /// The names, best first; empty where nothing is near.
    package let names: [String]

    /// - Parameters:
    ///   - word: what was written.
    ///   - known: all names that exist. Of equally near names the earlier one comes first.
    ///   - meanings: what words of this kind stand for.
    ///   - most: most names to suggest.
    package init(for word: String, among known: [String], meanings: Meanings = Meanings(), most: Int = 5) {
        let wanted = NameParts(String(word.prefix(Self.longest)))
        guard !wanted.isEmpty else {
            names = []
            return
        }
        let meant = meanings.names(of: wanted)
        var scored: [(score: Int, index: Int, name: String)] = []
        for (index, name) in known.enumerated() {
            guard
                let score = Self.score(
                    NameParts(name), wanted: wanted, isMeant: meant.contains(name), meanings: meanings)
            else { continue }
            scored.append((score, index, name))
        }
        let best = scored.map(\.score).min() ?? 0
        // Names whose parts fit nearly as well are suggested too. Of similar spellings, only the nearest are.
        let last = (Self.parts..<Self.spelling).contains(best) ? min(best + 2, Self.spelling - 1) : best
        names = scored.filter { $0.score <= last }.sorted { ($0.score, $0.index) < ($1.score, $1.index) }
            .prefix(most).map(\.name)
    }

    /// `known`, sorted by the number of letters in which each name differs from `word`. It is for lists that are given
    /// in full.
    package static func ranked(_ known: [String], for word: String) -> [String] {
        let wanted = Array(word.lowercased().prefix(longest))
        return known.enumerated()
            .map { (EditDistance.between(Array($0.element.lowercased()), wanted), $0.offset, $0.element) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map(\.2)
    }

    /// `nearest is a`, or `nearest are a, b`; nil where nothing is near.
    /// - Parameter quote: stands before and behind each name.
    package func nearest(quote: String = "") -> String? {
        guard !names.isEmpty else { return nil }
        return (names.count == 1 ? "nearest is " : "nearest are ")
            + names.map { quote + $0 + quote }.joined(separator: ", ")
    }

    /// `did you mean a, b or c?`; nil where nothing is near.
    package var question: String? {
        guard let last = names.last else { return nil }
        let before = names.dropLast()
        return "did you mean " + (before.isEmpty ? "" : before.joined(separator: ", ") + " or ") + last + "?"
    }

    // MARK: How near a name is (less is nearer)

    /// Most letters of a word that are compared.
    private static let longest = 100
    private static let meaning = 10
    private static let parts = 20
    private static let spelling = 40

    private static func score(_ name: NameParts, wanted: NameParts, isMeant: Bool, meanings: Meanings) -> Int? {
        if name.joined == wanted.joined { return 0 }
        if isMeant { return meaning }
        if let fit = PartFit.cost(of: wanted.parts, in: name.parts, meanings: meanings) {
            return min(parts + fit, spelling - 1)
        }
        let short = min(name.joined.count, wanted.joined.count)
        guard short > 2 else { return isWithoutMiddle(wanted.joined, of: name.joined) ? spelling + 1 : nil }
        let distance = EditDistance.between(Array(name.joined), Array(wanted.joined))
        return distance <= EditDistance.limit(length: short) ? spelling + distance : nil
    }

    /// Whether a word of two letters is a name of three without its middle one, as `rn` is of `run`.
    private static func isWithoutMiddle(_ word: String, of name: String) -> Bool {
        word.count == 2 && name.count == 3 && word.first == name.first && word.last == name.last
    }
}
