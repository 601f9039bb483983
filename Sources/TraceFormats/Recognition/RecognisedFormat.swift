import Content

/// A format that an input fits, and how it is imported.
package struct RecognisedFormat: Equatable, Sendable {
    package let format: ImportFormat
    /// What the input is, with its article, such as `the output of valgrind's lackey`.
    package let name: String
    /// Whether records of ChampSim have the layout of its CloudSuite traces.
    package var isCloudSuite = false

    init(_ format: ImportFormat, _ name: String? = nil, isCloudSuite: Bool = false) {
        self.format = format
        self.name = name ?? format.wanted
        self.isCloudSuite = isCloudSuite
    }

    /// The options with changes that the content demands.
    func applied(to options: ImportOptions) -> ImportOptions {
        var options = options
        options.isCloudSuite = options.isCloudSuite || isCloudSuite
        return options
    }

    /// The command that imports the input.
    /// - Parameter path: nil for a pipe.
    package func command(path: String?) -> String {
        "weir import \(format.rawValue)\(isCloudSuite ? " --cloudsuite" : "") \(path?.shellWord ?? "-") "
            + "--output \(Self.output(path).shellWord)"
    }

    /// A name for the imported trace, in the input's folder. It is the input's name without the endings that tell
    /// compression and format.
    static func output(_ path: String?) -> String {
        guard let path else { return "FILE.weir" }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { path[...$0] } ?? ""
        var name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        for suffix in [".gz", ".xz", ".bz2", ".zst", ".lz4", ".lzma", ".zip", ".7z", ".tar", ".tgz"]
        where name.hasSuffix(suffix) {
            if name.count > suffix.count { name = name.dropLast(suffix.count) }
        }
        if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = name[..<dot] }
        return folder + name + ".weir"
    }
}
