/// Numbers of launches, from 1 on: `3`, `3..10`, `3..` or `..10`.
package struct LaunchRange: Equatable, Sendable {
    package let first: Int
    /// Nil means up to the last launch.
    package let last: Int?

    /// Nil for a text of another form, for a 0, and for a range that ends before it begins.
    package init?(_ text: String) {
        func number(_ text: Substring) -> Int? {
            guard text.utf8.allSatisfy(\.isDigit), let value = Int(text), value >= 1 else { return nil }
            return value
        }
        guard let dots = text.range(of: "..") else {
            guard let value = number(text[...]) else { return nil }
            (first, last) = (value, value)
            return
        }
        let (start, end) = (text[..<dots.lowerBound], text[dots.upperBound...])
        guard !(start.isEmpty && end.isEmpty) else { return nil }
        guard let first = start.isEmpty ? 1 : number(start) else { return nil }
        let last = number(end)
        guard end.isEmpty || last != nil, last ?? first >= first else { return nil }
        self.first = first
        self.last = last
    }

    /// Why a text is no range, and what to write instead.
    package static func fault(in text: String) -> String {
        if text.contains(",") { return "give --launch once for each of several numbers or ranges" }
        if text.utf8.allSatisfy({ $0 == 46 }) { return "write 3, 3..10, 3.. or ..10" }
        let ends = text.split(separator: ".", omittingEmptySubsequences: true)
        guard text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || $0.isDigit }) else {
            return text.dropFirst().contains("-")
                ? "a range has two dots, as in 3..5" : "write numbers in digits: 3, 3..10, 3.. or ..10"
        }
        guard text.range(of: "..") != nil || ends.count < 2, ends.count <= 2, text.range(of: "...") == nil else {
            return "a range has one pair of dots, as in 3..5"
        }
        guard ends.allSatisfy({ Int($0) != nil }) else { return "that is beyond \(Int.max)" }
        if ends.contains(where: { Int($0) == 0 }) { return "launches are numbered from 1 on" }
        if ends.count == 2 { return "the range ends before it begins; write \(ends[1])..\(ends[0])" }
        return "write 3, 3..10, 3.. or ..10"
    }

    func contains(_ number: Int) -> Bool { number >= first && number <= last ?? .max }

    /// The range in its spelling above.
    package var description: String {
        guard let last else { return "\(first).." }
        return first == last ? "\(first)" : "\(first)..\(last)"
    }
}
