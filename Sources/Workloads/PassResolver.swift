import Kernels

/// Tells the passes of launches that come one at a time. It decides each pass as soon as the following launches allow
/// it.
///
/// Only launches of kernels that both passes have can be undecided. They come after the last launch of a kernel that
/// only one pass has.
package struct PassResolver: Sendable {
    /// Consecutive launches of one pass.
    package struct Run: Equatable, Sendable {
        package let pass: SSDPass
        package let count: Int
    }

    /// The number of launches whose pass is not decided yet.
    package private(set) var pending = 0
    /// How many of them, from the first on, are glue directly after a backward launch.
    private var leadingGlue = 0
    private var hasBackward = false
    /// Whether the launch before was backward, or glue that follows a backward launch.
    private var followsBackward = true
    /// Whether a launch since the last backward one is of a kernel that only the forward pass has.
    private var hasForward = false

    package init() {}

    /// Takes the next launch.
    /// - Returns: the passes of the oldest undecided launches, in order. It is empty, or covers all of them and the new
    ///   one.
    package mutating func add(_ kernel: String) -> [Run] {
        if KernelNames.isBackward(kernel) {
            let count = pending + 1
            self = PassResolver()
            hasBackward = true
            return [Run(pass: .backward, count: count)]
        }
        pending += 1
        guard TrainingStep.isForwardOnly(kernel) else {
            followsBackward = followsBackward && TrainingStep.glue.contains(kernel)
            if followsBackward { leadingGlue += 1 }
            return []
        }
        return decideForward()
    }

    /// Decides the remaining launches at the end.
    package mutating func finish() -> [Run] { decideForward() }

    private mutating func decideForward() -> [Run] {
        let backward = hasBackward && !hasForward ? leadingGlue : 0
        let runs = [Run(pass: .backward, count: backward), Run(pass: .forward, count: pending - backward)]
        (pending, leadingGlue, followsBackward, hasForward) = (0, 0, false, true)
        return runs.filter { $0.count > 0 }
    }
}
