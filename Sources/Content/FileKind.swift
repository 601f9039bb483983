/// What a file is that is not what was asked for, told from its first bytes: what it is called, and what to do about
/// it.
package struct FileKind: Equatable, Sendable {
    /// How something readable is had from the file.
    package enum Way: Equatable, Sendable {
        /// A command writes what is inside to standard output, of the file that follows it, or of a pipe where `input`
        /// follows it.
        case pipe(String, input: String = "")
        /// A command writes what is inside to standard output, from a file alone.
        case file(String)
        /// There is none.
        case none
    }

    /// With its article, such as `a zip archive`.
    package let name: String
    package let way: Way

    package init(_ name: String, _ way: Way = .none) {
        self.name = name
        self.way = way
    }

    /// The command that writes what is inside to standard output; nil where there is none, or where it needs a file and
    /// `path` is nil.
    /// - Parameter path: the file; nil for a pipe.
    package func unpacking(_ path: String?) -> String? {
        switch (way, path) {
        case (.pipe(let command, let input), let path): command + (path.map { " " + $0.shellWord } ?? input)
        case (.file(let command), let path?): "\(command) \(path.shellWord)"
        case (.file, nil), (.none, _): nil
        }
    }

    /// What to do with the file, one sentence without a full stop.
    /// - Parameters:
    ///   - path: the file; nil for a pipe.
    ///   - outer: what the kind was found in, from the outside in: streams that are inflated first.
    ///   - command: reads the plain bytes from a pipe, such as `weir import din - --output FILE.weir`; nil where they
    ///     are read from a file alone.
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
    /// This text as one word of a shell.
    package var shellWord: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%")
        if !isEmpty, allSatisfy(plain.contains), !hasPrefix("-") { return self }
        if hasPrefix("-") { return ("./" + self).shellWord }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
