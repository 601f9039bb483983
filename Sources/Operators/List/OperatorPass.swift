/// The part of a training step that an operator belongs to.
package enum OperatorPass: String, Sendable, CaseIterable {
    case forward, backward, optimizer
}
