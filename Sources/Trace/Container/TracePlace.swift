/// Where in a trace something was found, as far as it is known at the time.
package struct TracePlace: Equatable, Sendable, CustomStringConvertible {
    /// The parts of a `.weir` file that an error can name.
    package enum Part: String, Sendable {
        case fileHeader = "file header"
        case launchRecord = "launch record"
        case chunk = "chunk"
        case index = "index"
        case trailer = "trailer"
    }

    /// File name, or another name of the input or output; nil for bytes in memory and anonymous pipes.
    package var file: String?
    package var part: Part?
    /// Number of the launch in the file, from 0.
    package var launch: Int?
    /// Number of the chunk in its launch, from 0.
    package var chunk: Int?
    /// Offset in the file. It is the offset of the record that the error is about, or of a byte in it.
    package var byteOffset: UInt64?

    package init(
        file: String? = nil, part: Part? = nil, launch: Int? = nil, chunk: Int? = nil, byteOffset: UInt64? = nil
    ) {
        self.file = file
        self.part = part
        self.launch = launch
        self.chunk = chunk
        self.byteOffset = byteOffset
    }

    /// Nothing is known, for example because the program is not in a file yet.
    package static let unknown = TracePlace()

    /// A text such as `a.weir, launch 2, chunk 5, byte 1234`; `trace` where nothing is known.
    package var description: String {
        var words: [String] = [file ?? "trace"]
        if let part, part != .chunk || chunk == nil { words.append(part.rawValue) }
        if let launch { words.append("launch \(launch)") }
        if let chunk { words.append("chunk \(chunk)") }
        if let byteOffset { words.append("byte \(byteOffset)") }
        return words.joined(separator: ", ")
    }
}
