/// The subjects of microbenchmarks.
package enum MicrobenchmarkGroup: String, CaseIterable, Sendable {
    /// How much the L2 holds of a footprint that is read 20 times.
    case capacity
    /// Latencies that a single thread sees.
    case latency
    /// Memory bandwidth against the number and size of blocks.
    case bandwidth
    /// How long a block waits for a piece of memory, against the number of blocks that wait.
    case rounds
    /// The cost of strides, partial writes, reductions, asynchronous copies and L1 footprints.
    case granularity
    /// The cost of starting and ending blocks.
    case launch
}
