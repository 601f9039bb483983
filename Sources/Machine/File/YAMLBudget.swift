import CYaml

/// How large a YAML document becomes once its aliases are replaced by what they name. It is computed without expanding
/// them.
///
/// Yams composes an alias as a reference, which costs nothing. But it looks at whole values wherever it compares or
/// hashes them, as it does with the keys of every mapping. A few hundred bytes of anchors that name each other would
/// take it practically for ever. This type reads the same events before Yams composes them, each once.
enum YAMLBudget {
    /// What exceeds the budget, and where the document does so.
    struct Excess: Equatable {
        enum Kind { case values, depth }

        let kind: Kind
        /// The line, from 1.
        let line: Int
        let column: Int
    }

    /// A value that has not ended yet, or a value with an anchor.
    private struct Size {
        /// Scalars, lists and mappings in it, including itself, with aliases expanded.
        var values = 1
        /// Levels in it, including its own.
        var levels = 1
        var anchor: String?
    }

    /// Looks at the first document of `yaml`.
    /// - Parameters:
    ///   - values: scalars, lists and mappings that the document may have.
    ///   - depth: levels that it may have.
    /// - Returns: nil where the document keeps to both limits. Nil also where it is no YAML, because Yams gives the
    ///   better error.
    static func excess(in yaml: String, values: Int, depth: Int) -> Excess? {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { return nil }
        defer { yaml_parser_delete(&parser) }
        var text = yaml
        return text.withUTF8 { bytes in
            yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
            return excess(of: &parser, values: values, depth: depth)
        }
    }

    private static func excess(of parser: inout yaml_parser_t, values: Int, depth: Int) -> Excess? {
        var anchors: [String: Size] = [:]
        var open: [Size] = []
        var total = 0
        /// Adds a finished value to the value around it.
        func close(_ size: Size) {
            if let anchor = size.anchor { anchors[anchor] = size }
            guard let last = open.indices.last else { return }
            // Each is at most `values`, so their sum cannot overflow.
            open[last].values += size.values
            open[last].levels = max(open[last].levels, size.levels + 1)
        }
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
            defer { yaml_event_delete(&event) }
            var added = 1
            var levels = 1
            switch event.type {
            case YAML_SCALAR_EVENT:
                close(Size(anchor: name(event.data.scalar.anchor)))
            case YAML_ALIAS_EVENT:
                guard let anchor = name(event.data.alias.anchor), let size = anchors[anchor] else { return nil }
                close(Size(values: size.values, levels: size.levels))
                (added, levels) = (size.values, size.levels)
            case YAML_SEQUENCE_START_EVENT: open.append(Size(anchor: name(event.data.sequence_start.anchor)))
            case YAML_MAPPING_START_EVENT: open.append(Size(anchor: name(event.data.mapping_start.anchor)))
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
                guard let size = open.popLast() else { return nil }
                close(size)
                added = 0
            case YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT: return nil
            default: added = 0
            }
            total += added
            let kind: Excess.Kind? = open.count + levels > depth + 1 ? .depth : total > values ? .values : nil
            if let kind {
                return Excess(
                    kind: kind, line: Int(clamping: event.start_mark.line) + 1,
                    column: Int(clamping: event.start_mark.column) + 1)
            }
        }
    }

    private static func name(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? { text.map { String(cString: $0) } }
}
