import ArgumentParser
import Content
import Foundation
import Kernels
import Machine
import Models
import Operators
import Studies
import Trace
import Workloads

/// `weir sweep`: runs kernels or traces at many points and collects the results in one file.
package struct SweepCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Runs kernels, models or traces over values of machine and kernel parameters.",
        discussion: """
            Every combination of the values of all --vary runs once, and its results become one line of a JSON Lines file. A \
            sweep that was stopped continues where it was when it is started again; several processes may work on one file.

              weir sweep ssd-forward --vary l2.capacity=10MiB..120MiB:12 --vary tiling.ch_scan_fwd.M=32,64,128 --output l2.jsonl
              weir sweep model:mamba2-8b --vary hbm.bandwidth=3TB/s..8TB/s:6 --vary layers=4,56 --output steps.jsonl

            Of a model's step or a list of operators a line has the sums and the breakdown by kind of work, and no launches.
            """)

    @OptionGroup package var kernels: KernelOptions

    @Option(
        help: ArgumentHelp(
            "Runs recorded traces, one after another, instead of kernels; repeatable.", valueName: "file.weir"))
    package var trace: [String] = []

    @Option(
        help: ArgumentHelp(
            "A machine field or kernel parameter (batch, sequence-length, chunk-size, heads, head-dim, groups, state-dim, dim, "
                + "width, model, dtype, cache, machine, tiling.KERNEL.M; of models batch, sequence-length, layers, vocabulary, "
                + "nodes, degree) and its values: A,B,C, or FIRST..LAST:COUNT, or "
                + "FIRST..LAST:COUNTx for equal ratios; repeatable.",
            valueName: "name=values"))
    package var vary: [String] = []

    @Option(help: ArgumentHelp("Points one by one: JSON Lines or CSV of names and values.", valueName: "file"))
    package var points: String?

    @OptionGroup package var machine: MachineOptions

    @OptionGroup package var cache: CacheOption

    @Option(help: ArgumentHelp("The results, a line a point; lines that are there are kept.", valueName: "file.jsonl"))
    package var output: String

    @Option(help: ArgumentHelp("Runs every N-th point from the K-th on, K from 1 to N.", valueName: "K/N"))
    package var shard: String?

    @Option(help: "Points that run at the same time. (default: as many as there are cores, over --threads)")
    package var jobs: Int?

    @Option(help: "Threads of a point, 1 or 2; results do not depend on it.")
    package var threads = 1

    @OptionGroup package var charts: SweepChartOptions

    @Flag(help: "Runs points again that the file has as failed.") package var retryFailed = false
    @Flag(help: "Lists the points and what the file has of them, and runs none.") package var dryRun = false
    @OptionGroup package var deterministic: DeterministicFlag
    @OptionGroup package var quiet: QuietFlag

    package init() {}

    package func validate() throws {
        guard kernels.kernels.isEmpty != trace.isEmpty else {
            throw ValidationError("name kernels, such as ssd-forward, or recorded traces with --trace, and not both")
        }
        guard !vary.isEmpty || points != nil else {
            throw ValidationError("nothing varies; give --vary NAME=VALUES or --points FILE")
        }
        guard (1...2).contains(threads) else {
            throw ValidationError(
                "--threads is \(threads) and must be 1 or 2: they are those of one point, whose simulation has two halves; "
                    + "for points side by side give --jobs")
        }
        guard (1...1024).contains(jobs ?? 1) else {
            throw ValidationError("--jobs is \(jobs ?? 1) and must be 1 to 1024")
        }
        guard !trace.contains("-") else {
            throw ValidationError("a trace on standard input can be read only once; save it to a file")
        }
    }

    package func run() throws {
        let plan = try plan()
        let step = try kernels.stepRequest()
        let listPath = try kernels.operatorList()
        try checkNames(plan, step)
        for path in trace { try ForeignFile.check(path) }
        let work = SweepWork(
            request: kernels.request, step: step, listHash: try listPath.map { try SweepHash.ofFile($0) },
            machine: machine.machine, settings: machine.settings,
            cacheMode: step == nil ? cache.mode : cache.modeOfStep,
            traces: try trace.map { ($0, try SweepHash.ofFile($0)) }, threads: threads,
            isDeterministic: deterministic.isOn)
        try checkLaunches(plan, work)
        let outputs = OutputFiles(
            reading: trace + [points, listPath].compactMap(\.self)
                + MachineOptions.files(among: [machine.machine] + plan.machines))
        if dryRun {
            try list(plan, work, to: try outputs.open(nil, as: "--output"))
            return
        }
        try outputs.claim(output, as: "--output")
        let chartFiles = try charts.open(in: outputs)
        let file = try SweepFile(path: output)
        warn(of: file)
        let reporter = ProgressReporter(quiet: quiet.isOn)
        let usage = ProcessUsage()
        let runner = SweepRunner(
            plan: plan, file: file,
            jobs: jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount / threads), retriesFailed: retryFailed)
        defer { warn(of: file) }
        let end = try runner.run(key: work.key, line: work.line) { progress in
            reporter.reportNow { progress.line(seconds: usage.elapsedSeconds) }
        }
        reporter.finish()
        if !quiet.isOn { StandardError.write("weir: \(output): \(end.summary)") }
        if end.allFailed > 0 {
            let first = work.failures.first.map { "the first: \($0)" } ?? "--retry-failed runs them again"
            let error = SweepError.failed(file: output, failed: end.allFailed, total: end.total, first: first)
            if end.allFailed == end.total { throw error }
            StandardError.write("weir: \(error.description)")
        }
        if !charts.chart.charts.isEmpty {
            let points = (0..<plan.count).map { (work.key(of: plan.point($0)), plan.point($0)) }
            // The sweep itself has reported the damaged lines of the file.
            try charts.write(
                chartFiles, files: [output], points: Dictionary(points) { first, _ in first }, saysNotes: false)
            try outputs.commit()
        }
    }

    /// Reports the damaged lines of the file. This is not progress, so that --quiet does not silence it.
    private func warn(of file: SweepFile) {
        for note in file.takeNotes() { StandardError.write("warning: \(note)") }
    }

    /// The points. Every name and value is checked first.
    private func plan() throws -> SweepPlan {
        let shard = try shard.map { text throws(SweepError) in try SweepShard(text) } ?? SweepShard()
        // Names are those of all machines in use. --vary machine adds machines.
        let machineAxis = try vary.first { $0.hasPrefix("machine=") }
            .map { try SweepAxis($0, fields: [], machine: nil) }
        let names = machineAxis?.values.map(\.text) ?? [machine.machine]
        let machines = try names.map { try AnyMachine(named: $0, options: machineAxis == nil ? machine.settings : []) }
        var fields: [AnyField] = []
        for field in machines.flatMap(\.fields) where !fields.contains(where: { $0.name == field.name }) {
            fields.append(field)
        }
        if points != nil { fields = AnyField.gpu + AnyField.plain }
        let axes = try vary.map { text in
            do {
                return try SweepAxis(text, fields: fields, machine: machines.first)
            } catch SweepError.unknownName(let name, let nearest) {
                throw Self.otherMachine(name, text) ?? SweepError.unknownName(name: name, nearest: nearest)
            }
        }
        let listed = try points.map { try SweepPointList.read(path: $0, fields: fields) }
        return try SweepPlan(axes: axes, listed: listed, shard: shard)
    }

    /// The error for a field that only another kind of machine has; nil for any other name.
    private static func otherMachine(_ name: String, _ text: String) -> SweepError? {
        let kinds = [("one core behind plain caches", "one-core", AnyField.plain), ("a GPU", "h200", AnyField.gpu)]
        guard let (kind, preset, _) = kinds.first(where: { $0.2.contains { $0.name == name } }) else { return nil }
        return .malformed(
            text: text, reason: "\(name) is a field of \(kind), and the machine is none",
            cure: "give --machine \(preset) or another such machine, or vary a field of the machine")
    }

    /// Refuses parameters that already have a value, and those that what runs does not have.
    private func checkNames(_ plan: SweepPlan, _ step: StepRequest?) throws {
        if let step { try checkNames(plan, of: step) }
        for parameter in plan.parameters {
            if step == nil, case .model(let size) = parameter { throw SweepError.sizeOfModels(name: size.name) }
            if !trace.isEmpty, !parameter.variesTraces {
                throw SweepError.fixedByTrace(option: "--vary \(parameter.name)")
            }
            if case .field(let name) = parameter, machine.settings.contains(where: { $0.hasPrefix(name + "=") }) {
                throw SweepError.repeated(name: name, other: "--set")
            }
            if case .tiling(let kernel, let field) = parameter, kernels.request.sets(field, ofTiling: kernel) {
                throw SweepError.repeated(name: parameter.name, other: "--tiling")
            }
        }
        if !trace.isEmpty, let option = kernels.firstGiven {
            throw SweepError.fixedByTrace(option: option)
        }
    }

    private func checkNames(_ plan: SweepPlan, of step: StepRequest) throws {
        let sizes = try step.parameters()
        for parameter in plan.parameters where !parameter.variesTraces {
            guard let size = parameter.modelParameter, sizes.contains(size) else {
                throw SweepError.unfitStep(
                    name: parameter.name, step: kernels.kernels[0], sizes: sizes.map(\.name))
            }
            if step.given.contains(size) { throw SweepError.repeated(name: size.name, other: size.option) }
        }
    }

    /// Refuses kernels and options that are wrong at every point alike. An error that depends on values is the point's
    /// own failure.
    private func checkLaunches(_ plan: SweepPlan, _ work: SweepWork) throws {
        guard trace.isEmpty, !plan.parameters.contains(.layer(.model)), plan.count > 0 else { return }
        do {
            _ = try work.task(of: plan.point(0))
        } catch let error as WorkloadError {
            throw error
        } catch let error as ModelError {
            if case .badSize = error { return }
            throw error
        } catch let error as OperatorError where work.listHash != nil {
            throw error
        } catch let error as KernelError {
            switch error {
            case .unknownKernel, .unknownModel, .missingOption: throw error
            case .badShape, .badTiling, .unfitParameter, .malformedTiling, .refusedLaunch: return
            }
        } catch {
            return
        }
    }

    /// Writes one line per point: key, state and values.
    private func list(_ plan: SweepPlan, _ work: SweepWork, to list: OutputFile) throws {
        let file = FileManager.default.fileExists(atPath: output) ? try SweepFile(path: output) : nil
        if let file { warn(of: file) }
        for position in 0..<plan.count {
            let point = plan.point(position)
            let key = work.key(of: point)
            let state = file?.status(ofKey: key)?.rawValue ?? "open"
            try list.write("\(key)  \(state)  \(point.text.asPrintable)\n")
        }
    }
}
