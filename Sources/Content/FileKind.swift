/// The kind of a file that is not what the user was asked for, told from its first bytes. It has a name and a remedy.
package struct FileKind: Equatable, Sendable {
    /// How the user can get something readable from the file.
    package enum Way: Equatable, Sendable {
        /// A command writes the contents to standard output. It reads the file that follows it, or a pipe where `input`
        /// follows it.
        case pipe(String, input: String = "")
        /// A command writes the contents to standard output. It reads a file only.
        case file(String)
        /// There is no way.
        case none
    }

    /// With its article, such as `a zip archive`.
    package let name: String
    package let way: Way

    package init(_ name: String, _ way: Way = .none) {
        self.name = name
        self.way = way
    }

    /// The command that writes the contents to standard output; nil where there is none, or where it needs a file and
    /// `path` is nil.
    /// - Parameter path: the file; nil for a pipe.
    package func unpacking(_ path: String?) -> String? {
        switch (way, path) {
        case (.pipe(let command, let input), let path): command + (path.map { " " + $0.shellWord } ?? input)
        case (.file(let command), let path?): "\(command) \(path.shellWord)"
        case (.file, nil), (.none, _): nil
        }
    }

    /// What to do with the file, as one sentence without a full stop.
    /// - Parameters:
    ///   - path: the file; nil for a pipe.
    ///   - outer: the streams that the kind was found in, from the outside in. They are inflated first.
    ///   - command: a command that reads the plain bytes from a pipe, such as `weir import din - --output FILE.weir`;
    ///     nil where they are read from a file only.
    ///   - wanted: what is asked for, such as `a machine file`.
    package func cure(path: String?, within outer: [FileKind] = [], into command: String?, wanted: String) -> String {
        var commands: [String] = []
        for kind in outer + [self] {
            guard let unpacking = kind.unpacking(commands.isEmpty ? path : nil) else {
                return kind.way == .none ? "Give \(wanted)" : "Save it to a file and unpack it, or give \(wanted)"
            }
            commands.append(unpacking)
        }
        let pipeline = commands.joined(separator: " | ")
        guard let command else { return "Convert it first, '\(pipeline) > PLAIN', and give PLAIN" }
        return "Convert it first: \(pipeline) | \(command)"
    }
}

extension String {
    /// This text as one word for a shell.
    package var shellWord: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%")
        if !isEmpty, allSatisfy(plain.contains), !hasPrefix("-") { return self }
        if hasPrefix("-") { return ("./" + self).shellWord }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
