import Foundation
import Machine

/// One `--vary NAME=VALUES`: a parameter and the values that it takes.
package struct SweepAxis: Equatable, Sendable {
    package let parameter: SweepParameter
    /// The values. There is at least one, and none appears twice.
    package let values: [SweepValue]

    /// Reads `NAME=VALUES`, where VALUES is a comma list or a range.
    ///
    /// A range is `FIRST..LAST:COUNT`, evenly spaced, or `FIRST..LAST:COUNTx`, where each value is the same multiple of
    /// the one before. Both ends belong to it. Its values are rounded to what the parameter takes: capacities of caches
    /// to whole sets, block sizes and warps of tilings to powers of two, other whole numbers to the nearest. Values
    /// that become equal appear once.
    /// - Parameters:
    ///   - fields: the fields of the machines in use.
    ///   - machine: the first of them. Capacities are rounded to its sets.
    /// - Throws: `SweepError`, or `MachineError` for a value that a field does not take.
    package init(_ text: String, fields: [AnyField], machine: AnyMachine?) throws {
        guard let equals = text.firstIndex(of: "=") else {
            throw SweepError.malformed(
                text: text, reason: "there is no '='", cure: "write NAME=VALUES, such as l2.capacity=25MiB,50MiB")
        }
        let name = text[..<equals].trimmingCharacters(in: .whitespaces)
        let list = text[text.index(after: equals)...].trimmingCharacters(in: .whitespaces)
        let parameter = try SweepParameter(named: name, fields: fields)
        self.parameter = parameter
        var values: [SweepValue] = []
        for part in Self.parts(of: list) {
            if parameter != .machine, let dots = part.range(of: "..") {
                let range = try SweepRange(part, dots: dots, parameter: parameter, fields: fields)
                guard values.count + range.count <= SweepPlan.limit else {
                    throw SweepError.tooManyPoints(limit: SweepPlan.limit)
                }
                values += range.values(parameter: parameter, fields: fields, machine: machine)
            } else {
                values.append(SweepValue(text: part, number: try parameter.number(of: part, fields: fields)))
            }
        }
        guard !values.isEmpty else {
            throw SweepError.malformed(
                text: text, reason: "there is no value", cure: "write a list A,B,C or a range FIRST..LAST:COUNT")
        }
        var seen: Set<String> = []
        self.values = values.filter { seen.insert($0.text).inserted }
    }

    /// The parts between commas outside brackets, without spaces around them. An empty text has none.
    private static func parts(of list: String) -> [String] {
        guard !list.isEmpty else { return [] }
        var parts = [""]
        var depth = 0
        for character in list {
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
