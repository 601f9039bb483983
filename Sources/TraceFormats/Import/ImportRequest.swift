import Trace

/// What the reader of a format is given.
struct ImportRequest {
    let input: ByteInput
    /// The format that the input is read as.
    let format: ImportFormat
    /// Where files that the input names are looked for.
    let directory: String
    let options: ImportOptions
    /// Called now and then with the line and the plain bytes read so far.
    let progress: ((ImportProgress) -> Void)?

    /// The input's bytes without their compression.
    func plainInput() -> PlainInput { PlainInput(input, for: format) }

    /// Bytes of an access that has no size of its own, a power of two.
    var accessBytes: UInt64 { UInt64(options.accessBytes ?? format.accessBytes ?? 1) }
}
