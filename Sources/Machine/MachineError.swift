import Content

/// Everything that can be wrong with a machine, one line each: the place, the cause, the cure.
package enum MachineError: UserError, Equatable, Sendable {
    /// No preset has this name. `nearest` holds the known names, nearest first.
    case unknownMachine(name: String, place: SettingPlace?, nearest: [String])
    /// No field has this name.
    case unknownField(name: String, place: SettingPlace, nearest: [String])
    /// The text is no value of the field's kind.
    case badValue(field: String, text: String, place: SettingPlace, reason: String, expected: String)
    /// The value is of the right kind, but outside the field's range.
    case outOfRange(field: String, text: String, place: SettingPlace, allowed: String)
    /// The same field is set twice in one file or by two options.
    case duplicate(field: String, place: SettingPlace, first: SettingPlace)
    /// The text around a value does not have the form of a machine file or an option.
    case malformed(place: SettingPlace, reason: String, cure: String)
    /// Each value is legal alone, but together they describe no machine.
    case impossible(field: String, reason: String, cure: String)
    /// The machine file cannot be read.
    case unreadable(path: String, reason: String)
    /// Not even one block of the launch fits an SM.
    case blockDoesNotFit(resource: OccupancyLimit, needed: Int, available: Int)
    /// Not even one warp of the launch has its registers.
    case registersDoNotFit(needed: Int, available: Int, field: String)
    /// The machine has plain caches, but only a GPU will do.
    case needsGPU(machine: String, what: String)
    /// A launch asks for no threads, or for negative registers or shared memory.
    case badLaunch(what: String, value: Int)

    /// The field that an error about contradicting values names; empty for other errors.
    var field: String {
        if case .impossible(let field, _, _) = self { field } else { "" }
    }

    /// A quoted file may hold control characters. They are printed as escapes.
    package var description: String { text.asMessage }

    private var text: String {
        switch self {
        case .unknownMachine(let name, let place, let nearest):
            "\(Self.prefix(place))no machine is called '\(name)'; known are \(Self.list(nearest)), or give a machine file's path"
        case .unknownField(let name, let place, let nearest):
            "\(place): no field is called '\(name)'; "
                + (nearest.isEmpty
                    ? "weir machines with the machine's name lists its fields"
                    : "nearest \(nearest.count == 1 ? "is" : "are") \(Self.list(nearest))")
        case .badValue(let field, let text, let place, let reason, let expected):
            "\(place): \(field) cannot be '\(text)': \(reason); write \(expected)"
        case .outOfRange(let field, let text, let place, let allowed):
            "\(place): \(field) cannot be '\(text)': it must be \(allowed)"
        case .duplicate(let field, let place, let first):
            "\(place): \(field) was already set at \(first); keep one of the two"
        case .malformed(let place, let reason, let cure):
            "\(place): \(reason); \(cure)"
        case .impossible(let field, let reason, let cure):
            "\(field): \(reason); \(cure)"
        case .unreadable(let path, let reason):
            "\(path): cannot read the machine file: \(reason)"
        case .blockDoesNotFit(let resource, let needed, let available):
            "one block needs \(needed) \(resource.unit), but an SM offers it \(available); use a smaller block or another machine"
        case .registersDoNotFit(let needed, let available, let field):
            "one warp needs \(needed) registers, but \(field) leaves it \(available); give the threads fewer registers, or the machine more"
        case .needsGPU(let machine, let what):
            "\(what) needs a GPU, and '\(machine)' is one core with plain caches and no clock; choose a GPU, such as --machine h200"
        case .badLaunch(let what, let value):
            "a launch cannot have \(value) \(what); check the trace's header"
        }
    }

    package var isUsage: Bool {
        switch self {
        case .needsGPU: true
        case .unknownMachine(_, let place, _): place == nil
        case .unknownField(_, let place, _), .badValue(_, _, let place, _, _), .outOfRange(_, _, let place, _):
            !place.isInFile
        case .duplicate(_, .option, _), .malformed(.option, _, _): true
        case .duplicate, .malformed, .impossible, .unreadable, .blockDoesNotFit, .registersDoNotFit, .badLaunch: false
        }
    }

    private static func prefix(_ place: SettingPlace?) -> String { place.map { "\($0): " } ?? "" }

    private static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
