/// Numbers of launches, from 1 on: `3`, `3..10`, `3..` or `..10`.
package struct LaunchRange: Equatable, Sendable {
    package let first: Int
    /// Nil: to the last launch.
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

    func contains(_ number: Int) -> Bool { number >= first && number <= last ?? .max }

    /// As it is spelled.
    package var description: String {
        guard let last else { return "\(first).." }
        return first == last ? "\(first)" : "\(first)..\(last)"
    }
}
