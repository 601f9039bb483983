/// A training step as a sequence of launches.
package enum TrainingStep {
    /// The kernels that end a step: what they leave in the L2 is what the next step's first launches find.
    package static let tail = ["ch_scan_bwd_ddacs", "ch_cumsum_bwd"]
}
