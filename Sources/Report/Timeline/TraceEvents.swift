import Machine
import Simulator
import Trace

/// A trace-event file that is written event by event. Times are tenths of nanoseconds; the file has microseconds.
///
/// *Source:* Google, "Trace Event Format" (phases X, C and M, `displayTimeUnit`, `otherData`).
final class TraceEvents {
    private let output: ByteOutput
    private let place: TracePlace
    private let machine: String
    private var text = TimelineText()
    private var isFirst = true

    init(output: ByteOutput, machine: MachineDescription) {
        self.output = output
        self.machine = MachineSummary(machine).name
        place = TracePlace(file: output.name)
        text.append("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")
    }

    /// Names a process and says where it stands.
    func name(process: Int, _ name: String, order: Int) {
        meta("process_name", process: process, thread: 0) {
            $0.append("\"name\":")
            $0.append(quoted: name)
        }
        meta("process_sort_index", process: process, thread: 0) { $0.append("\"sort_index\":\(order)") }
    }

    /// Names a thread. With an order it also says where it stands.
    func name(process: Int, thread: Int, _ name: String, order: Int? = nil) {
        meta("thread_name", process: process, thread: thread) {
            $0.append("\"name\":")
            $0.append(quoted: name)
        }
        guard let order else { return }
        meta("thread_sort_index", process: process, thread: thread) { $0.append("\"sort_index\":\(order)") }
    }

    /// Something that lasts. `arguments` writes the members of an object.
    func complete(
        process: Int, thread: Int, start: Int, duration: Int, name: String, arguments: (inout TimelineText) -> Void
    ) {
        begin("X", process: process, thread: thread)
        text.append(",\"ts\":")
        text.append(tenths: start)
        text.append(",\"dur\":")
        text.append(tenths: duration)
        text.append(",\"name\":")
        text.append(quoted: name)
        text.append(",\"args\":{")
        arguments(&text)
        text.append("}}")
    }

    /// HBM bandwidth, L2 hit rate and resident blocks over a launch.
    /// - Parameters:
    ///   - merged: neighbouring buckets that become one.
    ///   - end: the time from which on nothing is written; nil for all that the launch's samples have.
    ///   - time: a cycle of the launch on the file's time base.
    func counters(
        _ samples: LaunchSamples, process: Int, nanosecondsPerCycle: Double, merged: Int = 1, before end: Int? = nil,
        at time: (Double) -> Int
    ) {
        // Gigabytes per second are bytes per nanosecond.
        let nanoseconds = samples.bucketCycles * nanosecondsPerCycle
        for first in stride(from: 0, to: samples.count, by: merged) {
            let start = time(Double(first) * samples.bucketCycles)
            guard end.map({ start < $0 }) ?? true else { break }
            let buckets = first..<min(first + merged, samples.count)
            func sum(_ values: [Double]) -> Double { values[buckets].reduce(0, +) }
            counter("HBM GB/s", process: process, at: start) {
                $0.append("\"read\":")
                $0.append(sum(samples.hbmReadBytes) / (nanoseconds * Double(buckets.count)))
                $0.append(",\"write\":")
                $0.append(sum(samples.hbmWriteBytes) / (nanoseconds * Double(buckets.count)))
            }
            let sectors = sum(samples.l2Sectors)
            if sectors > 0 {
                counter("L2 hit %", process: process, at: start) {
                    $0.append("\"hit\":")
                    $0.append(100 * sum(samples.l2HitSectors) / sectors)
                }
            }
            counter("resident blocks", process: process, at: start) {
                $0.append("\"blocks\":")
                $0.append(sum(samples.residentBlocks) / Double(buckets.count))
            }
        }
        let last = min(time(Double(samples.count) * samples.bucketCycles), end ?? .max)
        counter("HBM GB/s", process: process, at: last) { $0.append("\"read\":0,\"write\":0") }
        counter("resident blocks", process: process, at: last) { $0.append("\"blocks\":0") }
    }

    /// Writes what waits, once it has more than this many bytes.
    func flush(over bytes: Int = 0) throws(TraceError) {
        guard text.bytes.count > bytes else { return }
        try output.write(text.bytes, at: place)
        text.removeAll()
    }

    /// Ends the file. Nothing may be written afterwards.
    func finish(_ members: [(key: String, value: JSONValue)]) throws(TraceError) {
        text.append("\n],\"otherData\":")
        text.append(
            JSONValue.object([("producer", .text("weir")), ("machine", .text(machine))] + members).text)
        text.append("}\n")
        try flush()
    }

    private func meta(_ name: String, process: Int, thread: Int, arguments: (inout TimelineText) -> Void) {
        begin("M", process: process, thread: thread)
        text.append(",\"name\":\"\(name)\",\"args\":{")
        arguments(&text)
        text.append("}}")
    }

    private func counter(_ name: String, process: Int, at time: Int, values: (inout TimelineText) -> Void) {
        begin("C", process: process, thread: 0)
        text.append(",\"ts\":")
        text.append(tenths: time)
        text.append(",\"name\":\"\(name)\",\"args\":{")
        values(&text)
        text.append("}}")
    }

    private func begin(_ phase: String, process: Int, thread: Int) {
        text.append(isFirst ? "\n" : ",\n")
        isFirst = false
        text.append("{\"ph\":\"\(phase)\",\"pid\":")
        text.append(process)
        text.append(",\"tid\":")
        text.append(thread)
    }
}
