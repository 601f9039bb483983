import Machine
import Simulator
import Trace

/// Writes launches as a trace-event file, which Perfetto (ui.perfetto.dev) and Chrome's about:tracing show.
///
/// A launch is a process. A block slot of an SM is a thread. A block is a complete event. Its arguments are the block's
/// number and the uses of its time in percent. HBM bandwidth, L2 hit rate and resident blocks are counters. Times are
/// in microseconds from the first launch's start. Each launch starts at the end of the one before. Blocks are written
/// as they end and are not kept.
///
/// *Source:* Google, "Trace Event Format" (phases X, C and M, `displayTimeUnit`, `otherData`).
package final class TimelineWriter: LaunchObserver {
    /// The greatest number of blocks in a file. For longer runs the writer takes every n-th block, and `otherData` says
    /// so.
    package static let blockLimit = 200_000

    private let events: TraceEvents
    private let limit: Int
    /// The launches written so far, for `otherData`.
    private var launches: [JSONValue] = []
    private var blocksWritten = 0
    private var launchStart = 0.0
    private var current = Launch()

    /// The writer's state of the running launch.
    private struct Launch {
        var kernel = ""
        var blocks = 0
        var stride = 1
        var written = 0
        var slotsPerSM = 1
        var nanosecondsPerCycle = 1.0
        /// For each slot, whether its thread already has its name.
        var named: [Bool] = []
    }

    /// Begins the file.
    /// - Parameters:
    ///   - limit: the greatest number of blocks to write. Every further launch adds at most a hundredth.
    /// - Throws: `TraceError` of `output`, as every call does.
    package init(output: ByteOutput, machine: MachineDescription, limit: Int = TimelineWriter.blockLimit)
        throws(TraceError)
    {
        self.limit = limit
        events = TraceEvents(output: output, machine: machine)
    }

    package func launchBegins(_ launch: KernelLaunch, occupancy: Occupancy, clockHertz: Double) throws {
        let blocks = launch.grid.blockCount
        let room = max(limit - blocksWritten, limit / 100, 1)
        current = Launch()
        current.kernel = launch.kernel
        current.blocks = blocks
        current.stride = max(1, (blocks + room - 1) / room)
        current.slotsPerSM = occupancy.blocksPerSM
        current.nanosecondsPerCycle = 1e9 / clockHertz
        events.name(process: process, "\(process) \(launch.kernel)", order: process)
        events.name(process: process, thread: 0, "launch")
    }

    package func blocksEnded(_ blocks: [BlockRecord]) throws {
        for block in blocks where Int(block.block) % current.stride == 0 { write(block) }
        try events.flush(over: 1 << 16)
    }

    package func launchEnded(_ result: LaunchResult) throws {
        writeLaunch(result)
        if let samples = result.samples { writeCounters(samples, of: result) }
        launches.append(
            .object([
                ("pid", .integer(launches.count)), ("kernel", .text(current.kernel)),
                ("blocks", .integer(current.blocks)),
                ("blocks_written", .integer(current.written)), ("every_nth_block", .integer(current.stride)),
            ]))
        blocksWritten += current.written
        launchStart += result.durationNanoseconds
        try events.flush()
    }

    /// Ends the file. Nothing may be written afterwards.
    package func finish() throws(TraceError) {
        try events.finish([("blocks_written", .integer(blocksWritten)), ("launches", .array(launches))])
    }

    /// The number of the running launch's process.
    private var process: Int { launches.count }

    private func write(_ block: BlockRecord) {
        let track = Int(block.sm) * current.slotsPerSM + Int(block.slot)
        name(track: track, block: block)
        let start = tenths(cycles: block.start)
        events.complete(
            process: process, thread: track + 1, start: start, duration: max(0, tenths(cycles: block.end) - start),
            name: "block \(block.block)"
        ) { text in
            text.append("\"block\":\(block.block),\"lifetime_cycles\":\(Int(block.lifetimeCycles.rounded()))")
            for use in TimeUse.allCases where block.cycles(of: use) > 0 && block.lifetimeCycles > 0 {
                text.append(",\"\(use.name)_pct\":")
                text.append((1000 * block.cycles(of: use) / block.lifetimeCycles).rounded() / 10)
            }
        }
        current.written += 1
    }

    private func name(track: Int, block: BlockRecord) {
        while current.named.count <= track { current.named.append(false) }
        guard !current.named[track] else { return }
        current.named[track] = true
        events.name(process: process, thread: track + 1, "SM \(block.sm) slot \(block.slot)", order: track + 1)
    }

    private func writeLaunch(_ result: LaunchResult) {
        let start = tenths(cycles: 0)
        events.complete(
            process: process, thread: 0, start: start,
            duration: Int(((launchStart + result.durationNanoseconds) * 10).rounded()) - start, name: current.kernel
        ) { $0.append("\"blocks\":\(current.blocks),\"every_nth_block\":\(current.stride)") }
    }

    private func writeCounters(_ samples: LaunchSamples, of result: LaunchResult) {
        events.counters(samples, process: process, nanosecondsPerCycle: current.nanosecondsPerCycle) {
            tenths(cycles: $0)
        }
    }

    /// A cycle of the current launch on the file's time base, in tenths of nanoseconds. Ends and starts are rounded
    /// alike, so that blocks which follow each other never overlap.
    private func tenths(cycles: Double) -> Int {
        Int(((launchStart + cycles * current.nanosecondsPerCycle) * 10).rounded())
    }
}
