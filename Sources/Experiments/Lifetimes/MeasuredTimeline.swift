import Foundation
import Trace

/// A measured launch's blocks: a file `SHAPE.ORDER.KERNEL.csv.gz` as hardware/README.md describes it.
package struct MeasuredTimeline: Sendable {
    /// The file's path.
    package let file: String
    /// Name of the shape, such as `m2.7b_s2048_c256`.
    package let shapeName: String
    /// Position of the launch in its call.
    package let order: Int
    /// Kernel as the file's name has it, such as `chunk_scan_fwd`.
    package let kernelName: String
    /// The grid in the first line, where it has one.
    package let grid: Grid?
    package let blocks: [BlockInterval]

    /// Columns that a file must have, in order.
    package static let columns = "block,sm,start_ns,end_ns,lifetime_cycles"

    /// Reads a file.
    /// - Throws: `ReferenceError` with file and line.
    package init(path: String) throws(ReferenceError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ReferenceError(file: path, line: 0, cause: "the file cannot be read", cure: "check the path and its permissions")
        }
        try self.init(compressed: [UInt8](data), file: path)
    }

    /// Reads a gzip file held in memory; `file` is its path.
    package init(compressed: [UInt8], file: String) throws(ReferenceError) {
        let plain: [UInt8]
        do {
            plain = try GzipReader.inflate(compressed)
        } catch {
            throw ReferenceError(file: file, line: 0, cause: "damaged gzip data: \(error.reason)", cure: "fetch the file again")
        }
        try self.init(plain: plain, file: file)
    }

    /// Reads plain text; `file` is the path of the file that holds it.
    package init(plain: [UInt8], file: String) throws(ReferenceError) {
        self.file = file
        (shapeName, order, kernelName) = try Self.name(of: file)
        let lines = plain.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count > 1, lines[0].first == UInt8(ascii: "#") else {
            throw ReferenceError(
                file: file, line: 1, cause: "it does not begin with #", cure: "begin with '# shape=NAME kernel=NAME grid=[X, Y, Z]'")
        }
        grid = Self.grid(in: String(decoding: lines[0], as: UTF8.self))
        guard String(decoding: lines[1], as: UTF8.self).filter({ $0 != "\r" }) == Self.columns else {
            throw ReferenceError(file: file, line: 2, cause: "other columns", cure: "give \(Self.columns)")
        }
        var blocks: [BlockInterval] = []
        for (index, line) in lines.enumerated().dropFirst(2) where !line.isEmpty {
            guard let block = Self.block(in: line) else {
                throw ReferenceError(
                    file: file, line: index + 1, cause: "not five whole numbers with an end that is no earlier than the start",
                    cure: "give \(Self.columns)")
            }
            blocks.append(block)
        }
        guard !blocks.isEmpty else {
            throw ReferenceError(file: file, line: 3, cause: "no blocks", cure: "give a row for each thread block")
        }
        self.blocks = blocks
    }

    /// Takes a path's last part to pieces. The shape's name may contain points, the other parts not.
    private static func name(of path: String) throws(ReferenceError) -> (shape: String, order: Int, kernel: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 5, parts.suffix(2) == ["csv", "gz"], let order = Int(parts[parts.count - 4]), order >= 0 else {
            throw ReferenceError(
                file: path, line: 0, cause: "the name does not say which launch this is",
                cure: "name the file SHAPE.ORDER.KERNEL.csv.gz, such as m2.7b_s2048_c256.04.chunk_scan_fwd.csv.gz")
        }
        return (parts.dropLast(4).joined(separator: "."), order, String(parts[parts.count - 3]))
    }

    private static func grid(in header: String) -> Grid? {
        guard let open = header.range(of: "grid=[")?.upperBound, let close = header[open...].firstIndex(of: "]") else { return nil }
        let extents = header[open..<close].split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        guard extents.count == 3, extents.allSatisfy({ $0 > 0 }) else { return nil }
        return Grid(x: extents[0], y: extents[1], z: extents[2])
    }

    private static func block(in line: ArraySlice<UInt8>) -> BlockInterval? {
        var numbers = [0, 0, 0, 0, 0]
        var column = 0
        var digits = 0
        for byte in line where byte != UInt8(ascii: "\r") {
            if byte == UInt8(ascii: ",") {
                guard digits > 0, column < 4 else { return nil }
                column += 1
                digits = 0
            } else {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 18 else { return nil }
                numbers[column] = numbers[column] * 10 + Int(byte - UInt8(ascii: "0"))
                digits += 1
            }
        }
        guard column == 4, digits > 0, numbers[3] >= numbers[2] else { return nil }
        return BlockInterval(
            block: numbers[0], sm: numbers[1], startNanoseconds: Double(numbers[2]), endNanoseconds: Double(numbers[3]),
            lifetimeCycles: Double(numbers[4]))
    }
}
