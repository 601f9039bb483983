extension MachineSettings {
    /// The chip.
    static let gpuFields: [MachineField] = [
        MachineField("gpu.name", .text, .text(\.gpu.name), "What reports call the machine"),
        MachineField(
            "gpu.clock", .hertz, .real(\.gpu.clockHertz), in: 1e6...1e11,
            "Clock of launches without tensor instructions"),
        MachineField(
            "gpu.tensorClock", .hertz, .real(\.gpu.tensorClockHertz), in: 1e6...1e11,
            "Clock of launches with tensor instructions"),
        MachineField(
            "gpu.tensorClockDrop", .share, .real(\.gpu.tensorClockDrop), in: 0...0.9,
            "Share of its clock that a launch loses whose tensor cores are always busy; it falls with the fourth power of their use"
        ),
        MachineField("gpu.smCount", .count, .integer(\.gpu.smCount), in: 1...4096, "Streaming multiprocessors"),
    ]

    /// What launches and blocks cost in addition to their work.
    static let launchFields: [MachineField] = [
        MachineField(
            "launch.overhead", .nanoseconds, .real(\.launch.overheadNanoseconds), in: 0...1e9,
            "Time by which a launch outlasts its blocks' span"),
        MachineField(
            "launch.blockInterval", .cycles, .real(\.launch.blockIntervalCycles), in: 0...1e9,
            "Cycles between two block starts of the whole GPU"),
        MachineField(
            "launch.turnaround", .cycles, .real(\.launch.turnaroundCycles), in: 0...1e9,
            "Cycles from a block's end to the next start in its slot"),
        MachineField(
            "launch.blockBase", .cycles, .real(\.launch.blockBaseCycles), in: 0...1e9,
            "Cycles of every block besides its stages"),
        MachineField(
            "launch.firstWave", .cycles, .real(\.launch.firstWaveCycles), in: 0...1e9,
            "Further cycles of a first-wave block, besides its code: constants and arguments"),
        MachineField(
            "launch.firstWaveSpread", .cycles, .real(\.launch.firstWaveSpreadCycles), in: 0...1e6,
            "Width of the spread of launch.firstWave over clusters of SMs"),
        MachineField(
            "launch.fetch", .cycles, .real(\.launch.fetchCyclesPerInstruction), in: 0...1e6,
            "Further cycles per instruction of the code for the first blocks of each SM"),
        MachineField(
            "launch.fetchReach", .bytes, .integer(\.launch.fetchReachBytes), in: 0...1_073_741_824,
            "Bytes of code that come at launch.fetch"),
        MachineField(
            "launch.farFetch", .cycles, .real(\.launch.farFetchCyclesPerInstruction), in: 0...1e6,
            "Further cycles per instruction beyond launch.fetchReach"),
        MachineField(
            "launch.constantSectors", .count, .integer(\.launch.constantSectors), in: 0...1e9,
            "L2 sectors a launch reads for instructions, constants and arguments"),
        MachineField(
            "launch.constantSectorsPerSM", .count, .integer(\.launch.constantSectorsPerSM), in: 0...1e9,
            "The same per active SM"),
        MachineField(
            "launch.constantFabricSectors", .count, .integer(\.launch.constantFabricSectors), in: 0...1e9,
            "Sectors of the same kind that cross between the L2 partitions"),
        MachineField(
            "launch.constantFabricSectorsPerSM", .count, .integer(\.launch.constantFabricSectorsPerSM), in: 0...1e9,
            "The same per active SM"),
    ]

    /// The GPCs.
    static let gpcFields: [MachineField] = [
        MachineField("gpcs.count", .count, .integer(\.gpcs.count), in: 1...256, "Graphics processing clusters"),
        MachineField(
            "gpcs.clusterSize", .count, .integer(\.gpcs.clusterSize), in: 1...4096,
            "SMs of a cluster (CPC) within a GPC"),
        MachineField(
            "gpcs.requestInterval", .cycles, .real(\.gpcs.requestCycles), in: 0...1e6,
            "Least cycles between two requests of a GPC to the L2; 0: no limit"),
        MachineField(
            "gpcs.fillBandwidth", .bytesPerCycle, .real(\.gpcs.fillBytesPerCycle), in: 0...1e9,
            "What the L2 sends to the SMs of a GPC; an answer to several SMs counts once; 0: no limit"),
        MachineField(
            "gpcs.members", .idGroups, .groups(\.gpcs.members), in: 0...4095,
            "SM ids of each GPC; [] deals them in even, contiguous runs"),
        MachineField(
            "gpcs.partitions", .ids, .integers(\.gpcs.partitions), in: 0...1,
            "L2 partition of each GPC; [] gives each partition a run of GPCs"),
        MachineField(
            "gpcs.dispatchOrder", .ids, .integers(\.gpcs.dispatchOrder), in: 0...4095,
            "SM ids in the order in which an empty GPU gets its first blocks; [] goes GPC after GPC"),
    ]
}
