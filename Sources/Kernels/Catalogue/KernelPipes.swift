/// Which of an SM's arithmetic pipes a kernel's own mathematics runs on.
///
/// The mathematics decides, not the instructions. Every kernel computes addresses and masks on the vector pipes, and
/// those do not count.
///
/// - *Tensor pipes alone*: a matrix product takes its factors as they were read, and its result is only converted,
///   added to what was there, and stored.
/// - *Both*: values are also scaled, exponentiated or reduced around the product.
/// - *Vector pipes alone*: the kernel has no product.
package enum KernelPipes: String, CaseIterable, Sendable {
    case tensor
    case vector
    case both

    /// A kernel of unknown source counts as one that uses both pipes if it has more operations on the fp32 pipe per
    /// tensor operation than this.
    ///
    /// *Fitted* on 313 measured launches with tensor operations (h200_ssd.csv, h200_tilings.csv, h200_holdout.csv,
    /// h200_step.csv, h200_glue.csv): of the round values, this one has the fewest launches on the wrong side, 32. Of
    /// these, 21 are among the 90 of bmm_ch_fwd and bmm_ch_bwd, whose small tiles spend more than that on addresses.
    /// The other 11 are among the 223 others, whose large tiles spend less on their mathematics.
    package static let fp32OperationsPerTensorOperation = 0.02

    /// The pipes of a kernel of which only counts are known.
    /// - Parameters:
    ///   - tensorOperations: two for each multiply-add.
    ///   - fp32Operations: one for each lane of an instruction on the fp32 pipe.
    package init(tensorOperations: Double, fp32Operations: Double) {
        if tensorOperations <= 0 {
            self = .vector
        } else {
            self = fp32Operations > Self.fp32OperationsPerTensorOperation * tensorOperations ? .both : .tensor
        }
    }
}
