import ArgumentParser
import Foundation
import Report
import Validation

extension MicrobenchmarkGroup: ExpressibleByArgument {}

/// `weir microbenchmarks`: simulates the microbenchmarks that were measured on an H200.
package struct MicrobenchmarksCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "microbenchmarks",
        abstract: "Simulates the microbenchmarks that were run on an H200 and shows predicted beside measured.",
        discussion: """
            Groups: capacity, latency, bandwidth, granularity, launch. What each assumes is in docs/microbenchmarks.md.

              weir microbenchmarks --only latency
            """)

    @Option(help: ArgumentHelp("The folder with the measured tables.", valueName: "folder"))
    package var reference = "docs/validation"

    @Option(help: ArgumentHelp("Only this group; repeatable.", valueName: "group"))
    package var only: [MicrobenchmarkGroup] = []

    @OptionGroup package var deterministic: DeterministicFlag

    @OptionGroup package var machine: MachineOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func run() throws {
        let description = try machine.description()
        let measured = (try? FileManager.default.contentsOfDirectory(atPath: reference)) ?? []
        let outputs = OutputFiles(reading: measured.map { "\(reference)/\($0)" } + machine.files)
        let file = try output.open(in: outputs)
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        let usage = ProcessUsage()
        let groups = MicrobenchmarkGroup.allCases.filter { only.isEmpty || only.contains($0) }
        var result = try MicrobenchmarkResult(
            groups: groups, machine: description, reference: try MicrobenchmarkReference(folder: reference)
        ) { done in
            progress.reportNow { "\(done.group.rawValue): \(done.name)" }
        }
        result.cost = deterministic.cost(usage)
        progress.finish()
        try output.write(result, to: file)
        try outputs.commit()
    }
}
