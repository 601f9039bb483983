extension SettingField {
    /// Checks a value that the parser has not checked, such as one that code wrote.
    func checkRange(in settings: Settings) throws(MachineError) {
        let value = access.value(in: settings)
        let numbers: [Double] =
            switch value {
            case .integer(let value): [Double(value)]
            case .real(let value): [value]
            case .integers(let values): values.map(Double.init)
            case .groups(let groups): groups.joined().map(Double.init)
            case .flag, .text: []
            }
        if let wrong = numbers.first(where: { !range.contains($0) }) {
            throw .impossible(field: name, reason: "it is \(unit.element.text(wrong))", cure: "use \(allowed)")
        }
    }
}
