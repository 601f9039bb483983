/// Block sizes of ssd_fused. The autotuner's two configurations fix most of them and differ in the rest.
///
/// *Source:* fused.md section 1.
package struct FusedBlocks: Equatable, Sendable {
    /// Heads of a block of role 1.
    package var heads = 16
    /// Rows, columns and depth of one step of role 2's products.
    package var productRows = 64
    package var productColumns = 64
    package var productDepth = 64
    /// Head channels of a block of role 3.
    package var channels = 64
    /// States of a chunk state's tile, and positions that one trip of its loop handles.
    package var states = 128
    package var positions = 64
    /// Rows of the scan's tile, and positions that one trip of its loop handles.
    package var scanRows = 64
    package var scanColumns = 32
    /// Most states that the scan multiplies at once, and the states of one trip where there are more.
    package var wholeStates = 128
    package var scanStates = 64

    /// The first configuration, with the tiling's number of positions for a trip of the scan.
    package init(tiling: Tiling = FusedBlocks.tilings[0]) {
        scanColumns = tiling.k
    }

    /// The autotuner's configurations. K is the number of positions in a trip of the scan.
    package static let tilings = [Tiling(k: 32, warps: 4, stages: 1), Tiling(k: 64, warps: 8, stages: 1)]
}

/// Choices of a fused call that change types and addresses, but not the order of its operations.
package struct FusedOptions: Equatable, Sendable {
    /// Whether the states between chunks are fp32 instead of B's type.
    package var hasFloatStates = false
    /// Whether the products C Bᵀ are fp32 instead of x's type.
    package var hasFloatProducts = false
    /// Whether blocks take their number from a ticket. Otherwise the launch numbers them.
    package var takesTickets = true

    package init() {}
}
