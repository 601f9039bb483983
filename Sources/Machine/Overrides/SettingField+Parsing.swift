extension SettingField {
    /// Reads a written value as this field's.
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
            guard !text.isEmpty, text.count <= 200, text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
                throw bad(raw, "it is empty, longer than 200 characters, or holds control characters")
            }
            return .text(text)
        case .choice:
            let name = try scalar(raw)
            let choices = access.choices
            guard choices.contains(name) else {
                throw .badValue(
                    field: self.name, text: name, place: raw.place, reason: "it is none of its names",
                    expected: NearestNames.sorted(choices, to: name).joined(separator: ", "))
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
        do { value = try unit.element.number(from: text) } catch { throw bad(raw, error.reason) }
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

    private func bad(_ raw: RawValue, _ reason: String) -> MachineError {
        .badValue(field: name, text: raw.text, place: raw.place, reason: reason, expected: unit.example)
    }
}
