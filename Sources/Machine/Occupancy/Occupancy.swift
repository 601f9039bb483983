/// How many blocks of a launch fit an SM at one time, what prevents more, and how the SM's memory is then divided.
package struct Occupancy: Equatable, Sendable {
    /// Resident blocks per SM.
    package let blocksPerSM: Int
    /// Warps of one block.
    package let warpsPerBlock: Int
    /// Blocks that the block slots allow.
    package let limitByBlocks: Int
    /// Blocks that warps and threads allow.
    package let limitByWarps: Int
    /// Blocks that the register file allows.
    package let limitByRegisters: Int
    /// Blocks that the largest carve-out allows.
    package let limitBySharedMemory: Int
    /// The resource with the smallest limit. Of equal limits, the first in this order decides: shared memory,
    /// registers, warps, blocks.
    package let limitedBy: OccupancyLimit
    /// Shared-memory carve-out that the driver chooses, in bytes.
    package let carveOutBytes: Int
    /// L1 capacity that the carve-out leaves, in bytes.
    package let l1CapacityBytes: Int
}
