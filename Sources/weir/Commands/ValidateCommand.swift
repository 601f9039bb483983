import ArgumentParser
import Content
import Foundation
import Kernels
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
            """)

    @Argument(help: ArgumentHelp("The measured table.", valueName: "file.csv"))
    package var table: String

    @Option(name: .customLong("kernel"), help: ArgumentHelp("Only this kernel; repeatable.", valueName: "name"))
    package var kernels: [String] = []

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
        for kernel in kernels where !MeasuredSubject.kernels.contains(kernel) {
            throw KernelError.unknownKernel(name: kernel, known: MeasuredSubject.kernels)
        }
        let description = try machine.description()
        let outputs = OutputFiles(reading: [table] + machine.files)
        let file = try output.open(in: outputs)
        let progress = Mutex(ProgressReporter(quiet: output.quiet.isOn))
        let usage = ProcessUsage()
        let validation = try Validation(
            table: try ReferenceTable(path: table), machine: description, kernels: Set(kernels), threads: threads
        ) { done, all in
            progress.withLock { $0.reportNow { "\(done) of \(all) simulations" } }
        }
        progress.withLock { $0.finish() }
        guard !validation.launches.isEmpty else { throw MeasurementError.nothingToValidate(file: table) }
        let result = ValidationResult(
            validation: validation, machine: description, cost: deterministic.cost(usage))
        try output.write(result, to: file)
        try outputs.commit()
    }
}
