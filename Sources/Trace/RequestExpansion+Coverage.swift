/// Bytes that one request touches in one row, from `start` up to `end`. Where the range wraps round the end of the
/// address space, `end` is not above `start`.
struct ByteRange {
    var start: UInt64
    var end: UInt64

    /// Whether the range has the byte at 2^64 - 1, as its last byte or with others after it.
    var wraps: Bool { end <= start }
}

extension RequestExpander {
    /// Records the number of distinct bytes of the request in `covered`, before its ranges are joined.
    mutating func appendCoverage(copies: Int) {
        guard !covered.isEmpty else { return }
        let bytes = covered.reduce(0) { $0 &+ ($1.end &- $1.start) }
        let isPlain = coveredAscends && !covered.contains(where: \.wraps)
        appendCoverage(isPlain ? bytes : distinctBytes(of: covered), copies: copies)
    }

    /// Records the number of distinct bytes of a request with `rows` rows of `bytes` bytes that lie `pitch` apart. They
    /// overlap only where they wrap round the address space.
    mutating func appendCoverage(address: UInt64, rows: Int, bytes: Int, pitch: Int64, copies: Int) {
        let extent = UInt64(rows).multipliedReportingOverflow(by: pitch.magnitude)
        guard rows > 1, extent.overflow else { return appendCoverage(UInt64(rows * bytes), copies: copies) }
        let ranges = (0..<rows).map { row in
            let start = address &+ UInt64(bitPattern: Int64(row) &* pitch)
            return ByteRange(start: start, end: start &+ UInt64(bytes))
        }
        appendCoverage(distinctBytes(of: ranges), copies: copies)
    }

    private mutating func appendCoverage(_ bytes: UInt64, copies: Int) {
        for _ in 0..<copies { coveredBytes.append(bytes) }
    }

    /// How many bytes lie in at least one of `ranges`.
    private mutating func distinctBytes(of ranges: [ByteRange]) -> UInt64 {
        // Ranges that wrap are cut at 2^64. Ends are last bytes here, because 2^64 itself is no address.
        coverageParts.removeAll(keepingCapacity: true)
        for range in ranges {
            let last = range.end &- 1
            coverageParts.append(ByteRange(start: range.start, end: last < range.start ? .max : last))
            if last < range.start { coverageParts.append(ByteRange(start: 0, end: last)) }
        }
        coverageParts.sort { $0.start < $1.start }
        var bytes: UInt64 = 0
        var reached: UInt64?
        for part in coverageParts {
            if let known = reached, part.start <= known {
                guard part.end > known else { continue }
                bytes &+= part.end &- known
            } else {
                bytes &+= part.end &- part.start &+ 1
            }
            reached = part.end
        }
        return bytes
    }
}
