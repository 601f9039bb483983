import Trace

/// The fields of a launch's line: ` - grid size x,y,z - block size x,y,z - nregs n - shmem n - ...`.
struct LaunchFields {
    private let fields: [Substring]
    private let place: FormatPlace

    init(_ text: String, place: FormatPlace) {
        var fields: [Substring] = []
        var rest = text[...]
        while let end = rest.range(of: " - ") {
            fields.append(rest[..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        fields.append(rest)
        self.fields = fields
        self.place = place
    }

    private func text(_ name: String) throws(TraceFormatError) -> Substring {
        for field in fields where field.hasPrefix(name + " ") { return field.dropFirst(name.count + 1) }
        throw .malformed(
            place, what: "the launch's \(name)", found: "missing", expected: "' - \(name) ...' on the line")
    }

    /// A number up to `limit`. Other output may follow the line's last field.
    func number(_ name: String, limit: Int) throws(TraceFormatError) -> Int {
        var text = try text(name)
        if text.endIndex == fields.last?.endIndex { text = text.prefix { $0.isASCII && $0.isNumber } }
        guard let value = Int(text), (0...limit).contains(value) else {
            throw .malformed(
                place, what: "the launch's \(name)", found: "'\(text.prefix(40))'", expected: "a number up to \(limit)")
        }
        return value
    }

    /// The block's extents.
    func blockExtents() throws(TraceFormatError) -> [Int] {
        let text = try text("block size")
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard numbers.count == 3, numbers.allSatisfy({ (1...1 << 16).contains($0) }) else {
            throw .malformed(
                place, what: "the launch's block size", found: "'\(text.prefix(40))'", expected: "x,y,z from 1 on")
        }
        return numbers
    }

    /// Three numbers from 1 to `limit`. The limit of each is CUDA's. Their product may not exceed it either, which is
    /// Weir's limit.
    func triple(_ name: String, limit: Int) throws(TraceFormatError) -> [Int] {
        let text = try text(name)
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
        var product = 1
        for number in numbers where product > 0 {
            product = (1...limit).contains(number) ? min(product * number, limit + 1) : 0
        }
        guard numbers.count != 3 || product <= limit || numbers.contains(where: { $0 > limit }) else {
            throw .malformed(
                place, what: "the launch's \(name)", found: "'\(text.prefix(40))'",
                expected: "at most \(limit) blocks, a limit of Weir's own: CUDA launches more")
        }
        guard numbers.count == 3, (1...limit).contains(product) else {
            throw .malformed(
                place, what: "the launch's \(name)", found: "'\(text.prefix(40))'",
                expected: "x,y,z from 1 on with a product up to \(limit)")
        }
        return numbers
    }
}

extension StringProtocol {
    /// The first or the last place of `text`. It does the work of Foundation's search without Foundation.
    func range(of text: String, backwards: Bool = false) -> Range<Index>? {
        guard !text.isEmpty else { return nil }
        let (bytes, pattern) = (Array(utf8), Array(text.utf8))
        guard bytes.count >= pattern.count else { return nil }
        let places = 0...(bytes.count - pattern.count)
        func matches(_ place: Int) -> Bool {
            for offset in pattern.indices where bytes[place + offset] != pattern[offset] { return false }
            return true
        }
        guard let place = backwards ? places.last(where: matches) : places.first(where: matches) else { return nil }
        let start = utf8.index(startIndex, offsetBy: place)
        return start..<utf8.index(start, offsetBy: pattern.count)
    }
}
