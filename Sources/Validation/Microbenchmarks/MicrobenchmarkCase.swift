/// One microbenchmark: its quantities, measured and predicted.
package struct MicrobenchmarkCase: Equatable, Sendable {
    package let group: MicrobenchmarkGroup
    /// The name of its series. Cases of one series have the same quantities and make one table.
    package let series: String
    package let name: String
    /// What was simulated instead of the measured run; empty if the runs are the same.
    package let scale: String
    package let values: [MicrobenchmarkValue]

    package init(
        group: MicrobenchmarkGroup, series: String, name: String, scale: String = "", values: [MicrobenchmarkValue]
    ) {
        self.group = group
        self.series = series
        self.name = name
        self.scale = scale
        self.values = values
    }
}
