/// What tells a binary file of a format.
struct BinarySign: Sendable {
    /// How sure the sign is; the surer kind is asked for first.
    enum Kind: CaseIterable, Sendable {
        /// The file says what it is.
        case header
        /// Its records could mean something.
        case records
    }

    let kind: Kind
    /// What the plain bytes of an input's beginning are, and whether nothing follows them; nil where they are nothing
    /// of the format.
    let finding: @Sendable (_ bytes: [UInt8], _ isWhole: Bool) -> FormatRecognition.Finding?

    init(_ kind: Kind, _ finding: @escaping @Sendable (_ bytes: [UInt8], _ isWhole: Bool) -> FormatRecognition.Finding?)
    {
        self.kind = kind
        self.finding = finding
    }
}
