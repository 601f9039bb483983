import Trace

/// What the reader of a format gets.
struct ImportRequest {
    let input: ByteInput
    /// The format that the input is read as.
    let format: ImportFormat
    /// The directory of files that the input names.
    let directory: String
    let options: ImportOptions
    /// Called from time to time with the line and the number of plain bytes read so far.
    let progress: ((ImportProgress) -> Void)?

    /// The input's bytes without their compression.
    func plainInput() -> PlainInput { PlainInput(input, for: format) }

    /// Bytes of an access whose line gives no size, a power of two.
    var accessBytes: UInt64 { UInt64(options.accessBytes ?? format.accessBytes ?? 1) }
}
