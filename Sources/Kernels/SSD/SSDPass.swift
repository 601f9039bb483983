/// Which part of a training step launches the kernels.
package enum SSDPass: String, Sendable, CaseIterable {
    /// The forward call.
    case forward
    /// The backward call. It first runs four forward kernels again, with tensors of their own and fp32 states.
    case backward
}
