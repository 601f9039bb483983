import Content
import Foundation
import Trace

/// All outputs of a command. They are opened before the command computes anything, so that a folder without write
/// access is found at once. They get their names once every output is whole.
package final class OutputFiles {
    /// An input or output with the option or word that names it.
    private struct Named {
        let name: String
        let identity: FileIdentity
    }

    private let inputs: [Named]
    private var outputs: [Named] = []
    private var files: [AtomicFile] = []

    /// - Parameter inputs: paths that the command reads; `-` is standard input.
    package init(reading inputs: [String]) {
        self.inputs = inputs.compactMap { path in
            let identity = path == "-" ? FileIdentity(descriptor: STDIN_FILENO) : FileIdentity(path: path)
            return identity.map { Named(name: path == "-" ? "standard input" : path, identity: $0) }
        }
    }

    /// Opens an output.
    /// - Parameters:
    ///   - path: nil or `-` for standard output.
    ///   - option: the option that names it, such as `--output`.
    /// - Throws: `OutputError` if another output or an input is the same file, if the path is a directory, or if
    ///   standard output is closed. `TraceError.system`.
    package func open(_ path: String?, as option: String) throws -> OutputFile {
        guard let path, path != "-" else {
            guard SystemCalls.isOpenForWriting(STDOUT_FILENO) else { throw OutputError.closed }
            try claim(FileIdentity(descriptor: STDOUT_FILENO), path: "-", name: "standard output")
            return OutputFile(ByteOutput(descriptor: STDOUT_FILENO, name: "standard output"))
        }
        try claim(path, as: option)
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw OutputError.isDirectory(output: "\(option) \(path)")
        }
        let file = try AtomicFile(path: path)
        files.append(file)
        return OutputFile(try file.output())
    }

    /// Refuses an output that is also another output or an input. Otherwise it remembers the output without opening it.
    /// - Throws: `OutputError`.
    package func claim(_ path: String, as option: String) throws(OutputError) {
        try claim(FileIdentity(path: path), path: path, name: "\(option) \(path)")
    }

    /// Refuses the name of a new directory if something other than an empty directory has it.
    /// - Throws: `OutputError`.
    package func checkNewDirectory(_ path: String, as option: String) throws(OutputError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let names = try? FileManager.default.contentsOfDirectory(atPath: path)
        // If a directory cannot be read, the system refuses it later.
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        if !isDirectory.boolValue || !(names ?? []).isEmpty { throw .notEmptyDirectory(output: "\(option) \(path)") }
    }

    /// Waits until the disk has every output. Then it gives all of them their names.
    /// - Throws: `TraceError.system`.
    package func commit() throws(TraceError) {
        for file in files { try file.finish() }
        for file in files { try file.commit() }
        files = []
    }

    private func claim(_ identity: FileIdentity?, path: String, name: String) throws(OutputError) {
        guard let identity else { return }
        if let input = inputs.first(where: { $0.identity == identity }) {
            throw .isInput(output: name, input: input.name)
        }
        if let other = outputs.first(where: { $0.identity == identity }) {
            throw .repeated(output: name, other: other.name)
        }
        outputs.append(Named(name: name, identity: identity))
    }
}

/// One output of a command.
package struct OutputFile {
    /// The stream that takes the bytes.
    package let output: ByteOutput

    init(_ output: ByteOutput) {
        self.output = output
    }

    /// Writes a text.
    /// - Throws: `TraceError.system` with the file.
    package func write(_ text: String) throws(TraceError) {
        try output.write(Array(text.utf8), at: TracePlace(file: output.name))
    }
}

/// An error in the output of a command. Each prints as one line.
package enum OutputError: UserError, Equatable, Sendable {
    /// The output would replace an input of the command.
    case isInput(output: String, input: String)
    /// Two outputs are one file.
    case repeated(output: String, other: String)
    /// A directory already has the name of a file to be written.
    case isDirectory(output: String)
    /// Something already has the name of a new directory.
    case notEmptyDirectory(output: String)
    /// Standard output is closed.
    case closed

    package var isUsage: Bool { self != .closed }

    package var description: String {
        switch self {
        case .isInput(let output, let input) where output.hasSuffix(" " + input):
            "\(output): the command reads this file; give the output a file of its own"
        case .isInput(let output, let input):
            "\(output): this is the same file as \(input), which the command reads; give the output a file of its own"
        case .repeated(let output, let other):
            "\(output): this is the same file as \(other); give each output a file of its own"
        case .isDirectory(let output):
            "\(output): this is a directory; give the output the name of a file, such as one in it"
        case .notEmptyDirectory(let output):
            "\(output): it exists and is no empty directory; give the name of a new directory, or remove what is there"
        case .closed:
            "standard output is closed; give --output FILE, or run the command with standard output open"
        }
    }
}
