/// A line of a `kernelslist.g` that names a kernel's file, with or without its path.
struct AccelSimListEntry {
    private static let compressions = ["", ".xz", ".gz"]

    let path: String
    /// The last part of the path.
    let fileName: String
    let place: FormatPlace
    /// Whether it is the list's last line and has no line break.
    let isCut: Bool

    /// - Parameter isCut: whether the line has no line break.
    /// - Returns: nil for a line that names no kernel.
    /// - Throws: `TraceFormatError` for a kernel's file of another kind.
    init?(_ line: String, at place: FormatPlace, isCut: Bool) throws(TraceFormatError) {
        path = line
        fileName = String(
            line[(line.lastIndex { $0 == "/" || $0 == "\\" }.map(line.index(after:)) ?? line.startIndex)...])
        self.place = place
        self.isCut = isCut
        func ends(_ suffix: String) -> Bool { Self.compressions.contains { line.hasSuffix(suffix + $0) } }
        if ends(".traceg") {
            // The system reads a name up to its first zero byte, and would open another file or the folder.
            guard !line.utf8.contains(0) else {
                throw .malformed(
                    place, what: "the kernel's file", found: "'\(line)'", expected: "a name without zero bytes")
            }
            return
        }
        guard line.hasPrefix("kernel") || fileName.hasPrefix("kernel") else { return nil }
        if ends(".tracez") {
            throw .unsupported(
                place, what: "'\(line)' is in the binary format of Accel-Sim 2.0",
                cure: "Record .traceg files, or convert it with Accel-Sim's tools")
        }
        if ends(".trace") {
            throw .unsupported(
                place, what: "this is the list before post-processing: '\(line)' is not grouped by thread block",
                cure:
                    "Run Accel-Sim's post-traces-processing on this list, and import the kernelslist.g that comes out, whose "
                    + "kernels are .traceg files")
        }
        let expected = "a name that ends in .traceg, .traceg.xz or .traceg.gz"
        guard !isCut else {
            throw .truncated(
                place,
                what: "its last line, which has no line break: the kernel's file is '\(line)', expected \(expected)")
        }
        throw .malformed(place, what: "the kernel's file", found: "'\(line)'", expected: expected)
    }
}
