import Content
import Foundation
import Trace
import TraceFormats

/// Messages on a file that was given as a trace and is something else.
enum ForeignFile {
    /// The line for an error of reading a trace; nil if the file is a trace.
    static func message(of error: TraceError) -> String? {
        let path = error.place.file.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
        switch error {
        case .notATrace(let place, let head):
            let found = FormatRecognition(head: head, isWhole: head.count < FileHeader.headBytes)
            return "\(place.file ?? "trace"): \(found.insteadOfTrace(path: path))"
        case .truncated(let place, _, found: 0) where place.part == .fileHeader:
            return
                "\(place.file ?? "trace"): this is an empty file, no .weir trace. Check that its writer has ended well"
        case .system, .misuse:
            guard let path, let cure = cure(ofDirectory: path) else { return nil }
            return "\(path): this is a directory, not a trace. \(cure)"
        default: return nil
        }
    }

    /// Throws if a file is not a `.weir` trace, before anything is done with it.
    static func check(_ path: String) throws(TraceError) { _ = try TraceStreamReader(ByteInput(path: path)) }

    /// The error for a file that could not be imported as `format` because it has another format. It is nil if the
    /// content does not tell the format.
    static func misdirected(_ path: String?, from format: ImportFormat) -> TraceFormatError? {
        guard let path, let input = try? ByteInput(path: path), let found = try? FormatRecognition(peekingAt: input),
            case .formats(let formats) = found.finding, !formats.contains(where: { $0.format == format })
        else { return nil }
        return .unsupported(
            FormatPlace(file: path),
            what: "this is " + formats.map(\.name).joined(separator: " or ") + ", not \(format.wanted)",
            cure: "Import it as what it is: " + formats.map { found.command($0, path: path) }.joined(separator: ", or ")
        )
    }

    /// What to give instead of a directory; nil for anything else.
    private static func cure(ofDirectory path: String) -> String? {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            return nil
        }
        let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        for list in ["kernelslist.g", "traces/kernelslist.g"]
        where FileManager.default.fileExists(atPath: "\(folder)/\(list)") {
            return "It holds traces of Accel-Sim: weir import accel-sim "
                + "\("\(folder)/\(list)".shellWord) --output \("\(folder).weir".shellWord)"
        }
        return "Give a file in it"
    }
}
