import Content
import Foundation
import Machine
import Trace

/// Reads the points of `--points FILE`. The file has one JSON object per line, or is CSV whose header names parameters.
package enum SweepPointList {
    /// Greatest length of a list in bytes.
    private static let byteLimit = 256 << 20

    /// - Parameters:
    ///   - path: the file. It is CSV if the name ends in `.csv`, and otherwise JSON Lines.
    ///   - fields: the fields of the machines in use.
    /// - Throws: `SweepError.badPoints` or `ReferenceError` with file and line, `SweepError.tooManyPoints`.
    package static func read(path: String, fields: [AnyField]) throws -> [SweepPoint] {
        let rows = path.lowercased().hasSuffix(".csv") ? try csv(path) : try lines(bytes(path), path: path)
        return try points(rows, path: path, fields: fields)
    }

    /// Reads JSON Lines from memory.
    /// - Parameter name: the name of the list in errors.
    package static func read(_ bytes: [UInt8], name: String, fields: [AnyField]) throws -> [SweepPoint] {
        try points(lines(bytes, path: name), path: name, fields: fields)
    }

    /// A point as written, with the number of its line.
    private struct Row {
        let line: Int
        let values: [(name: String, value: Written)]
    }

    /// A value as written: text, or a number in base units.
    private enum Written {
        case text(String)
        case number(text: String, value: Double)
    }

    private static func points(_ rows: [Row], path: String, fields: [AnyField]) throws -> [SweepPoint] {
        guard !rows.isEmpty else {
            throw SweepError.badPoints(
                file: path, line: 1, reason: "there is no point",
                cure: "write one object a line, such as {\"batch\": 2}")
        }
        guard rows.count <= SweepPlan.limit else { throw SweepError.tooManyPoints(limit: SweepPlan.limit) }
        var lines: [String: Int] = [:]
        return try rows.map { row in
            let point = try point(row, path: path, fields: fields)
            if let first = lines.updateValue(row.line, forKey: point.identity) {
                throw SweepError.badPoints(
                    file: path, line: row.line, reason: "line \(first) has this point already",
                    cure: "keep one of the two")
            }
            return point
        }
    }

    private static func point(_ row: Row, path: String, fields: [AnyField]) throws -> SweepPoint {
        SweepPoint(
            settings: try row.values.map { name, value in
                do {
                    let parameter = try SweepParameter(named: name, fields: fields)
                    let text = text(of: value, for: parameter, fields: fields)
                    return SweepSetting(
                        parameter: parameter,
                        value: SweepValue(text: text, number: try parameter.number(of: text, fields: fields)))
                } catch let error as SweepError {
                    throw SweepError.badPoint(file: path, line: row.line, reason: error.withoutOption)
                } catch let error as MachineError {
                    throw SweepError.badPoint(file: path, line: row.line, reason: error.description)
                }
            })
    }

    /// A value as an option takes it.
    private static func text(of value: Written, for parameter: SweepParameter, fields: [AnyField]) -> String {
        switch value {
        case .text(let written): return written
        case .number(let written, let number):
            // A floating-point number would change whole numbers beyond 2^53.
            if let whole = Int(written), Int(exactly: number) != whole { return written }
            if case .field(let name) = parameter, let field = fields.first(where: { $0.name == name }) {
                return field.isNumber ? field.text(of: number) : written
            }
            return Int(exactly: number).map(String.init) ?? written
        }
    }

    private static func csv(_ path: String) throws -> [Row] {
        let table = try ReferenceTable(path: path, leastColumns: 1)
        return table.rows.map { row in
            Row(line: row.line, values: table.columns.compactMap { name in row.text(name).map { (name, .text($0)) } })
        }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        do {
            return Array(try PlainText.read(path: path, wanted: "a list of points", limit: byteLimit).utf8)
        } catch {
            throw SweepError.badPoints(file: path, line: 1, reason: error.cause, cure: error.cure)
        }
    }

    private static func lines(_ bytes: [UInt8], path: String) throws -> [Row] {
        var rows: [Row] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { !" \t\r".utf8.contains($0) }) else { continue }
            func bad(_ reason: String) -> SweepError {
                .badPoints(
                    file: path, line: index + 1, reason: reason,
                    cure: "write one object of names and values, such as {\"l2.capacity\": \"25MiB\", \"batch\": 2}")
            }
            let json: SweepJSON
            do {
                json = try SweepJSON(line)
            } catch {
                throw bad(error.description)
            }
            guard case .object(let members) = json else { throw bad("the line is no object") }
            let values = try members.map { member in
                switch member.value {
                case .text(let text): (name: member.name, value: Written.text(text))
                case .number(let text, let value): (name: member.name, value: Written.number(text: text, value: value))
                case .flag(let flag):
                    throw bad("the value of '\(member.name)' is \(flag), which is neither text nor number")
                case .null: throw bad("the value of '\(member.name)' is null, which is neither text nor number")
                case .array: throw bad("the value of '\(member.name)' is an array, which is neither text nor number")
                case .object: throw bad("the value of '\(member.name)' is an object, which is neither text nor number")
                }
            }
            rows.append(Row(line: index + 1, values: values.sorted { $0.name < $1.name }))
        }
        return rows
    }
}

extension SweepPoint {
    /// A text that is equal for points that set the same parameters to the same values, in any notation.
    fileprivate var identity: String {
        settings.map { setting in
            let value = setting.value.number.map { "number \($0)" } ?? "text \(setting.value.text)"
            return "\(setting.parameter.name)=\(value.utf8.count):\(value)"
        }.sorted().joined(separator: " ")
    }
}
