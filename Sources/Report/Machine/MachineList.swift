import Machine

/// The presets side by side.
package enum MachineList {
    /// A table for people.
    package static func text() throws(MachineError) -> String {
        var table = TextTable(columns: [
            ("name", .left), ("machine", .left), ("SMs", .right), ("clock", .right), ("L1 + shared", .right), ("L2", .right),
            ("HBM", .right),
        ])
        for preset in MachinePreset.allCases {
            let machine = try MachineDescription(preset: preset)
            table.append([
                preset.rawValue, machine.gpu.name, String(machine.gpu.smCount),
                "\(Quantity.fixed(machine.gpu.clockHertz / 1e6, digits: 0)) MHz", "\(machine.sm.unifiedBytes >> 10) KiB",
                "\(machine.l2.capacityBytes >> 20) MiB", Quantity.bandwidth(machine.hbm.bytesPerSecond),
            ])
        }
        return table.text
    }

    /// Every preset with all its settings.
    package static func json() throws(MachineError) -> String {
        var machines: [JSONValue] = []
        for preset in MachinePreset.allCases { machines.append(MachineSummary(try MachineDescription(preset: preset)).json) }
        return JSONValue.object([("machines", .array(machines))]).text + "\n"
    }
}
