import Content
import Foundation
import Trace

/// A measured launch's blocks: a file `SHAPE.ORDER.KERNEL.csv.gz` as hardware.md describes it.
package struct MeasuredTimeline: Sendable {
    /// The file's path.
    package let file: String
    /// Name of the shape, such as `m2.7b_s2048_c256`.
    package let shapeName: String
    /// Position of the launch in its call.
    package let order: Int
    /// The kernel as the file name gives it, such as `chunk_scan_fwd`.
    package let kernelName: String
    /// The grid in the first line, if there is one.
    package let grid: Grid?
    package let blocks: [BlockInterval]

    /// Columns that a file must have, in order.
    package static let columns = "block,sm,start_ns,end_ns,lifetime_cycles"

    /// The greatest number of blocks of a launch. It keeps memory below half a gigabyte.
    private static let mostBlocks = 1 << 22

    /// Reads a file.
    /// - Throws: `ReferenceError` with file and line.
    package init(path: String) throws(ReferenceError) {
        let data = try ReferenceTable.contents(ofFile: path, most: GzipReader.largestPlainBytes)
        try self.init(compressed: [UInt8](data), file: path)
    }

    /// Reads a gzip file held in memory; `file` is its path.
    package init(compressed: [UInt8], file: String) throws(ReferenceError) {
        let plain: [UInt8]
        do {
            plain = try GzipReader.inflate(compressed)
        } catch {
            throw ReferenceError(
                file: file, line: 0, cause: "damaged gzip data: \(error.reason)", cure: "fetch the file again")
        }
        try self.init(plain: plain, file: file)
    }

    /// Reads plain text; `file` is the path of the file that holds it.
    package init(plain: [UInt8], file: String) throws(ReferenceError) {
        self.file = file
        (shapeName, order, kernelName) = try Self.name(of: file)
        var lines = ByteLines(plain)
        guard let header = lines.next(), header.first == UInt8(ascii: "#"), let names = lines.next() else {
            throw ReferenceError(
                file: file, line: 1, cause: "it does not begin with #",
                cure: "begin with '# shape=NAME kernel=NAME grid=[X, Y, Z]'")
        }
        grid = try Self.grid(in: String(decoding: header, as: UTF8.self), file: file)
        guard String(decoding: names, as: UTF8.self).filter({ $0 != "\r" }) == Self.columns else {
            throw ReferenceError(
                file: file, line: 2, cause: "the columns are '\(String(decoding: names.prefix(100), as: UTF8.self))'",
                cure: "give \(Self.columns)")
        }
        // The product of three extents below 2^31 may overflow. That of two cannot.
        let product = grid.map { ($0.x * $0.y).multipliedReportingOverflow(by: $0.z) }
        let count = product.flatMap { $0.overflow ? nil : $0.partialValue }
        var blocks: [BlockInterval] = []
        while let line = lines.next() {
            guard !line.isEmpty, line != [UInt8(ascii: "\r")] else { continue }
            guard blocks.count < Self.mostBlocks else {
                throw ReferenceError(
                    file: file, line: lines.number, cause: "more than \(Self.mostBlocks) blocks",
                    cure: "give one launch a file")
            }
            let block = try Self.block(in: line, place: (file, lines.number))
            if let count, block.block >= count {
                throw ReferenceError(
                    file: file, line: lines.number,
                    cause: "'block' is \(block.block), and the grid has \(count) blocks",
                    cure: "give each block of the grid a row, from 0 on, or mend the grid in the first line")
            }
            blocks.append(block)
        }
        guard !blocks.isEmpty else {
            throw ReferenceError(file: file, line: 3, cause: "no blocks", cure: "give a row for each thread block")
        }
        self.blocks = blocks
    }

    /// Divides a path's last part. The shape's name may contain points; the other parts may not.
    private static func name(of path: String) throws(ReferenceError) -> (shape: String, order: Int, kernel: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 5, parts.suffix(2) == ["csv", "gz"], let order = Int(parts[parts.count - 4]), order >= 0
        else {
            throw ReferenceError(
                file: path, line: 0, cause: "the name does not say which launch this is",
                cure: "name the file SHAPE.ORDER.KERNEL.csv.gz, such as m2.7b_s2048_c256.04.chunk_scan_fwd.csv.gz")
        }
        return (parts.dropLast(4).joined(separator: "."), order, String(parts[parts.count - 3]))
    }

    /// The grid of the first line, if it gives one.
    private static func grid(in header: String, file: String) throws(ReferenceError) -> Grid? {
        guard let open = header.range(of: "grid=")?.upperBound else { return nil }
        let text = header[open...].prefix { $0 != "]" } + "]"
        let extents = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
            .map { Int($0.trimmingCharacters(in: .whitespaces)) ?? 0 }
        guard text.first == "[", extents.count == 3, extents.allSatisfy({ (1..<1 << 31).contains($0) }) else {
            throw ReferenceError(
                file: file, line: 1, cause: "the grid is '\(text.prefix(100))'",
                cure: "write three extents as in grid=[32, 1, 128]")
        }
        return Grid(x: extents[0], y: extents[1], z: extents[2])
    }

    /// Largest value of each column. 2^53 ns are 104 days. Beyond them a nanosecond is lost.
    private static let largest = [1 << 31, 4095, 1 << 53, 1 << 53, 1 << 53]

    private static func block(in line: ArraySlice<UInt8>, place: (file: String, line: Int)) throws(ReferenceError)
        -> BlockInterval
    {
        let names = columns.split(separator: ",")
        let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" }
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == names.count else {
            throw ReferenceError(
                file: place.file, line: place.line, cause: "\(fields.count) values for \(names.count) columns",
                cure: "give \(columns)")
        }
        var numbers: [Int] = []
        for (column, field) in fields.enumerated() {
            guard let number = Int(field), (0...largest[column]).contains(number) else {
                throw ReferenceError(
                    file: place.file, line: place.line, cause: "'\(names[column])' is '\(field.prefix(40))'",
                    cure: "give a whole number from 0 to \(largest[column])")
            }
            numbers.append(number)
        }
        guard numbers[3] >= numbers[2] else {
            throw ReferenceError(
                file: place.file, line: place.line,
                cause: "'end_ns' is \(numbers[3]), before the start at \(numbers[2])",
                cure: "give an end that is no earlier than the start")
        }
        return BlockInterval(
            block: numbers[0], sm: numbers[1], startNanoseconds: Double(numbers[2]), endNanoseconds: Double(numbers[3]),
            lifetimeCycles: Double(numbers[4]))
    }
}

/// The lines of a text, one after another, without their ends.
private struct ByteLines {
    private let bytes: [UInt8]
    private var start = 0
    /// The number of the last line, from 1.
    private(set) var number = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> ArraySlice<UInt8>? {
        guard start < bytes.count else { return nil }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        defer { start = end + 1 }
        number += 1
        return bytes[start..<end]
    }
}
