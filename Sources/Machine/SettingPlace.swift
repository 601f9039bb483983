/// Where a value was written. Errors point at this place.
package enum SettingPlace: Equatable, Sendable, CustomStringConvertible {
    /// Line and column of a machine file, both from 1.
    case file(path: String, line: Int, column: Int)
    /// A `--set` option, with its text.
    case option(String)
    /// A value of a sweep, as name and value.
    case sweep(String)

    /// Whether the value was written in a machine file. Otherwise it was written on the command line.
    var isInFile: Bool {
        if case .file = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .file(let path, let line, let column): "\(path):\(line):\(column)"
        case .option(let text): "--set \(text)"
        case .sweep(let text): "sweep, \(text)"
        }
    }
}
