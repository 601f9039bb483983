/// One operator of a list, at the level of PyTorch's aten: what it is called, which tensors it reads and writes.
package struct Operator: Equatable, Sendable {
    /// The name, such as `aten::add`. A name that ends in `_` changes its first argument in place.
    package var name: String
    /// The tensors that it reads, in the order of its arguments. Lists of tensors follow tensor by tensor.
    package var inputs: [OperatorTensor]
    /// The tensors that it writes.
    package var outputs: [OperatorTensor]
    /// Arguments that are no tensors, by name.
    package var attributes: [String: AttributeValue]
    /// The part of the model that it belongs to; empty if it is not known.
    package var layer: String
    package var pass: OperatorPass
    /// Its line in the file, from 1; 0 without a file.
    package var line = 0

    package init(
        _ name: String, inputs: [OperatorTensor], outputs: [OperatorTensor],
        attributes: [String: AttributeValue] = [:], layer: String = "", pass: OperatorPass = .forward
    ) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.layer = layer
        self.pass = pass
    }

    /// The name without `aten::`, and without the mark of an operator in place.
    package var base: String {
        let own = name.hasPrefix("aten::") ? name.dropFirst(6) : name[...]
        return String(own.hasSuffix("_") ? own.dropLast() : own)
    }

    /// The bytes of all tensors that it reads, and of those that it writes.
    package var readBytes: Int { inputs.reduce(0) { $0 + $1.bytes } }
    package var writtenBytes: Int { outputs.reduce(0) { $0 + $1.bytes } }

    /// The whole numbers that an attribute lists; one stands for a list of one. Nil without the attribute.
    func integers(_ attribute: String) throws(OperatorDefect) -> [Int]? {
        guard case .list(let values) = attributes[attribute] else { return try integer(attribute).map { [$0] } }
        var integers: [Int] = []
        for value in values {
            guard case .integer(let integer) = value else {
                throw OperatorDefect(
                    "'\(attribute)' of \(name) lists no whole numbers", cure: "give some, or leave it out")
            }
            integers.append(integer)
        }
        return integers
    }

    /// Whether an attribute is true; nil without the attribute.
    func flag(_ attribute: String) throws(OperatorDefect) -> Bool? {
        switch attributes[attribute] {
        case nil: return nil
        case .flag(let value): return value
        default:
            throw OperatorDefect(
                "'\(attribute)' of \(name) is neither true nor false", cure: "give one of both, or leave it out")
        }
    }

    /// The whole number that an attribute has; nil without the attribute.
    func integer(_ attribute: String) throws(OperatorDefect) -> Int? {
        switch attributes[attribute] {
        case nil: return nil
        case .integer(let value): return value
        default:
            throw OperatorDefect("'\(attribute)' of \(name) is no whole number", cure: "give one, or leave it out")
        }
    }
}

extension Operator: Codable {
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "operator", known: ["op", "inputs", "outputs", "attributes", "layer", "pass"])
        let pass: String = try fields.optional("pass") ?? OperatorPass.forward.rawValue
        guard let pass = OperatorPass(rawValue: pass) else {
            throw OperatorDefect(
                "the pass is '\(pass)'",
                cure: "give one of \(OperatorPass.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.init(
            try fields.required("op"), inputs: try fields.optional("inputs") ?? [],
            outputs: try fields.optional("outputs") ?? [], attributes: try fields.optional("attributes") ?? [:],
            layer: try fields.optional("layer") ?? "", pass: pass)
        guard !name.isEmpty else { throw OperatorDefect("'op' is empty", cure: "name the operator") }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: FieldName.self)
        try fields.encode(name, forKey: "op")
        try fields.encode(pass.rawValue, forKey: "pass")
        if !layer.isEmpty { try fields.encode(layer, forKey: "layer") }
        if !inputs.isEmpty { try fields.encode(inputs, forKey: "inputs") }
        if !outputs.isEmpty { try fields.encode(outputs, forKey: "outputs") }
        if !attributes.isEmpty { try fields.encode(attributes, forKey: "attributes") }
    }
}
