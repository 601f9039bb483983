import ArgumentParser
import Content
import Foundation
import Kernels
import Machine
import Report
import Synchronization
import Validation

/// `weir validate`: predicts measured launches and shows the errors.
package struct ValidateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Simulates measured launches and shows predicted beside measured, and the errors.",
        discussion: """
            The table is a CSV with the columns of docs/validation/h200_ssd.csv, for Mamba-1's kernels and norms those of \
            h200_others.csv, or those of h200_hypotheses.csv. Grid, threads, registers and shared memory are those of each \
            row, and so is the tiling: a row that states none gets the autotuner's that comes nearest.

            The rows of h200_triton_dev.csv are recorded launches. With --traces DIR, the trace DIR/NAME.weir of each row's \
            name is replayed alone on cold caches. Rows without a right trace are named, the others are compared, and the \
            command exits with 1.

            The rows of h200_operators_dev.csv are launches of PyTorch's operators. Rows whose operator has no generator \
            are counted and named. --kernel then names a kind of operator, such as elementwise.

            The rows of h200_step_*.csv and h200_model_*.csv are the launches of a model's training step. The model follows \
            from the table. Time, launches and HBM bytes are compared by kind of work too.

              weir validate docs/validation/h200_ssd.csv --kernel ch_scan_fwd
            """)

    @Argument(help: ArgumentHelp("The measured table.", valueName: "file.csv"))
    package var table: String

    @Option(name: .customLong("kernel"), help: ArgumentHelp("Only this kernel; repeatable.", valueName: "name"))
    package var kernels: [String] = []

    @Option(
        help: ArgumentHelp("The folder with the traces of a table of recorded launches.", valueName: "folder"))
    package var traces: String?

    @Option(help: "Launches simulated side by side.")
    package var threads = min(2, ProcessInfo.processInfo.activeProcessorCount)

    @OptionGroup package var deterministic: DeterministicFlag

    @OptionGroup package var machine: MachineOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard ThreadsOption.range.contains(threads) else {
            throw ValidationError("--threads is \(threads) and must be 1 to 64")
        }
    }

    package func run() throws {
        let description = try machine.description()
        let outputs = OutputFiles(reading: [table] + machine.files + storedTraces)
        let file = try output.open(in: outputs)
        let measured = try ReferenceTable(path: table)
        if measured.holdsRecordedLaunches {
            guard let traces else { throw MeasurementError.tracesNeeded(file: table) }
            let result = try replay(measured, traces: traces, machine: description)
            try output.write(result, to: file)
            try outputs.commit()
            if !result.validation.failures.isEmpty { throw ExitCode(ExitStatus.badInput) }
        } else {
            if let traces { throw MeasurementError.tracesUnused(folder: traces, file: table) }
            if measured.holdsStep {
                try output.write(try compareStep(measured, machine: description), to: file)
                return try outputs.commit()
            }
            if measured.holdsOperators {
                try output.write(try compareOperators(measured, machine: description), to: file)
                return try outputs.commit()
            }
            try output.write(try simulate(measured, machine: description), to: file)
            try outputs.commit()
        }
    }

    /// Compares a table of generated kernels.
    private func simulate(_ measured: ReferenceTable, machine: MachineDescription) throws -> ValidationResult {
        for kernel in kernels where !MeasuredSubject.kernels.contains(kernel) {
            throw KernelError.unknownKernel(name: kernel, known: MeasuredSubject.kernels)
        }
        let progress = Mutex(ProgressReporter(quiet: output.quiet.isOn))
        let usage = ProcessUsage()
        let validation = try Validation(
            table: measured, machine: machine, kernels: Set(kernels), threads: threads
        ) { done, all in
            progress.withLock { $0.reportNow { "\(done) of \(all) simulations" } }
        }
        progress.withLock { $0.finish() }
        guard !validation.launches.isEmpty else { throw MeasurementError.nothingToValidate(file: table) }
        return ValidationResult(validation: validation, machine: machine, cost: deterministic.cost(usage))
    }

    /// Compares a table of the launches of a training step.
    private func compareStep(
        _ measured: ReferenceTable, machine: MachineDescription
    ) throws -> StepValidationResult {
        guard kernels.isEmpty else {
            throw ValidationError("--kernel is for tables of single kernels, and '\(table)' has a step; leave it out")
        }
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        let usage = ProcessUsage()
        let validation = try StepValidation(
            MeasuredStep(measured), machine: machine, threads: min(2, threads), progress: progress.report)
        progress.finish()
        return StepValidationResult(validation: validation, machine: machine, cost: deterministic.cost(usage))
    }

    /// Compares a table of launches of operators.
    private func compareOperators(
        _ measured: ReferenceTable, machine: MachineDescription
    ) throws -> OperatorValidationResult {
        let known = Set(measured.rows.compactMap { $0.text("op") }).sorted()
        for kernel in kernels where !known.contains(kernel) {
            throw MeasurementError.unknownKernel(name: kernel, file: table, known: known)
        }
        let progress = Mutex(ProgressReporter(quiet: output.quiet.isOn))
        let usage = ProcessUsage()
        let validation = try OperatorValidation(
            table: measured, machine: machine, kinds: Set(kernels), threads: threads
        ) { done, all in
            progress.withLock { $0.reportNow { "\(done) of \(all) launches" } }
        }
        progress.withLock { $0.finish() }
        return OperatorValidationResult(validation: validation, machine: machine, cost: deterministic.cost(usage))
    }

    /// Compares a table of recorded launches with the traces in a folder.
    private func replay(
        _ measured: ReferenceTable, traces: String, machine: MachineDescription
    ) throws -> RecordedValidationResult {
        guard !measured.rows.isEmpty else { throw MeasurementError.noRecordedLaunch(file: table) }
        let known = Set(measured.rows.compactMap { $0.text("kernel") }).sorted()
        for kernel in kernels where !known.contains(kernel) {
            throw MeasurementError.unknownKernel(name: kernel, file: table, known: known)
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: traces, isDirectory: &isFolder), isFolder.boolValue else {
            throw MeasurementError.noFolder(path: traces)
        }
        let progress = Mutex(ProgressReporter(quiet: output.quiet.isOn))
        let usage = ProcessUsage()
        let validation = try RecordedValidation(
            table: measured, traces: traces, machine: machine, kernels: Set(kernels), threads: threads
        ) { done, all in
            progress.withLock { $0.reportNow { "\(done) of \(all) launches" } }
        }
        progress.withLock { $0.finish() }
        return RecordedValidationResult(validation: validation, machine: machine, cost: deterministic.cost(usage))
    }

    /// The traces in the folder, so that no output replaces one. The folder may have others than the table's.
    private var storedTraces: [String] {
        guard let traces, let names = try? FileManager.default.contentsOfDirectory(atPath: traces) else { return [] }
        return names.filter { $0.hasSuffix(".weir") }.sorted().map { "\(traces)/\($0)" }
    }
}
