import Machine

/// The presets side by side.
package enum MachineList {
    /// A table for people.
    package static func text() throws(MachineError) -> String {
        var table = TextTable(columns: [
            ("name", .left), ("machine", .left), ("SMs", .right), ("clock", .right), ("L1 + shared", .right),
            ("L2", .right),
            ("HBM", .right),
        ])
        for preset in MachinePreset.allCases {
            let machine = try MachineDescription(preset: preset)
            table.append([
                preset.rawValue, machine.gpu.name, String(machine.gpu.smCount),
                "\(Quantity.fixed(machine.gpu.clockHertz / 1e6, digits: 0)) MHz",
                "\(machine.sm.unifiedBytes >> 10) KiB",
                "\(machine.l2.capacityBytes >> 20) MiB", Quantity.bandwidth(machine.hbm.bytesPerSecond),
            ])
        }
        var plain = TextTable(columns: [
            ("name", .left), ("machine", .left), ("I1", .right), ("D1", .right), ("last level", .right),
            ("lines", .right),
        ])
        for preset in PlainPreset.allCases {
            let settings = preset.settings
            plain.append([
                preset.rawValue, settings.core.name,
                settings.core.hasInstructionCache ? capacity(settings.i1) : "none", capacity(settings.d1),
                capacity(settings.ll),
                "\(settings.d1.lineBytes) B",
            ])
        }
        return table.text + "\nPlain caches, without time:\n\n" + plain.text
    }

    private static func capacity(_ cache: CacheGeometry) -> String {
        "\(cache.capacityBytes >> 10) KiB, \(cache.ways) ways"
    }

    /// Every preset with all its settings.
    package static func json() throws(MachineError) -> String {
        var machines: [JSONValue] = []
        for preset in MachinePreset.allCases {
            machines.append(MachineSummary(try MachineDescription(preset: preset)).json)
        }
        for preset in PlainPreset.allCases { machines.append(MachineSummary(try PlainMachine(preset.settings)).json) }
        return JSONValue.object([("machines", .array(machines))]).text + "\n"
    }
}
