/// Which part of a training step launches the kernels.
package enum SSDPass: String, Sendable, CaseIterable {
    /// The forward call.
    case forward
    /// The backward call, which first runs four forward kernels again, into tensors of its own and with fp32 states.
    case backward
}
