import Kernels
import Machine
import Models
import Simulator
import Suggestions

/// A parameter that a sweep can vary.
package enum SweepParameter: Equatable, Sendable {
    /// A field of the machine, by name.
    case field(String)
    /// A part of a kernel's tiling. `field` is written as in `--tiling`.
    case tiling(kernel: String, field: String)
    /// A parameter of the layer.
    case layer(LayerParameter)
    /// A size that only models have. Sizes that layers have too are `.layer`.
    case model(ModelParameter)
    case cache, machine

    /// The name that users write.
    package var name: String {
        switch self {
        case .field(let name): name
        case .tiling(let kernel, let field): "tiling.\(kernel).\(field)"
        case .layer(let parameter): parameter.name
        case .model(let parameter): parameter.name
        case .cache: "cache"
        case .machine: "machine"
        }
    }

    /// The parts of tilings, as in `--tiling`.
    package static let tilingFields = ["M", "N", "K", "H", "BLOCK", "warps", "stages"]

    /// Finds the parameter of a name.
    /// - Parameter fields: the fields of the machines in use.
    /// - Throws: `SweepError.unknownName` with the nearest names.
    package init(named name: String, fields: [AnyField]) throws(SweepError) {
        let plain: [Self] = LayerParameter.varied.map { .layer($0) } + Self.ofModels + [.cache, .machine]
        if let found = plain.first(where: { $0.name == name }) {
            self = found
        } else if fields.contains(where: { $0.name == name }) {
            self = .field(name)
        } else if name.hasPrefix("tiling.") {
            self = try Self.tiling(named: name)
        } else {
            let known = fields.map(\.name) + plain.map(\.name)
            throw .unknownName(
                name: name, nearest: Suggestion(for: name, among: known, meanings: .fields.adding(.sizes)).names)
        }
    }

    private static let ofModels: [Self] = ModelParameter.all
        .filter { size in !LayerParameter.varied.contains { $0.name == size.name } }.map { .model($0) }

    /// The size of a model that it changes; nil for what no model has.
    package var modelParameter: ModelParameter? { ModelParameter.all.first { $0.name == name } }

    private static func tiling(named name: String) throws(SweepError) -> Self {
        let kernels = Registry.kernels.filter { $0.tilings != nil }.map(\.name)
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let named = parts.count > 1 ? parts[1] : ""
        let kernel = Registry.kernel(named: named)?.name ?? named
        guard kernels.contains(kernel) else {
            let field = parts.count > 2 ? parts[2] : "M"
            let nearest = KernelNames.nearest(to: kernel, among: kernels).names
            throw .unknownName(name: name, nearest: nearest.map { "tiling.\($0).\(field)" })
        }
        guard parts.count == 3, let field = tilingFields.first(where: { $0.lowercased() == parts[2].lowercased() })
        else {
            throw .unknownName(name: name, nearest: tilingFields.map { "tiling.\(kernel).\($0)" })
        }
        return .tiling(kernel: kernel, field: field)
    }

    /// Whether the parameter can change for a recorded trace or a list of operators.
    package var variesTraces: Bool {
        switch self {
        case .field, .cache, .machine: true
        case .tiling, .layer, .model: false
        }
    }

    /// Whether it is a field of the machine. The values of fields have limits of their own.
    var isField: Bool {
        if case .field = self { true } else { false }
    }

    /// Whether values are powers of two, as block sizes and warps are.
    var isPowerOfTwo: Bool {
        if case .tiling(_, let field) = self { field != "stages" } else { false }
    }

    /// Checks a value as text.
    /// - Returns: its number in base units, if it is a number.
    /// - Throws: `SweepError.badValue`, or `MachineError` for machine fields and machines.
    func number(of text: String, fields: [AnyField]) throws -> Double? {
        func oneOf(_ names: [String]) throws {
            guard names.contains(text) else {
                throw SweepError.badValue(
                    name: name, text: text,
                    cure: "give one of \(Suggestion.ranked(names, for: text).joined(separator: ", "))")
            }
        }
        switch self {
        case .field(let name):
            return try fields.first { $0.name == name }?.number(of: text)
        case .layer(let parameter) where !parameter.isSize: try oneOf(parameter.choices)
        case .tiling, .layer, .model:
            guard let value = Int(text), value > 0 else {
                throw SweepError.badValue(name: name, text: text, cure: "give a whole number of at least 1")
            }
            return Double(value)
        case .cache: try oneOf(CacheMode.allCases.map(\.rawValue))
        case .machine: _ = try AnyMachine(named: text)
        }
        return nil
    }
}
