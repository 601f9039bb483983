import CZlib

/// The checksum of a line of results. It is the line's last member: the CRC-32 (zlib's) of all bytes before
/// `,"checksum":"`.
package enum SweepChecksum {
    private static let start = Array(",\"checksum\":\"".utf8)
    private static let end = Array("\"}".utf8)
    private static let digits = 8

    /// Bytes that the checksum takes in a line.
    private static var byteCount: Int { start.count + digits + end.count }

    /// A line with its checksum.
    /// - Parameter line: an object with at least one member, without line end and checksum.
    package static func sealed(_ line: String) -> [UInt8] {
        let body = Array(line.utf8.dropLast())
        return body + start + text(of: body) + end
    }

    /// Whether a line agrees with its checksum; nil if it does not end with one.
    static func agrees(_ line: some RandomAccessCollection<UInt8>) -> Bool? {
        guard line.count > byteCount else { return nil }
        let body = line.dropLast(byteCount)
        let seal = Array(line.suffix(byteCount))
        guard seal.starts(with: start), seal.suffix(end.count) == end[...] else { return nil }
        return seal[start.count..<start.count + digits].elementsEqual(text(of: Array(body)))
    }

    private static func text(of bytes: [UInt8]) -> [UInt8] {
        let value = bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
        let text = String(UInt32(truncatingIfNeeded: value), radix: 16)
        return Array((String(repeating: "0", count: digits - text.utf8.count) + text).utf8)
    }
}
