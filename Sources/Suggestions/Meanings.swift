/// Names that people use for things that have other names here.
package struct Meanings: Sendable {
    private let whole: [String: [String]]
    private let parts: [String: [String]]
    private let fillers: Set<String>

    /// - Parameters:
    ///   - whole: words, and the names that they stand for. Case and separators of the words do not matter.
    ///   - parts: parts of words, and the parts of names that they stand for.
    ///   - fillers: parts that mean nothing. They are left out of a word that fits no name with them.
    package init(
        whole: [String: [String]] = [:], parts: [String: [String]] = [:], fillers: Set<String> = []
    ) {
        self.whole = Dictionary(whole.map { (NameParts($0.key).joined, $0.value) }) { $0 + $1 }
        self.parts = parts
        self.fillers = fillers
    }

    /// These meanings together with others.
    package func adding(_ other: Meanings) -> Meanings {
        Meanings(
            whole: whole.merging(other.whole) { $0 + $1 }, parts: parts.merging(other.parts) { $0 + $1 },
            fillers: fillers.union(other.fillers))
    }

    /// The names that a whole word stands for.
    func names(of word: NameParts) -> Set<String> { Set(whole[word.joined] ?? []) }

    /// The parts of names that a part of a word stands for, including the part itself.
    func parts(of part: String) -> [String] { [part] + (parts[part] ?? []) }

    func isFiller(_ part: String) -> Bool { fillers.contains(part) }
}
