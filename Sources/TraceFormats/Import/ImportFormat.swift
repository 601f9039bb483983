import Trace

/// A foreign trace that `weir import` reads: what it is called, which options it takes, how it is told from others and
/// how it is read. Each format is declared in the file of its reader; `all` lists them.
package struct ImportFormat: Sendable {
    /// All formats, in the order in which help and errors name them.
    package static let all: [ImportFormat] = [.accelSim, .nvbit, .din, .lackey, .ramulator, .champsim, .drmemtrace]

    /// Reads a whole input into a writer, which the caller finishes, and accounts for every line or record of it.
    typealias Reader =
        @Sendable (_ request: ImportRequest, _ writer: inout TraceWriter, _ summary: inout ImportSummary) throws -> Void

    /// What the command line calls it.
    package let rawValue: String
    /// What an input is, for the list of formats in the command's help.
    package let holds: String
    /// What an input should be, with its article, for errors.
    package let wanted: String
    /// What else people call it.
    package let otherNames: [String]
    /// Bytes of an access that has no size of its own, a power of two; nil where every access has one.
    package let accessBytes: Int?
    /// The options that it takes, of those that only some formats take.
    private let options: Set<ImportOption>
    /// How its texts are told by single lines.
    let textSigns: [TextSign]
    /// How its texts are told by reading them.
    let textTrial: TextTrial?
    /// How its binary files are told.
    let binarySigns: [BinarySign]
    /// How the name of the first entry begins where its files come as zip archives.
    let archiveEntry: String?
    /// Whether bytes are this format's beyond doubt, though they may begin as another kind of file.
    let isCertain: @Sendable ([UInt8]) -> Bool
    let read: Reader

    init(
        _ name: String, holds: String, wanted: String, otherNames: [String] = [], accessBytes: Int? = nil,
        takes options: Set<ImportOption> = [], textSigns: [TextSign] = [], textTrial: TextTrial? = nil,
        binarySigns: [BinarySign] = [], archiveEntry: String? = nil,
        isCertain: @escaping @Sendable ([UInt8]) -> Bool = { _ in false },
        read: @escaping Reader
    ) {
        rawValue = name
        self.holds = holds
        self.wanted = wanted
        self.otherNames = otherNames
        self.accessBytes = accessBytes
        self.options = accessBytes == nil ? options : options.union([.accessBytes])
        self.textSigns = textSigns
        self.textTrial = textTrial
        self.binarySigns = binarySigns
        self.archiveEntry = archiveEntry
        self.isCertain = isCertain
        self.read = read
    }

    /// Whether bytes are a format's beyond doubt, though they may begin as another kind of file.
    static func isCertain(_ bytes: [UInt8]) -> Bool { all.contains { $0.isCertain(bytes) } }

    /// Whether it takes an option.
    package func takes(_ option: ImportOption) -> Bool { options.contains(option) }
}

/// Formats are told apart by their names.
extension ImportFormat: RawRepresentable, CaseIterable, Hashable {
    /// The formats, and what tells which of them an input has.
    package static let allCases = all + [auto]

    /// - Parameter rawValue: a format's name.
    package init?(rawValue: String) {
        guard let format = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = format
    }

    package static func == (left: ImportFormat, right: ImportFormat) -> Bool { left.rawValue == right.rawValue }
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
