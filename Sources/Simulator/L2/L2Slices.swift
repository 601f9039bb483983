import Machine

/// The distances of one L2 partition's slices, and the times at which they are free.
struct L2Slices: ~Copyable {
    private let map: AddressMap
    private let free: Buffer<Double>
    private var units: AtomicUnits
    private var cyclesPerSector = 0.0
    private var nearHitLatency = 0.0
    private var nearSpread = 0.0
    private var farHitLatency = 0.0
    private var farSpread = 0.0

    init(machine: MachineDescription, map: AddressMap, windowCycles: Double) {
        self.map = map
        let count = machine.derived.slicesPerPartition
        free = Buffer(repeating: 0, count: count)
        units = AtomicUnits(count: count, settings: machine.l2, windowCycles: windowCycles)
    }

    /// Prepares for a launch: all slices are free.
    mutating func beginLaunch(_ configuration: EngineConfiguration) {
        cyclesPerSector = configuration.sliceCyclesPerSector
        nearHitLatency = configuration.nearHitLatency
        nearSpread = configuration.nearSpread
        farHitLatency = configuration.farHitLatency
        farSpread = configuration.farSpread
        free.fill(0)
        units.reset()
    }

    /// Cycles that sectors of a line wait for its slice, first come, first served.
    @inline(__always)
    func wait(line: UInt64, sectors: Int, now: Double) -> Double {
        let slice = map.slice(of: line)
        let start = max(now, free[slice])
        free[slice] = start + Double(sectors) * cyclesPerSector
        return start - now
    }

    /// Cycles that a reduction or atomic waits for the unit of its line's slice.
    mutating func waitForUnit(line: UInt64, sectors: UInt8, now: Double, window: Int) -> Double {
        units.wait(slice: map.slice(of: line), line: line, sectors: sectors, now: now, window: window)
    }

    /// Cycle until which the busiest atomic unit is booked.
    var unitsBookedUntil: Double { units.bookedUntil }

    /// Latency of a hit that an SM of the same half asked for.
    @inline(__always)
    func nearLatency(line: UInt64, gpc: UInt8) -> Double {
        let place = AddressMap.mix(line &+ UInt64(gpc) &<< 40) &>> 48
        return nearHitLatency + nearSpread * Double(place) / 65536
    }

    /// Latency of a hit that the other half asked for.
    @inline(__always)
    func farLatency(line: UInt64) -> Double { farHitLatency + farSpread * Double(AddressMap.mix(line) &>> 48) / 65536 }
}
