/// Where the time of resident blocks goes, and the records of blocks that ended.
struct BlockAccount: ~Copyable {
    private(set) var lifetimes = LifetimeHistogram()
    private let useCycles = Buffer<Double>(repeating: 0, count: TimeUse.allCases.count)
    private(set) var lastBlockEnd = 0.0
    /// Cycles that slots spent between a block's end and the next block's start.
    private(set) var turnaroundCycles = 0.0
    /// Whether an observer gets the ended blocks. If so, `records` holds those of the running window.
    private(set) var isRecording = false
    var records = Buffer<BlockRecord>(capacity: 64)
    /// For each slot, the cycles of its block by use. Empty unless `isRecording`.
    private var slotUses = Buffer<SIMD16<Float>>(repeating: SIMD16(), count: 0)

    /// - Parameter slots: the number of slots whose blocks an observer watches; nil without an observer.
    mutating func beginLaunch(slots: Int?) {
        lifetimes = LifetimeHistogram()
        useCycles.fill(0)
        lastBlockEnd = 0
        turnaroundCycles = 0
        isRecording = slots != nil
        records.removeAll()
        slotUses = Buffer(repeating: SIMD16(), count: slots ?? 0)
    }

    /// Notes that a block starts in `slot`.
    func start(slot: Int) {
        if isRecording { slotUses[slot] = SIMD16() }
    }

    mutating func addTurnaround(_ cycles: Double) { turnaroundCycles += cycles }

    /// Adds cycles of the block in `slot` to `use`.
    @inline(__always)
    func spend(_ cycles: Double, on use: TimeUse, slot: Int) {
        useCycles[use.rawValue] += cycles
        if isRecording { slotUses[slot][use.rawValue] += Float(cycles) }
    }

    mutating func end(lifetime: Double, at end: Double) {
        lifetimes.add(cycles: lifetime)
        lastBlockEnd = max(lastBlockEnd, end)
    }

    /// Cycles of the block in `slot` by use.
    func uses(slot: Int) -> SIMD16<Float> { slotUses[slot] }

    /// Cycles of all blocks that went to a use.
    func cycles(of use: TimeUse) -> Double { useCycles[use.rawValue] }
}
