import Foundation
import Suggestions

/// A validated machine of either kind.
package enum AnyMachine: Equatable, Sendable {
    case gpu(MachineDescription)
    /// One core behind plain caches.
    case plain(PlainMachine)

    /// The machine that a command names: a preset or a machine file, with `--set` options on top.
    /// - Parameters:
    ///   - name: a preset's name such as `h200`, or a path; a path holds a slash, ends in `.yaml` or `.yml`, or exists.
    ///   - options: texts such as `l2.capacity=25MiB`.
    /// - Throws: the first thing that is wrong.
    package init(named name: String, options: [String] = []) throws(MachineError) {
        let settings: AnySettings
        if let preset = AnySettings(preset: name.lowercased()) {
            settings = preset
        } else if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
            || FileManager.default.fileExists(atPath: name)
        {
            settings = try MachineFile.settings(atPath: name)
        } else {
            throw .unknownMachine(name: name, place: nil, nearest: AnySettings.presetNames(nearest: name))
        }
        switch settings {
        case .gpu(let settings): self = .gpu(try MachineDescription(MachineOverrides(options: options).applied(to: settings)))
        case .plain(let settings): self = .plain(try PlainMachine(MachineOverrides(options: options).applied(to: settings)))
        }
    }
}

extension AnyMachine {
    /// SMs that a launcher sees; one core counts as one.
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
    /// The GPU that a command names; see `AnyMachine.init(named:options:)`.
    /// - Throws: also `MachineError.needsGPU` for plain caches.
    package init(named name: String, options: [String] = []) throws(MachineError) {
        guard case .gpu(let machine) = try AnyMachine(named: name, options: options) else {
            throw .needsGPU(machine: name, what: "this command")
        }
        self = machine
    }
}
