import Content

/// What can end a run.
package enum RunError: UserError, Equatable, Sendable {
    /// A launch cannot be simulated on this machine.
    case launchFailed(place: String?, order: Int, kernel: String, reason: String)

    package var description: String {
        switch self {
        case .launchFailed(let place, let order, let kernel, let reason):
            "\(place.map { "\($0): " } ?? "")launch \(order) (\(kernel)): \(reason)"
        }
    }
}
