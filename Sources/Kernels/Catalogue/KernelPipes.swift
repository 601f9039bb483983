/// Which of an SM's arithmetic pipes a kernel's own mathematics runs on.
///
/// The criterion is the mathematics, not the instructions: every kernel computes addresses and masks on the vector
/// pipes, and those do not count. A kernel uses the *tensor pipes alone* where a matrix product's factors go into it as
/// they were read and its result is only converted, added to what was there, and stored; *both* where values are also
/// scaled, exponentiated or reduced around the product; the *vector pipes alone* where it has no product.
package enum KernelPipes: String, CaseIterable, Sendable {
    case tensor
    case vector
    case both

    /// Above this many operations on the fp32 pipe per tensor operation, a kernel of unknown source counts as one that
    /// uses both.
    ///
    /// *Fitted* on 313 measured launches with tensor operations (h200_ssd.csv, h200_tilings.csv, h200_holdout.csv,
    /// h200_step.csv, h200_glue.csv): the round value with the fewest of them on the wrong side, 32. They are 21 of 90
    /// of bmm_ch_fwd and bmm_ch_bwd, whose small tiles spend more than that on addresses, and 11 of 223 others, whose
    /// large tiles spend less on their mathematics.
    package static let fp32OperationsPerTensorOperation = 0.02

    /// The pipes of a kernel of which only counts are known.
    /// - Parameters:
    ///   - tensorOperations: two a multiply-add.
    ///   - fp32Operations: one a lane of each instruction on the fp32 pipe.
    package init(tensorOperations: Double, fp32Operations: Double) {
        if tensorOperations <= 0 {
            self = .vector
        } else {
            self = fp32Operations > Self.fp32OperationsPerTensorOperation * tensorOperations ? .both : .tensor
        }
    }
}
