import Trace

/// Reads a foreign trace and writes it as Weir's.
package enum TraceImport {
    /// Reads `input` to its end and appends its launches to `writer`. The caller finishes the writer.
    /// - Parameters:
    ///   - directory: the directory of files that the input names.
    ///   - progress: called from time to time with the line and the number of plain bytes read so far.
    /// - Throws: `TraceFormatError` with file and line, or `TraceError`.
    package static func read(
        _ input: ByteInput, format: ImportFormat, directory: String = ".", options: ImportOptions = ImportOptions(),
        into writer: inout TraceWriter, progress: ((ImportProgress) -> Void)? = nil
    ) throws -> ImportSummary {
        var summary = ImportSummary()
        summary.isStrict = options.isStrict
        let request = ImportRequest(
            input: input, format: format, directory: directory, options: options, progress: progress)
        try format.read(request, &writer, &summary)
        return summary
    }
}

/// How far an import has come.
package struct ImportProgress: Sendable {
    package let file: String
    package let line: UInt64
    /// Plain bytes of the file so far.
    package let byteCount: UInt64
    /// The unit that is counted: `line` or `record`.
    package var unit = "line"

    /// A text such as `big.din: line 12000000, 151 MB`.
    package var description: String { "\(file): \(unit) \(line), \(byteCount / 1_000_000) MB" }
}
