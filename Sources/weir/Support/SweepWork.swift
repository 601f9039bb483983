import Content
import Foundation
import Machine
import Report
import Simulator
import Studies
import Trace
import Workloads

/// The common basis of all points of a sweep. It turns a point into its key, its task and its line.
struct SweepWork: Sendable {
    let request: WorkloadRequest
    let machine: String
    let settings: [String]
    let cacheMode: CacheMode
    /// Recorded traces with the hash of their bytes; empty if kernels are generated.
    let traces: [(path: String, hash: String)]
    let threads: Int
    let isDeterministic: Bool
    let failures = SweepFailures()

    /// The hash of everything that determines the point's result.
    func key(of point: SweepPoint) -> String {
        var hash = SweepHash()
        hash.add("format", SweepFormat.name)
        hash.add("weir", Version.current)
        hash.add("cache", cacheMode(at: point).rawValue)
        if let machine = try? anyMachine(at: point) {
            for (name, value) in machine.settingValues { hash.add(name, value) }
        } else {
            // There is no machine and therefore no result. The requested name stands in its place.
            hash.add("machine", machineName(at: point))
            for option in options(at: point) { hash.add("set", option) }
        }
        if traces.isEmpty {
            for (name, value) in request.applying(point).keyTexts { hash.add(name, value) }
        }
        for trace in traces { hash.add("trace", trace.hash) }
        return hash.text
    }

    /// Machine, cache mode and launches of a point.
    func task(of point: SweepPoint) throws -> SweepTask {
        let machine = try anyMachine(at: point)
        let launches: any LaunchSequence =
            traces.isEmpty
            ? try request.applying(point).launches(multiprocessors: machine.multiprocessors)
            : try TraceLaunches(paths: traces.map(\.path))
        return SweepTask(machine: machine, cacheMode: cacheMode(at: point), launches: launches)
    }

    /// Runs a point. Errors of the point are in its line.
    func line(of point: SweepPoint, key: String) -> String {
        let usage = ProcessUsage()
        let outcome: SweepOutcome
        do {
            outcome = try task(of: point).run(threads: threads)
        } catch {
            let cause = ErrorReport.message(of: error) ?? "\(error)"
            failures.note(cause, at: point.text)
            outcome = .failed(cause)
        }
        return SweepLine().render(
            SweepRecord(
                key: key, point: point, machine: machineName(at: point), cacheMode: cacheMode(at: point).rawValue,
                outcome: outcome, wallSeconds: isDeterministic ? nil : usage.elapsedSeconds))
    }

    private func anyMachine(at point: SweepPoint) throws -> AnyMachine {
        try AnyMachine(named: machineName(at: point), options: options(at: point))
    }

    private func machineName(at point: SweepPoint) -> String {
        point.settings.first { $0.parameter == .machine }?.value.text ?? machine
    }

    private func cacheMode(at point: SweepPoint) -> CacheMode {
        point.settings.first { $0.parameter == .cache }.flatMap { CacheMode(rawValue: $0.value.text) } ?? cacheMode
    }

    private func options(at point: SweepPoint) -> [String] {
        settings
            + point.settings.compactMap { setting in
                if case .field(let name) = setting.parameter { "\(name)=\(setting.value.text)" } else { nil }
            }
    }
}
