import ArgumentParser

/// The options for a run's course over time.
package struct TimelineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Writes when and where every thread block ran as a trace-event file for Perfetto or about:tracing; of more than "
                + "200,000 blocks every n-th.",
            valueName: "file.json"))
    package var timeline: String?

    @Flag(help: "Adds HBM bandwidth, L2 hit rate and resident blocks over time to JSON, as --timeline does.")
    package var samples = false

    package init() {}
}
