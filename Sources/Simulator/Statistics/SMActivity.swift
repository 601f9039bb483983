/// The activity of one SM during a launch.
package struct SMActivity: Equatable, Sendable {
    /// Thread blocks that ran here.
    package private(set) var blocks = 0
    /// Sum of their lifetimes in cycles.
    package private(set) var lifetimeCycles = 0.0
    /// Cycles with at least one resident block.
    package private(set) var activeCycles = 0.0

    init() {}

    init(_ state: SMState) {
        guard state.endedBlocks > 0 else { return }
        blocks = Int(state.endedBlocks)
        lifetimeCycles = state.lifetimeCycles
        activeCycles = state.lastEnd - state.firstStart - state.emptyCycles
    }

    /// Mean lifetime of its blocks in cycles; 0 without any.
    package var meanLifetimeCycles: Double { blocks == 0 ? 0 : lifetimeCycles / Double(blocks) }
}
