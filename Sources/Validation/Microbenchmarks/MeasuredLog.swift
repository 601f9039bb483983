import Content
import Foundation

/// The lines of latency_bandwidth_launch.txt: a kind, then fields such as `grid 16` or `4.672 us`, between commas.
package struct MeasuredLog: Sendable {
    /// One line with its number.
    package struct Line: Sendable {
        let file: String
        let number: Int
        let fields: [String]

        /// The number that follows `name` in the field that begins with it, such as 16 in `grid 16`. With `label` it is
        /// the number after the label, such as 710 in `turnaround p10 360 p50 710`.
        /// - Throws: `ReferenceError` if there is none.
        func number(_ name: String, _ label: String? = nil) throws(ReferenceError) -> Double {
            for field in fields {
                let words = field.split(separator: " ")
                guard words.first == name[...] else { continue }
                let at = label.map { wanted in words.firstIndex { $0 == wanted[...] } } ?? 0
                if let at, at + 1 < words.count, let value = Double(words[at + 1]), abs(value) <= ReferenceRow.largest {
                    return value
                }
            }
            throw missing("\(name)\(label.map { " \($0)" } ?? "")")
        }

        /// The number before `unit`, such as 4.672 in `4.672 us`.
        /// - Throws: `ReferenceError` if there is none.
        func value(in unit: String) throws(ReferenceError) -> Double {
            for field in fields {
                let words = field.split(separator: " ")
                if words.count == 2, words[1] == unit[...], let value = Double(words[0]),
                    abs(value) <= ReferenceRow.largest
                {
                    return value
                }
            }
            throw missing("a value in \(unit)")
        }

        /// A whole number such as a count of blocks.
        func count(_ name: String, in range: ClosedRange<Int> = 1...1 << 20) throws(ReferenceError) -> Int {
            let value = try number(name)
            guard let count = Int(exactly: value), range.contains(count) else {
                throw missing("\(name) from \(range.lowerBound) to \(range.upperBound), but \(value)")
            }
            return count
        }

        func missing(_ what: String) -> ReferenceError {
            ReferenceError(
                file: file, line: number, cause: "no \(what)", cure: "restore the line as docs/validation has it")
        }
    }

    private let lines: [Line]

    /// Splits `text`. Lines without commas are left out.
    package init(text: String, name: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            let fields = line.split(separator: ",").map(String.init)
            return fields.count < 2 ? nil : Line(file: name, number: index + 1, fields: fields)
        }
    }

    /// The lines whose first field is `kind`.
    package func lines(_ kind: String) -> [Line] { lines.filter { $0.fields[0] == kind } }
}
