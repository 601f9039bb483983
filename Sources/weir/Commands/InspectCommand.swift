import Analysis
import ArgumentParser
import Foundation
import Operators
import Report
import Trace

/// `weir inspect`: shows the contents of a trace and its use of memory, and checks all of it on the way.
package struct InspectCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what a .weir trace holds and how it uses memory, without simulating it.",
        discussion: """
            Launches, grids, operations, requests; and for each tensor its traffic, footprint, coalescing, spread over blocks, \
            stack distances and the lines that several SMs share. Blocks are taken in linear order, block b on SM b mod --sms.

            Of a list of operators, FILE.ops.jsonl, it shows how many operators, launches and bytes there are of each name.

              weir inspect forward.weir
            """)

    @Argument(
        help: ArgumentHelp("The trace, or a list of operators; '-' is a trace on standard input.", valueName: "file"))
    package var trace: String

    @Option(help: "SMs that blocks are spread over, to tell which lines are shared.")
    package var sms = 132

    @Flag(help: "Counts operations, requests and sectors alone: no account of each line, less memory and time.")
    package var brief = false

    @Option(
        help: ArgumentHelp(
            "Memory that one launch may touch, in GiB, for the account of each line, which takes up to 448 MiB a GiB.",
            valueName: "GiB"))
    package var footprint = AccessProfiler.defaultPageLimit >> 20

    @OptionGroup package var chart: ChartOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard !OperatorList.isPath(trace) || chart.charts.isEmpty && !brief else {
            throw ValidationError("\(trace): a list of operators has no profile; leave --chart and --brief out")
        }
        guard (1...AccessProfiler.processorLimit).contains(sms) else {
            throw ValidationError("--sms \(sms): give 1 to \(AccessProfiler.processorLimit)")
        }
        let most = AccessProfiler.greatestPageLimit >> 20
        guard (1...most).contains(footprint) else {
            throw ValidationError("--footprint \(footprint): give 1 to \(most) GiB")
        }
        guard try chart.files(of: TraceChart.self).isEmpty || !brief else {
            throw ValidationError("--chart shows reuse, of which --brief keeps no account; leave one of them out")
        }
    }

    package func run() throws {
        let outputs = OutputFiles(reading: [trace])
        let file = try output.open(in: outputs)
        if OperatorList.isPath(trace) {
            let plan = try OperatorPlan(OperatorList(path: trace), multiprocessors: sms)
            try output.write(OperatorSummary(plan), to: file)
            return try outputs.commit()
        }
        let charts = try chart.open(TraceChart.self, in: outputs)
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        let input = trace == "-" ? ByteInput(descriptor: 0, name: "standard input") : try ByteInput(path: trace)
        let size = trace == "-" ? nil : (try? FileManager.default.attributesOfItem(atPath: trace))?[.size] as? UInt64
        var profiler: AccessProfiler?
        if !brief { profiler = AccessProfiler(processorCount: sms, pageLimit: footprint << 20) }
        let stream = ResultStream(file, path: output.output, format: output.format)
        // Charts and CSV with profiles need all launches at once.
        let keepsLaunches = !chart.charts.isEmpty
        var writer: (any LaunchWriter<LaunchSummary>)?
        var head: TraceSummary?
        var launches: [LaunchSummary] = []
        try TraceSummary.read(
            input, byteCount: size, profiler: &profiler, progress: progress.report,
            begin: { trace in
                head = trace
                writer = InspectWriters.writer(
                    for: output.format, trace: trace, temporaryDirectory: stream.temporaryDirectory, write: stream.write
                )
            },
            take: { launch in
                try writer?.add(launch)
                if keepsLaunches || writer == nil { launches.append(launch) }
            })
        progress.finish()
        let summary = TraceSummary(
            file: head?.file ?? trace, byteCount: size, producer: head?.producer ?? "", launches: launches,
            processorCount: head?.processorCount)
        try charts.write(of: summary)
        if writer == nil { try stream.write(summary.report(as: output.format)) }
        try writer?.finish(cost: nil)
        try stream.flush()
        try outputs.commit()
    }
}
