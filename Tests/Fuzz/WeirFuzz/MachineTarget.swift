import Machine

/// Machine files.
enum MachineTarget {
    static func file(_ bytes: [UInt8]) {
        guard
            let settings = Verdict.of({
                try MachineFile.settings(yaml: String(decoding: bytes, as: UTF8.self), path: Verdict.name)
            })
        else { return }
        // Validation looks at values of file and preset alike; its errors name fields.
        Verdict.of(naming: []) { _ = try MachineDescription(settings) }
    }
}
