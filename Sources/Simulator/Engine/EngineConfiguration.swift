import Machine
import Trace

/// The constants of one launch, derived once from the machine and the launch. Times are in cycles of the launch's
/// clock.
struct EngineConfiguration: Sendable {
    /// Length of the windows in which SMs and L2 take turns. It is at most the least SM-to-L2 latency.
    let windowCycles: Double
    let clockHertz: Double
    let warpsPerBlock: Int
    let slotsPerSM: Int
    let geometry: LineGeometry
    let l1SetsPerSM: Int
    let l1LinesPerSM: Int
    let l1HitLatency: Double
    let l1WritesAllocate: Bool
    let fillCyclesPerSector: Double
    let bulkFillCyclesPerSector: Double
    let storeCyclesPerSector: Double
    /// Least cycles of the L1's port for a warp request, for a line and for a sector.
    let issueCyclesPerLine: Double
    let lineInterval: Double
    let missesInFlight: Int
    /// The number of lines from which an operation is performed in pieces, and the lines of such a piece.
    let pieceLines: Int
    let nearHitLatency: Double
    let farHitLatency: Double
    let nearMemoryLatency: Double
    let farMemoryLatency: Double
    /// Width of the spread of hit latencies over slices.
    let nearSpread: Double
    let farSpread: Double
    let sliceCyclesPerSector: Double
    let fabricCyclesPerSector: Double
    let bytesPerSector: Double
    let sectorBytes: UInt64
    let turnaround: Double
    let blockBase: Double
    let firstWave: Double
    let firstWaveSpread: Double
    let stepJitter: Double
    /// Cycles that an SM's first blocks wait for instructions.
    let codeFetch: Double
    let blockInterval: Double
    /// Cycles of a fence if the block wrote nothing since the last one.
    let fence: Double
    /// Cycles of a fence behind writes to this half (`nearFence`) or to the other, counted from the writes' arrival.
    let nearFence: Double
    let farFence: Double
    /// Cycles between a poll's answer and the next poll of a block that waits for a flag.
    let pollPause: Double
    /// Cycles between the end of a signal's fence and the first lookup of the flag that shows the signal.
    let signalDelay: Double
    /// Cycles that an SM's port may be booked ahead before a block's next memory operation waits.
    let portBacklog: Double
    /// Cycles that memory may be booked ahead before stores wait.
    let memoryBacklog: Double
    /// Cycles that the fabric may be booked ahead before stores wait.
    let fabricBacklog: Double
    let pipes: PipeModel

    init(
        machine: MachineDescription, warpsPerBlock: Int, blocksPerSM: Int, l1CapacityBytes: Int, usesTensorCores: Bool,
        codeInstructions: Int = 0
    ) {
        let sectorBytes = Double(machine.l2.sectorBytes)
        clockHertz = machine.clockHertz(usesTensorCores: usesTensorCores)
        self.warpsPerBlock = warpsPerBlock
        slotsPerSM = blocksPerSM
        geometry = LineGeometry(lineBytes: machine.l1.lineBytes, sectorBytes: machine.l1.sectorBytes)
        l1SetsPerSM = machine.l1Sets(capacityBytes: l1CapacityBytes)
        l1LinesPerSM = machine.l1Lines(capacityBytes: l1CapacityBytes)
        l1HitLatency = Double(machine.l1.hitLatencyCycles)
        l1WritesAllocate = machine.l1.allocatesOnWrite
        fillCyclesPerSector = sectorBytes / machine.l1.fillBytesPerCycle
        bulkFillCyclesPerSector = sectorBytes / machine.l1.bulkFillBytesPerCycle
        storeCyclesPerSector = sectorBytes / machine.l1.storeBytesPerCycle
        issueCyclesPerLine = Double(machine.l1.lineBytes) / machine.l1.hitBytesPerCycle
        lineInterval = machine.l1.lineIntervalCycles
        missesInFlight = machine.l1.missesInFlight
        // This allows four million lines on their way over all SMs: 128 MB. No tile of a real kernel has a thousand
        // lines.
        pieceLines = max(1024, min(32_768, (1 << 22) / machine.gpu.smCount))
        nearHitLatency = Double(machine.l2.nearLatencyCycles)
        farHitLatency = Double(machine.l2.farLatencyCycles)
        nearMemoryLatency = Double(machine.hbm.nearLatencyCycles)
        farMemoryLatency = Double(machine.hbm.farLatencyCycles)
        nearSpread = machine.l2.nearSpreadCycles
        farSpread = machine.l2.farSpreadCycles
        windowCycles = max(1, min(200, nearHitLatency))
        sliceCyclesPerSector = sectorBytes / machine.l2.sliceBytesPerCycle
        fabricCyclesPerSector = sectorBytes / machine.l2.fabricBytesPerCycle
        bytesPerSector = sectorBytes
        self.sectorBytes = geometry.sectorBytes
        turnaround = machine.launch.turnaroundCycles
        blockBase = machine.launch.blockBaseCycles
        firstWave = machine.launch.firstWaveCycles
        codeFetch = machine.launch.fetchCycles(instructions: codeInstructions)
        firstWaveSpread = min(machine.launch.firstWaveSpreadCycles, 2 * (firstWave + codeFetch))
        stepJitter = machine.sm.stepJitter
        blockInterval = machine.launch.blockIntervalCycles
        fence = machine.sm.fenceCycles
        nearFence = nearHitLatency + nearSpread / 2 + machine.sm.fenceWriteCycles
        farFence = farHitLatency + farSpread / 2 + machine.sm.fenceWriteCycles
        pollPause = machine.sm.pollPauseCycles
        signalDelay = machine.sm.signalCycles
        portBacklog = machine.l1.backlogCycles
        memoryBacklog = machine.hbm.backlogCycles
        fabricBacklog = machine.l2.fabricBacklogCycles
        pipes = PipeModel(settings: machine.sm, hasProducts: usesTensorCores)
    }
}
