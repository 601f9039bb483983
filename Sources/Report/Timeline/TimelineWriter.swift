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

    private let output: ByteOutput
    private let place: TracePlace
    private let machine: String
    private let limit: Int
    private var text = TimelineText()
    private var isFirstEvent = true
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
        self.output = output
        self.machine = MachineSummary(machine).name
        self.limit = limit
        place = TracePlace(file: output.name)
        text.append("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")
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
        beginEvent("M", thread: 0)
        text.append(",\"name\":\"process_name\",\"args\":{\"name\":")
        text.append(quoted: "\(launches.count) \(launch.kernel)")
        text.append("}}")
        beginEvent("M", thread: 0)
        text.append(",\"name\":\"process_sort_index\",\"args\":{\"sort_index\":")
        text.append(launches.count)
        text.append("}}")
        beginEvent("M", thread: 0)
        text.append(",\"name\":\"thread_name\",\"args\":{\"name\":\"launch\"}}")
    }

    package func blocksEnded(_ blocks: [BlockRecord]) throws {
        for block in blocks where Int(block.block) % current.stride == 0 { write(block) }
        if text.bytes.count > 1 << 16 { try flush() }
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
        try flush()
    }

    /// Ends the file. Nothing may be written afterwards.
    package func finish() throws(TraceError) {
        text.append("\n],\"otherData\":")
        text.append(
            JSONValue.object([
                ("producer", .text("weir")), ("machine", .text(machine)), ("blocks_written", .integer(blocksWritten)),
                ("launches", .array(launches)),
            ]).text)
        text.append("}\n")
        try flush()
    }

    private func write(_ block: BlockRecord) {
        let track = Int(block.sm) * current.slotsPerSM + Int(block.slot)
        name(track: track, block: block)
        let start = tenths(cycles: block.start)
        beginEvent("X", thread: track + 1)
        text.append(",\"ts\":")
        text.append(tenths: start)
        text.append(",\"dur\":")
        text.append(tenths: max(0, tenths(cycles: block.end) - start))
        text.append(",\"name\":\"block ")
        text.append(Int(block.block))
        text.append("\",\"args\":{\"block\":")
        text.append(Int(block.block))
        text.append(",\"lifetime_cycles\":")
        text.append(Int(block.lifetimeCycles.rounded()))
        for use in TimeUse.allCases where block.cycles(of: use) > 0 && block.lifetimeCycles > 0 {
            text.append(",\"\(use.name)_pct\":")
            text.append((1000 * block.cycles(of: use) / block.lifetimeCycles).rounded() / 10)
        }
        text.append("}}")
        current.written += 1
    }

    private func name(track: Int, block: BlockRecord) {
        while current.named.count <= track { current.named.append(false) }
        guard !current.named[track] else { return }
        current.named[track] = true
        beginEvent("M", thread: track + 1)
        text.append(",\"name\":\"thread_name\",\"args\":{\"name\":\"SM \(block.sm) slot \(block.slot)\"}}")
        beginEvent("M", thread: track + 1)
        text.append(",\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":\(track + 1)}}")
    }

    private func writeLaunch(_ result: LaunchResult) {
        beginEvent("X", thread: 0)
        let start = tenths(cycles: 0)
        text.append(",\"ts\":")
        text.append(tenths: start)
        text.append(",\"dur\":")
        text.append(tenths: Int(((launchStart + result.durationNanoseconds) * 10).rounded()) - start)
        text.append(",\"name\":")
        text.append(quoted: current.kernel)
        text.append(",\"args\":{\"blocks\":\(current.blocks),\"every_nth_block\":\(current.stride)}}")
    }

    private func writeCounters(_ samples: LaunchSamples, of result: LaunchResult) {
        // Gigabytes per second are bytes per nanosecond.
        let nanoseconds = samples.bucketCycles * current.nanosecondsPerCycle
        for bucket in 0..<samples.count {
            let time = tenths(cycles: Double(bucket) * samples.bucketCycles)
            writeCounter("HBM GB/s", at: time) {
                $0.append("\"read\":")
                $0.append(samples.hbmReadBytes[bucket] / nanoseconds)
                $0.append(",\"write\":")
                $0.append(samples.hbmWriteBytes[bucket] / nanoseconds)
            }
            if let percent = samples.l2HitPercent(bucket: bucket) {
                writeCounter("L2 hit %", at: time) {
                    $0.append("\"hit\":")
                    $0.append(percent)
                }
            }
            writeCounter("resident blocks", at: time) {
                $0.append("\"blocks\":")
                $0.append(samples.residentBlocks[bucket])
            }
        }
        let end = tenths(cycles: Double(samples.count) * samples.bucketCycles)
        writeCounter("HBM GB/s", at: end) { $0.append("\"read\":0,\"write\":0") }
        writeCounter("resident blocks", at: end) { $0.append("\"blocks\":0") }
    }

    private func writeCounter(_ name: String, at time: Int, values: (inout TimelineText) -> Void) {
        beginEvent("C", thread: 0)
        text.append(",\"ts\":")
        text.append(tenths: time)
        text.append(",\"name\":\"\(name)\",\"args\":{")
        values(&text)
        text.append("}}")
    }

    private func beginEvent(_ phase: String, thread: Int) {
        text.append(isFirstEvent ? "\n" : ",\n")
        isFirstEvent = false
        text.append("{\"ph\":\"\(phase)\",\"pid\":")
        text.append(launches.count)
        text.append(",\"tid\":")
        text.append(thread)
    }

    /// A cycle of the current launch on the file's time base, in tenths of nanoseconds. Ends and starts are rounded
    /// alike, so that blocks which follow each other never overlap.
    private func tenths(cycles: Double) -> Int {
        Int(((launchStart + cycles * current.nanosecondsPerCycle) * 10).rounded())
    }

    private func flush() throws(TraceError) {
        try output.write(text.bytes, at: place)
        text.removeAll()
    }
}
