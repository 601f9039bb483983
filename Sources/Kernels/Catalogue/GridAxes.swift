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
/// Some axes stand for two things; such an axis counts as the thing that makes up its larger part. In the scans, y is
/// batch and chunk, and the batch varies faster. In bmm_ch_*, z is chunk and group, and the group varies faster. In the
/// kernels that split heads, z is group and split.
package struct GridAxes: Equatable, Sendable {
    /// The axis of chunks; nil where a block works on all chunks.
    package let chunk: GridAxis?
    /// The axis of heads; nil where a block's work is the same for all heads.
    package let head: GridAxis?

    /// The axes of kernels whose blocks work on one chunk and head.
    static let chunksAndHeads = GridAxes(chunk: .y, head: .z)
}
