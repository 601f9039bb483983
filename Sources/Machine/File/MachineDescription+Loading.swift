import Foundation

extension MachineDescription {
    /// The machine that a command names: a preset or a machine file, with `--set` options on top.
    /// - Parameters:
    ///   - name: a preset's name such as `h200`, or a path; a path holds a slash, ends in `.yaml` or `.yml`, or exists.
    ///   - options: texts such as `l2.capacity=25MiB`.
    /// - Throws: the first thing that is wrong.
    package init(named name: String, options: [String] = []) throws(MachineError) {
        let settings: MachineSettings
        if let preset = MachinePreset(rawValue: name.lowercased()) {
            settings = preset.settings
        } else if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
            || FileManager.default.fileExists(atPath: name)
        {
            settings = try MachineFile.settings(atPath: name)
        } else {
            throw .unknownMachine(
                name: name, place: nil, nearest: NearestNames.sorted(MachinePreset.allCases.map(\.rawValue), to: name))
        }
        try self.init(try MachineOverrides(options: options).applied(to: settings))
    }
}
