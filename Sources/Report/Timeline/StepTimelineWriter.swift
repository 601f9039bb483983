import Machine
import Models
import Simulator
import Trace

/// Writes a training step as a trace-event file: one process, with a track of passes, one of layers and one of
/// launches, and the counters of the launches' samples.
///
/// Every simulated launch stands at its place, once. Its arguments say for how many launches of the whole step it
/// stands. Blocks are not written.
package final class StepTimelineWriter {
    private enum Track: Int, CaseIterable {
        case passes, layers, launches
    }

    /// Neighbouring launches with the same name on a track, with the launches that they stand for.
    private struct Span {
        let name: String
        let start: Int
        var launches = 0
        var stepLaunches = 0
    }

    /// The most points in time at which a launch has counters. A step has hundreds of launches.
    private static let pointsPerLaunch = 64

    private let events: TraceEvents
    private let step: StepLaunches
    private var order = 0
    /// Nanoseconds from the first launch's start.
    private var time = 0.0
    private var open: [Track: Span] = [:]

    /// Begins the file.
    /// - Throws: `TraceError` of `output`, as every call does.
    package init(output: ByteOutput, step: StepLaunches, machine: MachineDescription) throws(TraceError) {
        self.step = step
        events = TraceEvents(output: output, machine: machine)
        events.name(process: 0, step.name, order: 0)
        for track in Track.allCases {
            events.name(process: 0, thread: track.rawValue, "\(track)", order: track.rawValue)
        }
    }

    /// Takes the next launch's result.
    package func add(_ result: LaunchResult) throws(TraceError) {
        let launch = step.launches[order]
        let start = tenths(time)
        for (track, name) in [(Track.passes, launch.pass.rawValue), (.layers, launch.layer)] {
            if open[track]?.name != name {
                close(track, at: start)
                open[track] = Span(name: name, start: start)
            }
            open[track]?.launches += 1
            open[track]?.stepLaunches += launch.count
        }
        let end = tenths(time + result.durationNanoseconds)
        if let samples = result.samples {
            let cycle = 1e9 / result.clockHertz
            events.counters(
                samples, process: 0, nanosecondsPerCycle: cycle,
                merged: max(1, (samples.count + Self.pointsPerLaunch - 1) / Self.pointsPerLaunch), before: end
            ) { tenths(time + $0 * cycle) }
        }
        events.complete(
            process: 0, thread: Track.launches.rawValue, start: start, duration: end - start,
            name: result.launch.kernel
        ) { text in
            for (key, value) in [
                ("op", launch.op), ("category", launch.category.rawValue), ("layer", launch.layer),
                ("pass", launch.pass.rawValue),
            ] {
                text.append("\"\(key)\":")
                text.append(quoted: value)
                text.append(",")
            }
            text.append("\"order\":\(order),\"count\":\(launch.count),\"blocks\":\(result.launch.grid.blockCount)")
        }
        time += result.durationNanoseconds
        order += 1
        try events.flush(over: 1 << 16)
    }

    /// Ends the file. Nothing may be written afterwards.
    package func finish() throws(TraceError) {
        for track in Track.allCases { close(track, at: tenths(time)) }
        try events.finish([
            ("step", .text(step.name)), ("launches", .integer(order)), ("step_launches", .integer(step.count)),
            ("reduction", step.reductions.isEmpty ? .null : .text(step.reductions.joined(separator: " "))),
        ])
    }

    private func close(_ track: Track, at end: Int) {
        guard let span = open.removeValue(forKey: track), !span.name.isEmpty else { return }
        events.complete(
            process: 0, thread: track.rawValue, start: span.start, duration: end - span.start, name: span.name
        ) { $0.append("\"launches\":\(span.launches),\"step_launches\":\(span.stepLaunches)") }
    }

    private func tenths(_ nanoseconds: Double) -> Int { Int((nanoseconds * 10).rounded()) }
}
