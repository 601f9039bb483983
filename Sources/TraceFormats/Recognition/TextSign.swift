/// A sign in single lines by which a text of a format is recognised.
struct TextSign: Sendable {
    /// Where the sign must stand.
    enum Reach: Sendable {
        /// On one of the first lines.
        case beginning
        /// On any line.
        case anyLine
        /// On more than half of the lines.
        case mostLines
    }

    let reach: Reach
    /// What the input is, with its article. Nil takes the `wanted` text of the format.
    let name: String?
    let isMet: @Sendable (LineEvidence) -> Bool
    /// Describes a text with the sign, where its first lines show that Weir cannot read it yet.
    let unread: @Sendable (_ firstLines: [LineEvidence]) -> FormatRecognition.Finding?

    init(
        _ reach: Reach, name: String? = nil,
        unread: @escaping @Sendable ([LineEvidence]) -> FormatRecognition.Finding? = { _ in nil },
        if isMet: @escaping @Sendable (LineEvidence) -> Bool
    ) {
        self.reach = reach
        self.name = name
        self.isMet = isMet
        self.unread = unread
    }
}
