import Content
import Foundation
import Machine

/// Reads the points of `--points FILE`: one JSON object a line, or CSV whose header names parameters.
package enum SweepPointList {
    /// - Parameters:
    ///   - path: CSV where it ends in `.csv`, else JSON Lines.
    ///   - fields: those of the machines in use.
    /// - Throws: `SweepError` or `ReferenceError` with file and line; `SweepError` or `MachineError` for names and values.
    package static func read(path: String, fields: [AnyField]) throws -> [SweepPoint] {
        let rows = path.lowercased().hasSuffix(".csv") ? try csv(path) : try lines(path)
        guard !rows.isEmpty else {
            throw SweepError.badPoints(
                file: path, line: 1, reason: "there is no point", cure: "write one object a line, such as {\"batch\": 2}")
        }
        guard rows.count <= SweepPlan.limit else { throw SweepError.tooManyPoints(limit: SweepPlan.limit) }
        return try rows.map { try point($0, fields: fields) }
    }

    /// A value as written: text, or a number in base units.
    private enum Written {
        case text(String)
        case number(Double)
    }

    private static func point(_ row: [(name: String, value: Written)], fields: [AnyField]) throws -> SweepPoint {
        SweepPoint(
            settings: try row.map { name, value in
                let parameter = try SweepParameter(named: name, fields: fields)
                let text: String
                switch value {
                case .text(let written): text = written
                case .number(let number):
                    let field = if case .field(let name) = parameter { fields.first { $0.name == name } } else { AnyField?.none }
                    text = field.map { $0.isNumber ? $0.text(of: number) : "\(number)" }
                        ?? Int(exactly: number).map(String.init) ?? "\(number)"
                }
                return SweepSetting(
                    parameter: parameter, value: SweepValue(text: text, number: try parameter.number(of: text, fields: fields)))
            })
    }

    private static func csv(_ path: String) throws -> [[(name: String, value: Written)]] {
        let table = try ReferenceTable(path: path)
        return table.rows.map { row in table.columns.compactMap { name in row.text(name).map { (name, .text($0)) } } }
    }

    private static func lines(_ path: String) throws -> [[(name: String, value: Written)]] {
        let text: String
        do {
            text = try PlainText.read(path: path, wanted: "a list of points")
        } catch {
            throw SweepError.badPoints(file: path, line: 1, reason: error.cause, cure: error.cure)
        }
        var rows: [[(name: String, value: Written)]] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            func bad(_ reason: String) -> SweepError {
                .badPoints(
                    file: path, line: index + 1, reason: reason,
                    cure: "write one object of names and values, such as {\"l2.capacity\": \"25MiB\", \"batch\": 2}")
            }
            guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                throw bad("the line is no JSON object")
            }
            rows.append(
                try object.keys.sorted().map { name in
                    switch object[name] {
                    case let text as String: return (name, .text(text))
                    case let number as NSNumber: return (name, .number(number.doubleValue))
                    default: throw bad("the value of '\(name)' is neither text nor number")
                    }
                })
        }
        return rows
    }
}
