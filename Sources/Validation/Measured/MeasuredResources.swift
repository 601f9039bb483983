import Content
import Trace

/// The launch parameters in a row of a measured table, under either set of column names. One set is grid_x, grid_y,
/// grid_z, threads_per_block, registers_per_thread, shared_bytes_per_block. The other is grid (as 1x32x128), threads,
/// registers, shared_bytes.
package struct MeasuredResources: Equatable, Sendable {
    package let grid: Grid
    package let threadsPerBlock: Int
    package let registersPerThread: Int
    /// Shared memory of a block without the hardware's reserve.
    package let sharedMemoryBytesPerBlock: Int

    /// Reads a row.
    /// - Parameter sharedReserveBytes: bytes that the hardware adds to each block's shared memory. The table includes
    ///   them.
    /// - Throws: `ReferenceError` for missing or impossible values.
    package init(row: ReferenceRow, sharedReserveBytes: Int) throws(ReferenceError) {
        let isShort = row.text("grid") != nil
        let largestSide = TraceLimits.blocks - 1
        grid =
            isShort
            ? try Self.grid(of: row)
            : Grid(
                x: try row.requiredCount("grid_x", most: largestSide),
                y: try row.requiredCount("grid_y", most: largestSide),
                z: try row.requiredCount("grid_z", most: largestSide))
        let plane = grid.x.multipliedReportingOverflow(by: grid.y)
        let blocks = plane.partialValue.multipliedReportingOverflow(by: grid.z)
        guard !plane.overflow, !blocks.overflow, blocks.partialValue < TraceLimits.blocks else {
            throw ReferenceError(
                file: row.file, line: row.line, cause: "the grid has \(grid.x) x \(grid.y) x \(grid.z) blocks",
                cure: "write a grid of fewer than 2^31 blocks")
        }
        threadsPerBlock = try row.requiredCount(
            isShort ? "threads" : "threads_per_block", most: LaunchLimit.threadsPerBlock)
        registersPerThread = try row.requiredCount(
            isShort ? "registers" : "registers_per_thread", most: LaunchLimit.registersPerThread)
        let sharedBytes = try row.requiredCount(
            isShort ? "shared_bytes" : "shared_bytes_per_block", most: TraceLimits.sharedMemoryBytes)
        sharedMemoryBytesPerBlock = max(0, sharedBytes - sharedReserveBytes)
    }

    /// The grid in a column with a value such as 1x32x128.
    private static func grid(of row: ReferenceRow) throws(ReferenceError) -> Grid {
        let text = try row.required("grid")
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard sides.count == 3, sides.allSatisfy({ $0 > 0 && $0 < 1 << 31 }) else {
            throw ReferenceError(
                file: row.file, line: row.line, cause: "'grid' is '\(text)'", cure: "write XxYxZ, such as 1x32x128")
        }
        return Grid(x: sides[0], y: sides[1], z: sides[2])
    }
}
