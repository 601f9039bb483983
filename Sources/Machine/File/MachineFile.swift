import Content
import Yams

/// Machine files. They are YAML that names a preset and the values that differ from it, nested (`l2: {capacity:
/// 25MiB}`) or dotted (`l2.capacity: 25MiB`).
package enum MachineFile {
    /// Longest machine file that is read, in bytes.
    package static let maximumBytes = 1 << 20
    /// Most values of a file. Each alias counts as the values that it stands for.
    package static let maximumValues = 100_000
    /// Most levels of lists and groups inside each other. No field has more than four.
    package static let maximumDepth = 100

    /// The content of a machine file: the named preset with the file's values, not yet validated, and the places of the
    /// values.
    struct Content {
        let settings: AnySettings
        let place: (String) -> SettingPlace?
    }

    /// Reads a machine file.
    /// - Throws: `MachineError.unreadable`, or what `anySettings(yaml:path:)` throws.
    static func content(atPath path: String) throws(MachineError) -> Content {
        let yaml: String
        do {
            yaml = try PlainText.read(path: path, wanted: "a machine file", limit: maximumBytes)
        } catch {
            throw .unreadable(path: path, reason: "\(error.cause); \(error.cure)")
        }
        return try content(yaml: yaml, path: path)
    }

    /// Reads the text of a machine file. The result is the named preset with the file's values, not yet validated.
    /// - Parameter path: names the text in errors.
    /// - Throws: the first error with its line and column.
    package static func anySettings(yaml: String, path: String) throws(MachineError) -> AnySettings {
        try content(yaml: yaml, path: path).settings
    }

    private static func content(yaml: String, path: String) throws(MachineError) -> Content {
        let start = SettingPlace.file(path: path, line: 1, column: 1)
        let cure = "begin with 'preset: h200' and add what differs"
        guard let root = try compose(yaml, place: { .file(path: path, line: $0, column: $1) }, start: start) else {
            throw .malformed(place: start, reason: "the file is empty", cure: cure)
        }
        guard case .mapping(let mapping) = root else {
            throw .malformed(
                place: place(of: root, path: path), reason: "this is no list of names with values", cure: cure)
        }
        var preset: AnySettings?
        for (key, value) in mapping where try name(key, path: path) == "preset" {
            preset = try self.preset(value, path: path)
        }
        switch preset {
        case .gpu(let settings):
            let overrides: MachineOverrides<MachineSettings> = try overrides(in: mapping, path: path)
            return Content(settings: .gpu(overrides.applied(to: settings)), place: overrides.place)
        case .plain(let settings):
            let overrides: MachineOverrides<PlainSettings> = try overrides(in: mapping, path: path)
            return Content(settings: .plain(overrides.applied(to: settings)), place: overrides.place)
        case nil: throw .malformed(place: start, reason: "the file names no preset", cure: cure)
        }
    }

    /// Reads the text of a GPU's machine file.
    /// - Throws: what `anySettings(yaml:path:)` throws, or `MachineError.needsGPU` for plain caches.
    package static func settings(yaml: String, path: String) throws(MachineError) -> MachineSettings {
        try anySettings(yaml: yaml, path: path).gpu(named: path)
    }

    /// The file's values for fields of one kind of machine.
    private static func overrides<Settings>(
        in mapping: Node.Mapping, path: String
    ) throws(MachineError) -> MachineOverrides<Settings> {
        let groups = SettingField<Settings>.groups
        var overrides = MachineOverrides<Settings>()
        for (key, value) in mapping {
            let name = try self.name(key, path: path)
            if name == "preset" { continue }
            if case .mapping(let group) = value, groups.contains(name) {
                for (key, value) in group {
                    let inner = try self.name(key, path: path)
                    try overrides.add(
                        name: "\(name).\(inner)", raw: try raw(value, path: path), namePlace: place(of: key, path: path)
                    )
                }
            } else if groups.contains(name) {
                throw .malformed(
                    place: place(of: key, path: path), reason: "'\(name)' is a group of fields, not a field",
                    cure: "write its fields below it, indented, or delete it")
            } else {
                try overrides.add(name: name, raw: try raw(value, path: path), namePlace: place(of: key, path: path))
            }
        }
        return overrides
    }

    /// Reads a list that is written in an option.
    static func rawList(yaml: String, place: SettingPlace) throws(MachineError) -> RawValue {
        guard let node = try compose(yaml, place: { _, _ in place }, start: place) else {
            throw .malformed(place: place, reason: "the list is empty text", cure: "write a list such as [0, 1]")
        }
        return try raw(node) { _ in place }
    }

    private static func preset(_ node: Node, path: String) throws(MachineError) -> AnySettings {
        guard case .scalar(let scalar) = node, let settings = AnySettings(preset: scalar.string) else {
            let text = try raw(node, path: path).text
            throw .unknownMachine(
                name: text, place: place(of: node, path: path), nearest: AnySettings.presetNames(nearest: text))
        }
        return settings
    }

    private static func name(_ node: Node, path: String) throws(MachineError) -> String {
        guard case .scalar(let scalar) = node else {
            throw .malformed(
                place: place(of: node, path: path), reason: "a name must be a word", cure: "write name: value")
        }
        return scalar.string
    }

    private static func raw(_ node: Node, path: String) throws(MachineError) -> RawValue {
        try raw(node) { place(of: $0, path: path) }
    }

    /// Copies a node, whose size and depth `compose` has bounded.
    private static func raw(_ node: Node, place: (Node) -> SettingPlace) throws(MachineError) -> RawValue {
        switch node {
        case .scalar(let scalar): return RawValue(content: .scalar(scalar.string), place: place(node))
        case .sequence(let sequence):
            var elements: [RawValue] = []
            for element in sequence { elements.append(try raw(element, place: place)) }
            return RawValue(content: .list(elements), place: place(node))
        case .mapping, .alias: return RawValue(content: .mapping, place: place(node))
        }
    }

    private static func place(of node: Node, path: String) -> SettingPlace {
        .file(path: path, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    /// Parses YAML of bounded size. A syntax error becomes one line with its place.
    private static func compose(
        _ yaml: String, place: (Int, Int) -> SettingPlace, start: SettingPlace
    ) throws(MachineError) -> Node? {
        if let excess = YAMLBudget.excess(in: yaml, values: maximumValues, depth: maximumDepth) {
            let reason =
                switch excess.kind {
                case .values: "with what aliases stand for there are more than \(maximumValues) values"
                case .depth: "more than \(maximumDepth) lists or groups stand within each other"
                }
            throw .malformed(place: place(excess.line, excess.column), reason: reason, cure: "no machine needs as many")
        }
        do {
            return try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw .malformed(place: place(mark.line, mark.column), reason: problem, cure: "mend the YAML there")
            case .duplicatedKeysInMapping(let names, let context):
                let list = names.map { "'\($0)'" }.joined(separator: ", ")
                throw .malformed(
                    place: place(context.mark.line, context.mark.column),
                    reason: "\(list) is written more than once in one group",
                    cure: "keep one of them")
            case .reader(let problem, _, _, _):
                throw .malformed(place: start, reason: problem, cure: "save the file as plain UTF-8 text")
            default:
                throw .malformed(place: start, reason: "this is no YAML", cure: "mend the file")
            }
        } catch {
            throw .malformed(place: start, reason: "this is no YAML", cure: "mend the file")
        }
    }
}
