/// What tells a text of a format.
struct TextSign: Sendable {
    /// Where the sign must stand.
    enum Reach: Sendable {
        /// On one of the first lines.
        case beginning
        /// On any line.
        case anyLine
        /// On more than half of the lines.
        case mostLines
        /// On nine of ten lines; of several formats with such a sign the one with most lines is meant.
        case nearlyAllLines
    }

    let reach: Reach
    /// What the input is, with its article; nil: what the format wants.
    let name: String?
    let isMet: @Sendable (LineEvidence) -> Bool

    init(_ reach: Reach, name: String? = nil, if isMet: @escaping @Sendable (LineEvidence) -> Bool) {
        self.reach = reach
        self.name = name
        self.isMet = isMet
    }
}
