/// What a launch and its blocks cost apart from their own instructions and data.
package struct LaunchSettings: Equatable, Sendable {
    /// Nanoseconds by which a launch lasts longer than its blocks' span.
    package var overheadNanoseconds: Double
    /// Cycles between two block starts of the whole GPU.
    package var blockIntervalCycles: Double
    /// Cycles from a block's end to the next block's start in its slot.
    package var turnaroundCycles: Double
    /// Cycles that every block spends besides its stages.
    package var blockBaseCycles: Double
    /// Further cycles of a block of the first wave (cold instruction and constant caches).
    package var firstWaveCycles: Double
    /// Width in cycles of the spread of `firstWaveCycles` over the clusters of SMs, which fetch instructions together.
    package var firstWaveSpreadCycles: Double
    /// L2 sectors that a launch reads besides its blocks' requests: instructions, constants, arguments.
    package var constantSectors: Int
    /// L2 sectors of the same kind per active SM.
    package var constantSectorsPerSM: Int
    /// Sectors of the same kind that cross between the L2 partitions.
    package var constantFabricSectors: Int
    /// Sectors of the same kind that cross between the L2 partitions, per active SM.
    package var constantFabricSectorsPerSM: Int
}
