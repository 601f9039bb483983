import Suggestions

extension SettingField {
    /// Reads a written value as a value of this field.
    /// - Throws: `MachineError.badValue` for another kind or unit, `.outOfRange` for a number outside `range`.
    func parse(_ raw: RawValue) throws(MachineError) -> FieldValue {
        switch unit {
        case .flag:
            switch try scalar(raw) {
            case "true": return .flag(true)
            case "false": return .flag(false)
            default: throw bad(raw, "it is neither true nor false")
            }
        case .text:
            let text = try scalar(raw)
            guard !text.isEmpty, text.count <= 200,
                text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
            else {
                throw bad(raw, "it is empty, longer than 200 characters, or holds control characters")
            }
            return .text(text)
        case .choice:
            let name = try scalar(raw)
            let choices = access.choices
            guard choices.contains(name) else {
                throw .badValue(
                    field: self.name, text: name, place: raw.place, reason: "it is none of its names",
                    expected: Suggestion.ranked(choices, for: name).joined(separator: ", "))
            }
            return .text(name)
        case .ids, .byteList:
            return .integers(try integers(raw))
        case .idGroups:
            guard case .list(let elements) = raw.content else { throw bad(raw, "it is no list") }
            var groups: [[Int]] = []
            for element in elements { groups.append(try integers(element)) }
            return .groups(groups)
        default:
            let number = try number(raw)
            guard case .integer = access else { return .real(number) }
            return .integer(try whole(number, raw))
        }
    }

    private func integers(_ raw: RawValue) throws(MachineError) -> [Int] {
        guard case .list(let elements) = raw.content else { throw bad(raw, "it is no list") }
        var values: [Int] = []
        for element in elements { values.append(try whole(try number(element), element)) }
        return values
    }

    private func number(_ raw: RawValue) throws(MachineError) -> Double {
        let text = try scalar(raw)
        let value: Double
        do {
            value = try unit.element.number(from: text)
        } catch {
            throw bad(raw, error.reason, expected: error.isUnitMissing ? probableText(text) : nil)
        }
        if unit == .bytes, value > 0, Double(text) != nil, let usual, value <= usual / 1024,
            let meant = probableText(text)
        {
            throw bad(raw, "the unit is missing", expected: "\(meant), or \(text)B for so few bytes")
        }
        guard range.contains(value) else {
            throw .outOfRange(field: name, text: text, place: raw.place, allowed: allowed)
        }
        return value
    }

    private func whole(_ value: Double, _ raw: RawValue) throws(MachineError) -> Int {
        guard value == value.rounded(), let whole = Int(exactly: value) else {
            throw bad(raw, "it is no whole number of \(unit.element == .count ? "things" : unit.element.rawValue)")
        }
        return whole
    }

    private func scalar(_ raw: RawValue) throws(MachineError) -> String {
        guard case .scalar(let text) = raw.content else { throw bad(raw, "it is no single value") }
        return text
    }

    private func bad(_ raw: RawValue, _ reason: String, expected: String? = nil) -> MachineError {
        .badValue(field: name, text: raw.text, place: raw.place, reason: reason, expected: expected ?? unit.example)
    }

    /// The first preset's value, if it is one number above 0.
    private var usual: Double? {
        guard let settings = Settings.Preset.allCases.first?.settings else { return nil }
        switch access.value(in: settings) {
        case .integer(let value): return value > 0 ? Double(value) : nil
        case .real(let value): return value > 0 ? value : nil
        case .flag, .text, .integers, .groups: return nil
        }
    }

    /// Gives a number without unit the unit that was probably meant. This is the first unit whose value is legal and
    /// close to the first preset's, or else the legal one nearest to it.
    private func probableText(_ digits: String) -> String? {
        guard let usual else { return nil }
        let texts = unit.suffixes.lazy.filter { !$0.name.isEmpty && $0.name != "%" }.map { digits + $0.name }
        let possible = texts.compactMap { text -> (text: String, value: Double)? in
            guard let value = try? unit.number(from: text), range.contains(value) else { return nil }
            return (text, value)
        }
        func ratio(_ value: Double) -> Double { max(value / usual, usual / value) }
        return (possible.first { ratio($0.value) <= 32 } ?? possible.min { ratio($0.value) < ratio($1.value) })?.text
    }
}
