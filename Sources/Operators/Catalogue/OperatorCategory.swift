/// The kind of work that a launch does, as breakdowns of a training step name it.
package enum OperatorCategory: String, Sendable, CaseIterable {
    case gemm, ssm, conv1d, conv2d, attention, elementwise, norm, reduce
    case softmaxLoss = "softmax_loss"
    case gatherScatter = "gather_scatter"
    case optimizer, other
}
