import Trace

/// A foreign trace that `weir import` reads: its name, the options that it takes, how it is told from others, and how
/// it is read. Each format is declared in the file of its reader. `all` lists them.
package struct ImportFormat: Sendable {
    /// All formats, in the order in which help and errors name them.
    package static let all: [ImportFormat] = [.accelSim, .nvbit, .din, .lackey, .ramulator, .champsim, .drmemtrace]

    /// Reads a whole input into a writer and accounts for every line or record of the input. The caller finishes the
    /// writer.
    typealias Reader =
        @Sendable (_ request: ImportRequest, _ writer: inout TraceWriter, _ summary: inout ImportSummary) throws -> Void

    /// The format's name on the command line.
    package let rawValue: String
    /// What an input is, for the list of formats in the command's help.
    package let holds: String
    /// What an input should be, with its article, for errors.
    package let wanted: String
    /// Other names that people use for it.
    package let otherNames: [String]
    /// Bytes of an access whose line gives no size, a power of two; nil where every access has a size.
    package let accessBytes: Int?
    /// Those options that the format takes, of the ones that only some formats take.
    private let options: Set<ImportOption>
    /// Signs in single lines by which its texts are recognised.
    let textSigns: [TextSign]
    /// Trial reading by which its texts are recognised; nil where there is none.
    let textTrial: TextTrial?
    /// Signs by which its binary files are recognised.
    let binarySigns: [BinarySign]
    /// The beginning of the first entry's name, where the format's files come as zip archives.
    let archiveEntry: String?
    /// Whether bytes belong to this format beyond doubt, even if they begin like another kind of file.
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

    /// Whether bytes belong to one of the formats beyond doubt, even if they begin like another kind of file.
    static func isCertain(_ bytes: [UInt8]) -> Bool { all.contains { $0.isCertain(bytes) } }

    /// Whether it takes an option.
    package func takes(_ option: ImportOption) -> Bool { options.contains(option) }
}

/// The format's name identifies it.
extension ImportFormat: RawRepresentable, CaseIterable, Hashable {
    /// All formats, and `auto`, which finds out the format of an input.
    package static let allCases = all + [auto]

    /// - Parameter rawValue: a format's name.
    package init?(rawValue: String) {
        guard let format = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = format
    }

    package static func == (left: ImportFormat, right: ImportFormat) -> Bool { left.rawValue == right.rawValue }
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
