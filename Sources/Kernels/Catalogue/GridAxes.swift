import Trace

/// One axis of a grid.
package enum GridAxis: Character, CaseIterable, Sendable {
    case x = "x", y = "y", z = "z"

    /// How many blocks the grid has along the axis.
    package func extent(of grid: Grid) -> Int {
        switch self {
        case .x: grid.x
        case .y: grid.y
        case .z: grid.z
        }
    }
}

/// What the axes of a kernel's grid stand for.
///
/// Where an axis stands for two things, the one that its larger part is counts: y of the scans is batch and chunk, the
/// batch faster; z of bmm_ch_* chunk and group, the group faster; z of the kernels that split heads is group and split.
package struct GridAxes: Equatable, Sendable {
    /// The axis of chunks; nil where a block works on all chunks.
    package let chunk: GridAxis?
    /// The axis of heads; nil where a block's work is the same for all heads.
    package let head: GridAxis?

    /// The axes of kernels whose blocks work on one chunk and head.
    static let chunksAndHeads = GridAxes(chunk: .y, head: .z)
}
