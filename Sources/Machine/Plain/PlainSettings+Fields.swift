extension PlainSettings {
    static let coreFields: [SettingField<PlainSettings>] = [
        SettingField("core.name", .text, .text(\.core.name), "What results call the machine"),
        SettingField(
            "core.straddle", .choice, .choice(\.core.straddle),
            "What an access over several lines counts as: once as a whole, or each line by itself"),
        SettingField(
            "core.instructionCache", .flag, .flag(\.core.hasInstructionCache),
            "Whether instructions have a first level of their own; otherwise d1 takes them"),
        SettingField(
            "core.flushAtEnd", .flag, .flag(\.core.flushesAtEnd),
            "Whether dirty lines are written to memory when a launch ends, and counted"),
    ]

    static let i1Fields: [SettingField<PlainSettings>] = [
        SettingField(
            "i1.capacity", .bytes, .integer(\.i1.capacityBytes), in: 4...68_719_476_736,
            "Capacity of the instructions' first level"),
        SettingField("i1.line", .bytes, .integer(\.i1.lineBytes), in: 4...65536, "Line length, a power of two"),
        SettingField(
            "i1.ways", .count, .integer(\.i1.ways), in: 1...65536,
            "Ways of a set; all lines in one set: fully associative"),
        SettingField("i1.replacement", .choice, .choice(\.i1.replacement), "Which line of a full set leaves"),
        SettingField("i1.seed", .count, .integer(\.i1.seed), in: 0...9e15, "Seed of random replacement"),
    ]

    static let d1Fields: [SettingField<PlainSettings>] = [
        SettingField(
            "d1.capacity", .bytes, .integer(\.d1.capacityBytes), in: 4...68_719_476_736,
            "Capacity of the data's first level"),
        SettingField("d1.line", .bytes, .integer(\.d1.lineBytes), in: 4...65536, "Line length, a power of two"),
        SettingField(
            "d1.ways", .count, .integer(\.d1.ways), in: 1...65536,
            "Ways of a set; all lines in one set: fully associative"),
        SettingField("d1.replacement", .choice, .choice(\.d1.replacement), "Which line of a full set leaves"),
        SettingField("d1.seed", .count, .integer(\.d1.seed), in: 0...9e15, "Seed of random replacement"),
        SettingField("d1.writePolicy", .choice, .choice(\.d1Writes.policy), "What happens to stores"),
        SettingField(
            "d1.allocatesOnWrite", .flag, .flag(\.d1Writes.allocates),
            "Whether a store that misses brings its line in"),
        SettingField(
            "d1.writesAreAccesses", .flag, .flag(\.d1WritesAreAccesses),
            "Whether data that d1 writes back or through are accesses of ll; otherwise they only leave lines dirty there"
        ),
    ]

    static let llFields: [SettingField<PlainSettings>] = [
        SettingField(
            "ll.capacity", .bytes, .integer(\.ll.capacityBytes), in: 4...68_719_476_736, "Capacity of the last level"),
        SettingField("ll.line", .bytes, .integer(\.ll.lineBytes), in: 4...65536, "Line length, a power of two"),
        SettingField(
            "ll.ways", .count, .integer(\.ll.ways), in: 1...65536,
            "Ways of a set; all lines in one set: fully associative"),
        SettingField("ll.replacement", .choice, .choice(\.ll.replacement), "Which line of a full set leaves"),
        SettingField("ll.seed", .count, .integer(\.ll.seed), in: 0...9e15, "Seed of random replacement"),
        SettingField("ll.writePolicy", .choice, .choice(\.llWrites.policy), "What happens to data written here"),
        SettingField(
            "ll.allocatesOnWrite", .flag, .flag(\.llWrites.allocates),
            "Whether written data that are not here bring their line in"),
    ]
}
