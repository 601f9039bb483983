import Content
import Foundation
import Machine
import Models
import Report
import Simulator
import Studies
import Trace
import Workloads

/// The common basis of all points of a sweep. It turns a point into its key, its task and its line.
struct SweepWork: Sendable {
    let request: WorkloadRequest
    /// The model or list of operators that runs instead of kernels.
    let step: StepRequest?
    /// The hash of the list's bytes.
    let listHash: String?
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
        if let step {
            for (name, value) in step.applying(point).keyTexts { hash.add(name, value) }
            if let listHash { hash.add("operators", listHash) }
        } else if traces.isEmpty {
            for (name, value) in request.applying(point).keyTexts { hash.add(name, value) }
        }
        for trace in traces { hash.add("trace", trace.hash) }
        return hash.text
    }

    /// Machine, cache mode and launches of a point.
    func task(of point: SweepPoint) throws -> SweepTask {
        let machine = try anyMachine(at: point)
        let work: SweepTask.Work =
            if let step {
                .step(try stepLaunches(of: step.applying(point), on: machine))
            } else if traces.isEmpty {
                .launches(try request.applying(point).launches(multiprocessors: machine.multiprocessors))
            } else {
                .launches(try TraceLaunches(paths: traces.map(\.path)))
            }
        return SweepTask(machine: machine, cacheMode: cacheMode(at: point), work: work)
    }

    /// - Throws: also `MachineError.needsGPU` for plain caches.
    private func stepLaunches(of step: StepRequest, on machine: AnyMachine) throws -> StepLaunches {
        if case .plain(let plain) = machine {
            throw MachineError.needsGPU(machine: plain.settings.core.name, what: "a training step")
        }
        return try step.launches(multiprocessors: machine.multiprocessors)
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
