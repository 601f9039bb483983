/// What microbenchmarks are about.
package enum MicrobenchmarkGroup: String, CaseIterable, Sendable {
    /// How much of a footprint read 20 times the L2 holds.
    case capacity
    /// Latencies that a single thread sees.
    case latency
    /// Memory bandwidth against the number and size of blocks.
    case bandwidth
    /// How long a block waits for a piece of memory, against the number of blocks that do so.
    case rounds
    /// What strides, partial writes, reductions, asynchronous copies and L1 footprints cost.
    case granularity
    /// What starting and ending blocks costs.
    case launch
}
