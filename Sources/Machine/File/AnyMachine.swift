import Foundation
import Suggestions

/// A validated machine of either kind.
package enum AnyMachine: Equatable, Sendable {
    case gpu(MachineDescription)
    /// One core behind plain caches.
    case plain(PlainMachine)

    /// The machine that a command names: a preset or a machine file, changed by `--set` options.
    /// - Parameters:
    ///   - name: a preset's name such as `h200`, or a path. A path has a slash, ends in `.yaml` or `.yml`, or exists.
    ///   - options: texts such as `l2.capacity=25MiB`.
    /// - Throws: the first thing that is wrong.
    package init(named name: String, options: [String] = []) throws(MachineError) {
        let settings: AnySettings
        var content: MachineFile.Content?
        if let preset = AnySettings(preset: name.lowercased()) {
            settings = preset
        } else if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
            || FileManager.default.fileExists(atPath: name)
        {
            let file = try MachineFile.content(atPath: name)
            settings = file.settings
            content = file
        } else {
            throw .unknownMachine(name: name, place: nil, nearest: AnySettings.presetNames(nearest: name))
        }
        switch settings {
        case .gpu(let settings):
            let overrides = try MachineOverrides<MachineSettings>(options: options)
            let applied = overrides.applied(to: settings)
            if let error = Self.contradiction(applied.validate) {
                throw Self.placed(error, isOption: overrides.contains(error.field), file: content, named: name)
            }
            self = .gpu(try MachineDescription(applied))
        case .plain(let settings):
            let overrides = try MachineOverrides<PlainSettings>(options: options)
            let applied = overrides.applied(to: settings)
            if let error = Self.contradiction(applied.validate) {
                throw Self.placed(error, isOption: overrides.contains(error.field), file: content, named: name)
            }
            self = .plain(try PlainMachine(applied))
        }
    }

    private static func contradiction(_ validate: () throws(MachineError) -> Void) -> MachineError? {
        do throws(MachineError) {
            try validate()
            return nil
        } catch {
            return error
        }
    }

    /// Adds a place to an error about values that contradict each other: where the file has the field that the error
    /// names.
    private static func placed(
        _ error: MachineError, isOption: Bool, file: MachineFile.Content?, named name: String
    ) -> MachineError {
        guard let file, case .impossible(let field, let reason, let cure) = error, !isOption else { return error }
        guard let place = file.place(field) else {
            return .impossible(field: "\(name): \(field)", reason: reason, cure: cure)
        }
        return .malformed(place: place, reason: "\(field): \(reason)", cure: cure)
    }
}

extension AnyMachine {
    /// SMs that a launcher sees. One core counts as one SM.
    package var multiprocessors: Int {
        switch self {
        case .gpu(let machine): machine.gpu.smCount
        case .plain: 1
        }
    }

    /// The machine as a machine file with every value's source.
    package var yaml: String {
        switch self {
        case .gpu(let machine): machine.settings.yaml()
        case .plain(let machine): machine.settings.yaml()
        }
    }
}

extension MachineDescription {
    /// The GPU that a command names. The parameters are those of `AnyMachine.init(named:options:)`.
    /// - Throws: also `MachineError.needsGPU` for plain caches.
    package init(named name: String, options: [String] = []) throws(MachineError) {
        guard case .gpu(let machine) = try AnyMachine(named: name, options: options) else {
            throw .needsGPU(machine: name, what: "this command")
        }
        self = machine
    }
}
