import Machine

/// The units that execute reductions and atomics, one per slice. A unit executes a sector at a time, and the same
/// sector again only after a pause.
///
/// *Source:* docs/validation/h200_atomics.md.
struct AtomicUnits: ~Copyable {
    private let units: Buffer<AtomicUnit>
    private let cyclesPerSector: Double
    private let repeatCycles: Double
    private let windowCycles: Double
    /// Cycle until which the busiest unit is booked.
    private(set) var bookedUntil = 0.0

    init(count: Int, settings: L2Settings, windowCycles: Double) {
        units = Buffer(repeating: AtomicUnit(), count: count)
        cyclesPerSector = settings.reductionSectorCycles
        repeatCycles = settings.reductionRepeatCycles
        self.windowCycles = windowCycles
    }

    mutating func reset() {
        units.fill(AtomicUnit())
        bookedUntil = 0
    }

    /// Cycles that a request which reaches `slice` at `now` waits for the unit, first come, first served.
    ///
    /// In each window one half's requests come before the other half's. Each half's requests are sorted by time. A
    /// request that is out of order uses the time that the unit was idle in this window. It waits only if that time
    /// does not suffice.
    @inline(__always)
    mutating func wait(slice: Int, line: UInt64, sectors: UInt8, now: Double, window: Int) -> Double {
        var unit = units[slice]
        let cycles = Double(sectors.nonzeroBitCount) * cyclesPerSector
        let pause = unit.line == line && unit.sectors & sectors != 0 ? max(0, repeatCycles - unit.cycles) : 0
        unit.line = line
        unit.sectors = sectors
        unit.cycles = cycles
        if unit.window != window {
            unit.window = window
            unit.idle = 0
        }
        var start = now
        if now < unit.latest && unit.idle >= pause + cycles {
            unit.idle -= pause + cycles
        } else {
            unit.latest = max(unit.latest, now)
            unit.idle += max(0, now - max(unit.free + pause, Double(window) * windowCycles))
            start = max(now, unit.free + pause)
            unit.free = start + cycles
            bookedUntil = max(bookedUntil, unit.free)
        }
        units[slice] = unit
        return start - now
    }
}

/// One slice's unit.
struct AtomicUnit: BitwiseCopyable {
    /// Cycle at which the unit has executed all requests so far.
    var free = 0.0
    /// Time of the latest request so far.
    var latest = 0.0
    /// Cycles of the present window in which the unit has been idle so far.
    var idle = 0.0
    var window = -1
    /// The last request: its line, its sectors and its cycles.
    var line = UInt64.max
    var sectors: UInt8 = 0
    var cycles = 0.0
}
