/// What a launch and its blocks cost apart from their own instructions and data.
package struct LaunchSettings: Equatable, Sendable {
    /// Nanoseconds that a launch lasts longer than the span of its blocks.
    package var overheadNanoseconds: Double = 0
    /// Cycles between two block starts of the whole GPU.
    package var blockIntervalCycles: Double = 0
    /// Cycles from a block's end to the start of the next block in its slot.
    package var turnaroundCycles: Double = 0
    /// Cycles that every block spends besides its stages.
    package var blockBaseCycles: Double = 0
    /// Further cycles of a block in the first wave (cold instruction and constant caches).
    package var firstWaveCycles: Double = 0
    /// `firstWaveCycles` differ between clusters of SMs, which fetch instructions together. They are spread over this
    /// many cycles.
    package var firstWaveSpreadCycles: Double = 0
    /// Further cycles of an SM's first blocks per instruction of the code, up to `fetchReachBytes`.
    package var fetchCyclesPerInstruction: Double = 0
    /// Bytes of code that are fetched at that rate.
    package var fetchReachBytes = 0
    /// Further cycles per instruction for the code beyond those bytes.
    package var farFetchCyclesPerInstruction: Double = 0
    /// L2 sectors that a launch reads in addition to its blocks' requests: instructions, constants, arguments.
    package var constantSectors = 0
    /// L2 sectors of the same kind for each active SM.
    package var constantSectorsPerSM = 0
    /// Sectors of the same kind that cross between the L2 partitions.
    package var constantFabricSectors = 0
    /// Sectors of the same kind that cross between the L2 partitions, for each active SM.
    package var constantFabricSectorsPerSM = 0
}

extension LaunchSettings {
    /// Bytes of an instruction. *Source:* SASS of compute capability 7.0 and later.
    private static let instructionBytes = 16

    /// Cycles that a block waits for instructions where an SM executes code of this length for the first time.
    package func fetchCycles(instructions: Int) -> Double {
        let near = min(instructions, fetchReachBytes / Self.instructionBytes)
        return Double(near) * fetchCyclesPerInstruction + Double(instructions - near) * farFetchCyclesPerInstruction
    }
}
