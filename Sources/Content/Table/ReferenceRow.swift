import Suggestions

/// One row of a measured table.
package struct ReferenceRow: Sendable {
    /// Largest measured value that is accepted. Counts, bytes, nanoseconds and cycles stay far below it.
    package static let largest = 1e18

    package let file: String
    package let line: Int
    let positions: [String: Int]
    let fields: [String]

    /// The columns of measured values, in the table's order. The ends of their names tell them.
    package var measuredColumns: [String] {
        positions.filter { column in Self.quantities.contains { column.key.hasSuffix($0) } }
            .sorted { $0.value < $1.value }.map(\.key)
    }

    private static let quantities = [
        "_ns", "cycles", "_sectors", "_requests", "_pct", "_bytes", "_inst", "_instructions", "_ops", "_active",
    ]

    /// The value of `column`, or nil if the table has no such column or the value is empty.
    package func text(_ column: String) -> String? {
        guard let position = positions[column], !fields[position].isEmpty else { return nil }
        return fields[position]
    }

    /// The number in `column`, from 0 to `largest`, or nil if the table has no such column or the value is empty.
    /// - Throws: `ReferenceError` for any other value.
    package func number(_ column: String) throws(ReferenceError) -> Double? {
        guard let value = text(column) else { return nil }
        guard let number = Double(value), number >= 0, number <= Self.largest, value.allSatisfy(Self.isDecimal) else {
            throw wrong(column, value, expected: "a number from 0 to 1e18")
        }
        return number
    }

    /// The text in `column`.
    /// - Throws: `ReferenceError` if it is missing.
    package func required(_ column: String) throws(ReferenceError) -> String {
        guard let value = text(column) else {
            guard positions[column] == nil else {
                throw ReferenceError(file: file, line: line, cause: "'\(column)' is empty", cure: "give it a value")
            }
            let names = positions.sorted { $0.value < $1.value }.map(\.key)
            let nearest = Suggestion(for: column, among: names, meanings: .columns, most: 3).nearest(quote: "'")
            throw ReferenceError(
                file: file, line: line, cause: "no value for '\(column)'",
                cure: "add the column" + (nearest.map { "; \($0)" } ?? ""))
        }
        return value
    }

    /// The number in `column`.
    /// - Throws: `ReferenceError` if it is missing or not a number from 0 to `largest`.
    package func requiredNumber(_ column: String) throws(ReferenceError) -> Double {
        _ = try required(column)
        return try number(column) ?? 0
    }

    /// The whole number from 1 to `most` in `column`.
    /// - Throws: `ReferenceError` if it is missing or anything else.
    package func requiredCount(_ column: String, most: Int = 1 << 24) throws(ReferenceError) -> Int {
        let value = try required(column)
        guard let number = Int(value), number > 0, number <= most else {
            throw wrong(column, value, expected: "a whole number from 1 to \(most)")
        }
        return number
    }

    /// The whole number from 0 to 2^31 in `column`; nil if there is none. A fraction of zeros is accepted.
    /// - Throws: `ReferenceError` for any other value.
    package func order(_ column: String = "order") throws(ReferenceError) -> Int? {
        guard let value = text(column) else { return nil }
        guard let number = Double(value), let order = Int(exactly: number), (0...1 << 31).contains(order) else {
            throw wrong(column, value, expected: "a whole number from 0 to 2147483648")
        }
        return order
    }

    /// The truth of `column`: 1 or 0, or true or false. It is false if the value is missing.
    /// - Throws: `ReferenceError` for any other value.
    package func flag(_ column: String) throws(ReferenceError) -> Bool {
        guard let value = text(column) else { return false }
        switch value.lowercased() {
        case "1", "1.0", "true": return true
        case "0", "0.0", "false": return false
        default: throw wrong(column, value, expected: "1 or 0")
        }
    }

    /// Runs `body`. An error that names no place gets the place of this row.
    package func place<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ReferenceError {
            throw error
        } catch {
            throw ReferenceError(file: file, line: line, message: "\(error)")
        }
    }

    private func wrong(_ column: String, _ value: String, expected: String) -> ReferenceError {
        ReferenceError(file: file, line: line, cause: "'\(column)' is '\(value)'", cure: "give \(expected)")
    }

    private static func isDecimal(_ character: Character) -> Bool {
        character.isASCII && character.isNumber || "+-.eE".contains(character)
    }
}
