/// A sign by which a binary file of a format is recognised.
struct BinarySign: Sendable {
    /// How certain the sign is. The more certain kind is tried first.
    enum Kind: CaseIterable, Sendable {
        /// The file says what it is.
        case header
        /// Its records could have a meaning.
        case records
    }

    let kind: Kind
    /// Says what the plain bytes of an input's beginning are; nil where they do not belong to the format. `isWhole`
    /// says that nothing follows the bytes.
    let finding: @Sendable (_ bytes: [UInt8], _ isWhole: Bool) -> FormatRecognition.Finding?

    init(_ kind: Kind, _ finding: @escaping @Sendable (_ bytes: [UInt8], _ isWhole: Bool) -> FormatRecognition.Finding?)
    {
        self.kind = kind
        self.finding = finding
    }
}
