import Content
import Trace

extension FormatRecognition {
    /// The one format that the content has.
    /// - Parameters:
    ///   - file: name for errors.
    ///   - path: the file; nil for a pipe.
    /// - Throws: `TraceFormatError.unsupported` where the content has no format or may have several. The error names
    ///   the commands to go on with.
    package func decided(file: String, path: String?) throws(TraceFormatError) -> RecognisedFormat {
        let place = FormatPlace(file: file)
        if streams.count > 1, case .formats(let formats) = finding {
            throw .unsupported(
                place, what: "this is " + streams.map(\.name).joined(separator: " around "),
                cure: "Convert it first: " + formats.map { command($0, path: path) }.joined(separator: ", or "))
        }
        switch finding {
        case .formats(let formats) where formats.count == 1: return formats[0]
        case .formats(let formats):
            throw .unsupported(
                place, what: "this fits " + formats.map(\.name).joined(separator: " and "),
                cure: "Say which: " + formats.map { command($0, path: path) }.joined(separator: ", or "))
        case .weir where streams.isEmpty:
            throw .unsupported(
                place, what: named("a .weir trace"), cure: "It needs no import; give it to weir replay or weir inspect")
        case .weir:
            let plain = RecognisedFormat.output(path).shellWord
            throw .unsupported(
                place, what: named("a .weir trace"),
                cure:
                    "It needs no import. Inflate it, '\(inflating(path)) > \(plain)', and give \(plain) to weir replay or weir inspect"
            )
        case .broken(let method, let reason): throw .compression(place, method: method, reason: reason)
        case .unread(let name, let cure): throw .unsupported(place, what: named(name), cure: cure)
        case .packed(let kind, let format):
            throw .unsupported(
                place, what: named(kind.name),
                cure: cure(kind, within: streams, path: path, into: importing(format)))
        case .other(let kind):
            throw .unsupported(place, what: named(kind.name), cure: "Give " + ImportFormat.auto.wanted)
        }
    }

    /// Describes a file that was given as a `.weir` trace but is none, and says what to do. The text is the part of a
    /// message after the place.
    /// - Parameter path: the file; nil for a pipe.
    package func insteadOfTrace(path: String?) -> String {
        let give = "Give a .weir trace, which weir generate and weir import write"
        return switch finding {
        case .formats(let formats):
            "this is no .weir trace but \(named(formats.map(\.name).joined(separator: " or ")).dropFirst("this is ".count)). "
                + "Import it first: " + formats.map { command($0, path: path) }.joined(separator: ", or ")
        case .broken(let method, let reason):
            "the \(method) stream is broken (\(reason)), and it is no .weir trace. Copy or compress the file again"
        case .weir where streams.isEmpty: "this is a .weir trace. Give its path as it is"
        case .weir:
            "\(named("a .weir trace")). Inflate it first: \(inflating(path)) > \(RecognisedFormat.output(path).shellWord)"
        case .unread(let name, let cure): "\(named(name)), no .weir trace. \(cure)"
        case .packed(let kind, let format):
            "\(named(kind.name)), no .weir trace. \(cure(kind, within: streams, path: path, into: importing(format)))"
        case .other(let kind): "\(named(kind.name)), no .weir trace. \(give)"
        }
    }

    /// A text such as `this is a tar archive within a gzip stream`.
    private func named(_ name: String) -> String {
        (["this is \(name)"] + streams.reversed().map(\.name)).joined(separator: " within ")
    }

    /// The command that imports the content as `format`. Where a stream lies inside a stream, the command inflates it
    /// once first.
    package func command(_ format: RecognisedFormat, path: String?) -> String {
        guard streams.count > 1 else { return format.command(path: path) }
        var commands: [String] = []
        for kind in streams.dropLast() { commands.append(kind.unpacking(commands.isEmpty ? path : nil) ?? "cat") }
        return (commands + [format.command(path: nil)]).joined(separator: " | ")
    }

    private func importing(_ format: RecognisedFormat?) -> String {
        "weir import \((format?.format ?? .auto).rawValue) - --output FILE.weir"
    }

    private func inflating(_ path: String?) -> String {
        var path = path
        var commands: [String] = []
        for stream in streams {
            commands.append(stream.unpacking(path) ?? "cat")
            path = nil
        }
        return commands.joined(separator: " | ")
    }

    private func cure(_ kind: FileKind, within outer: [FileKind], path: String?, into command: String) -> String {
        kind.cure(path: path, within: outer, into: command, wanted: ImportFormat.auto.wanted)
    }
}
