/// Registers and shared memory of ssd_fused.
///
/// Every sm_90 variant has 128 registers, the cap that its configurations set. The shared memory holds the largest pair
/// of operands that lies there at once. *Source:* compiled/fused_resources.csv.
enum FusedResources {
    static func resources(tiling: Tiling, shape: SSDShape) -> CompiledResources {
        CompiledResources(
            registersPerThread: 128, sharedMemoryBytes: sharedMemoryBytes(tiling: tiling, shape: shape),
            isEstimated: !isCompiled(tiling: tiling, shape: shape))
    }

    /// Dynamic shared memory. The candidates are role 2's factors, x and B of the chunk state, the leading product's
    /// factors, and the operands of a scan trip.
    private static func sharedMemoryBytes(tiling: Tiling, shape: SSDShape) -> Int {
        let blocks = FusedBlocks(tiling: tiling)
        let bytes = shape.elementType.byteCount
        let whole = max(16, shape.stateDim.nextPowerOfTwo)
        let depth = whole <= blocks.wholeStates ? whole : blocks.scanStates
        let pairs = [
            (blocks.productRows + blocks.productColumns) * blocks.productDepth,
            (blocks.channels + blocks.states) * blocks.positions,
            (blocks.scanRows + blocks.channels) * depth,
            (blocks.scanRows + blocks.channels) * blocks.scanColumns,
        ]
        return (pairs.max() ?? 0) * bytes
    }

    /// Whether a compiled variant has this tiling and the other properties that decide the code.
    private static func isCompiled(tiling: Tiling, shape: SSDShape) -> Bool {
        tiling == FusedBlocks.tilings[0] && shape.elementType.byteCount == 2 && [64, 128].contains(shape.headDim)
            && [64, 128].contains(shape.stateDim) && [128, 256].contains(shape.chunkSize) && shape.skip == .perHead
            && shape.hasTimeStepBias && !shape.hasGate && !shape.hasSequenceIndex
    }
}
