import Machine
import Simulator
import Trace

/// One access of a core.
struct CoreAccess: Equatable {
    var kind: AccessKind
    var address: UInt64
    var bytes: Int
    var hint = CacheHint.normal
}

extension PlainSettings {
    /// Cachegrind's rules with small caches that `change` may alter.
    static func small(_ change: (inout PlainSettings) -> Void = { _ in }) -> PlainSettings {
        var settings = PlainPreset.oneCore.settings
        settings.i1 = CacheGeometry(capacityBytes: 512, lineBytes: 32, ways: 2)
        settings.d1 = CacheGeometry(capacityBytes: 512, lineBytes: 32, ways: 2)
        settings.ll = CacheGeometry(capacityBytes: 4096, lineBytes: 32, ways: 4)
        change(&settings)
        return settings
    }
}

/// Runs accesses, each a lane of its own, as one launch of blocks with `perBlock` accesses.
func simulate(
    _ accesses: [CoreAccess], on settings: PlainSettings, perBlock: Int = 1000, cacheMode: CacheMode = .cold
) throws -> PlainCounters {
    let simulation = PlainSimulation(machine: try PlainMachine(settings), cacheMode: cacheMode)
    return try simulation.run(source(accesses, perBlock: perBlock)).counters
}

/// The accesses as blocks of one lane access each.
func source(_ accesses: [CoreAccess], perBlock: Int = 1000) -> SyntheticSource {
    SyntheticSource(launch: launch(blocks: max(1, (accesses.count + perBlock - 1) / perBlock))) { block, program in
        for access in accesses[min(accesses.count, block * perBlock)..<min(accesses.count, (block + 1) * perBlock)] {
            program.operations.append(
                .lanes(
                    LaneAccess(
                        kind: access.kind, tensor: 0, laneBytes: access.bytes, firstLane: program.laneAddresses.count,
                        laneCount: 1,
                        hint: access.hint)))
            program.laneAddresses.append(access.address)
        }
    }
}

/// The counters of all launches of a trace, one after another, each on cold caches.
func counters(ofTrace bytes: [UInt8], on settings: PlainSettings) throws -> PlainCounters {
    let simulation = PlainSimulation(machine: try PlainMachine(settings), cacheMode: .cold)
    let reader = try TraceStreamReader(ByteInput(bytes: bytes))
    var total = PlainCounters()
    while let source = try reader.nextLaunch() { total.add(try simulation.run(source).counters) }
    return total
}
