import Foundation

extension FieldUnit {
    /// Why a text is no number with a unit.
    struct NumberProblem: Error {
        let reason: String
        /// Whether the text would be a number if it had a unit.
        var isUnitMissing = false
    }

    /// Reads a number with its unit and gives it in base units.
    ///
    /// Decimal prefixes move the exponent of the text before it is rounded, so `4.814TB/s` is exactly 4.814e12.
    func number(from text: String) throws(NumberProblem) -> Double {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        if trimmed.isEmpty { throw NumberProblem(reason: "it is empty") }
        if ["nan", "inf", "infinity", ".nan", ".inf"].contains(trimmed.lowercased().drop { $0 == "-" || $0 == "+" }) {
            throw NumberProblem(reason: "it is no finite number")
        }
        if self == .share, let slash = trimmed.firstIndex(of: "/") {
            let over = try number(from: String(trimmed[..<slash]))
            let under = try number(from: String(trimmed[trimmed.index(after: slash)...]))
            if under == 0 { throw NumberProblem(reason: "it divides by zero") }
            return over / under
        }
        let digits = Self.numericPrefix(of: trimmed)
        guard let plain = Double(digits) else { throw NumberProblem(reason: "it does not start with a number") }
        let name = trimmed.dropFirst(digits.count).trimmingCharacters(in: .whitespaces)
        guard let suffix = suffixes.first(where: { $0.name == name }) else {
            let known = suffixes.map(\.name).filter { !$0.isEmpty }.joined(separator: ", ")
            if name.isEmpty { throw NumberProblem(reason: "the unit is missing (\(known))", isUnitMissing: true) }
            throw NumberProblem(
                reason: known.isEmpty
                    ? "'\(name)' follows the number, which has no unit" : "'\(name)' is none of its units (\(known))")
        }
        let value = suffix.exponent == 0 ? plain : Self.shift(digits, by: suffix.exponent)
        let scaled = value * suffix.factor
        guard scaled.isFinite else { throw NumberProblem(reason: "it is too large for any number") }
        return scaled
    }

    /// Writes a number in the largest unit that keeps it short. `number(from:)` reads it back exactly.
    func text(_ value: Double) -> String {
        if value == 0, self == .bytes { return "0B" }
        var best: String?
        for suffix in suffixes where suffix.name != "%" {
            let scaled = suffix.exponent == 0 ? value / suffix.factor : Self.shift("\(value)", by: -suffix.exponent)
            let candidate = Self.plain(scaled) + suffix.name
            guard let back = try? number(from: candidate), back == value else { continue }
            if scaled >= 1, self != .bytes || scaled == scaled.rounded() { return candidate }
            if best == nil || candidate.count < best!.count { best = candidate }
        }
        return best ?? "\(value)"
    }

    /// The longest start of `text` that is a decimal number with an optional exponent.
    private static func numericPrefix(of text: String) -> String {
        var digits = ""
        var rest = Substring(text)
        func take(_ allowed: (Character) -> Bool) {
            while let next = rest.first, allowed(next) { digits.append(rest.removeFirst()) }
        }
        let isDigit: (Character) -> Bool = { $0.isASCII && $0.isNumber }
        if let sign = rest.first, sign == "-" || sign == "+" { digits.append(rest.removeFirst()) }
        take(isDigit)
        if rest.first == "." { digits.append(rest.removeFirst()); take(isDigit) }
        if let mark = rest.first, mark == "e" || mark == "E" {
            var after = rest.dropFirst()
            if let sign = after.first, sign == "-" || sign == "+" { after.removeFirst() }
            if let first = after.first, isDigit(first) {
                digits.append(contentsOf: rest[..<after.startIndex])
                rest = after
                take(isDigit)
            }
        }
        return digits
    }

    /// The decimal number `digits` times 10^`exponent`, rounded once.
    private static func shift(_ digits: String, by exponent: Int) -> Double {
        let parts = digits.split(whereSeparator: { $0 == "e" || $0 == "E" })
        let own = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let (sum, overflow) = own.addingReportingOverflow(exponent)
        return overflow ? .infinity : Double("\(parts[0])e\(sum)") ?? .infinity
    }

    /// A number in the shortest spelling. Whole numbers have no fraction.
    private static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }
}

extension FieldUnit {
    /// Reads a number of bytes with its unit, such as `25MiB`; nil unless it is a whole number of at least one byte.
    package static func byteCount(from text: String) -> Int? {
        guard let value = try? Self.bytes.number(from: text), value >= 1 else { return nil }
        return Int(exactly: value)
    }
}
