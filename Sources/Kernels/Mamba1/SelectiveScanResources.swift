/// Registers, shared memory and spills of the selective scan's compiled kernels.
///
/// *Source:* mamba-ssm 2.3.2.post1, compiled with nvcc 13.0.88 for sm_90 as its setup does (`--use_fast_math`, B and C
/// per position, softplus). Registers, shared memory and every local sector of the four launches of h200_others.csv
/// agree.
enum SelectiveScanResources {
    /// What spilled registers cost, in 32-bit words of a thread. The fields are the parts of the program that move
    /// them.
    struct Spills: Equatable, Sendable {
        var frameBytes = 0
        var entryStores = 0
        /// Loads and stores of a chunk before its states.
        var leadLoads = 0
        var leadStores = 0
        var stateLoads = 0
        var stateStores = 0
        /// Loads and stores of a chunk after its states.
        var tailLoads = 0
        var tailStores = 0
        var exitLoads = 0
        var exitStores = 0
    }

    /// Registers, one row for each choice of threads and items. The columns: even and gated, even, uneven and gated,
    /// uneven.
    private static let forwardHalf = [
        [61, 61, 76, 78], [84, 84, 116, 116], [125, 125, 168, 168], [128, 128, 168, 166], [128, 128, 168, 168],
    ]
    private static let forwardFloat = [
        [64, 64, 78, 80], [93, 93, 123, 121], [141, 141, 189, 187], [145, 143, 168, 168], [144, 142, 168, 168],
    ]
    private static let backwardHalf = [
        [138, 138, 140, 138], [192, 198, 226, 224], [255, 255, 255, 255], [254, 255, 255, 254], [168, 168, 168, 168],
    ]
    private static let backwardFloat = [
        [125, 125, 148, 144], [184, 182, 202, 208], [245, 254, 255, 255], [254, 248, 255, 255], [168, 168, 168, 168],
    ]

    private static func column(_ shape: Mamba1Shape, _ geometry: SelectiveScanGeometry) -> Int {
        (geometry.isEven ? 0 : 2) + (shape.hasGate ? 0 : 1)
    }

    /// Resources of the forward kernel.
    static func forward(_ shape: Mamba1Shape, _ geometry: SelectiveScanGeometry) -> CompiledResources {
        let bytes = shape.elementType.byteCount
        let table = bytes == 2 ? forwardHalf : forwardFloat
        return CompiledResources(
            registersPerThread: table[geometry.variant][column(shape, geometry)],
            sharedMemoryBytes: exchangeBytes(geometry, elementBytes: bytes) + (geometry.warps > 2 ? 64 : 32)
                + prefixBytes,
            isEstimated: shape.elementType == .f16)
    }

    /// Resources of the backward kernel.
    static func backward(_ shape: Mamba1Shape, _ geometry: SelectiveScanGeometry) -> CompiledResources {
        let bytes = shape.elementType.byteCount
        let table = bytes == 2 ? backwardHalf : backwardFloat
        // Two scans and a reduction. Each has room for every thread's total, and padding.
        let scans = geometry.warps == 1 ? 568 : geometry.warps == 2 ? 1088 : 2640
        let shared = exchangeBytes(geometry, elementBytes: bytes) + exchangeBytes(geometry, elementBytes: 4) + scans
        return CompiledResources(
            registersPerThread: table[geometry.variant][column(shape, geometry)],
            sharedMemoryBytes: shared + prefixBytes + 4 * (geometry.threads + 4 * Mamba1Shape.mostStates),
            spillBytesPerThread: backwardSpills(shape, geometry)?.frameBytes ?? 0,
            isEstimated: shape.elementType == .f16 || !shape.hasSoftplus)
    }

    /// Room in which two rows of a chunk (B and C, or their gradients) change lanes. Every 32 words have one word of
    /// padding.
    private static func exchangeBytes(_ geometry: SelectiveScanGeometry, elementBytes: Int) -> Int {
        let elements = geometry.chunkLength
        return 2 * elementBytes * (geometry.items > 4 ? elements / 32 * 33 : elements)
    }

    /// One running pair for each possible state.
    private static let prefixBytes = 8 * Mamba1Shape.mostStates

    /// Spills of the backward kernel. Three blocks of 128 threads an SM leave a thread 168 registers, which are too few
    /// for its five rows.
    static func backwardSpills(_ shape: Mamba1Shape, _ geometry: SelectiveScanGeometry) -> Spills? {
        guard geometry.warps == 4 else { return nil }
        let tables = shape.elementType.byteCount == 2 ? halfSpills : floatSpills
        return tables[column(shape, geometry)]
    }

    private static let halfSpills = [
        Spills(
            frameBytes: 128, entryStores: 5, leadLoads: 1, leadStores: 29, stateLoads: 39, stateStores: 16,
            tailLoads: 18,
            tailStores: 1, exitLoads: 2),
        Spills(
            frameBytes: 128, entryStores: 5, leadLoads: 1, leadStores: 30, stateLoads: 43, stateStores: 16,
            tailLoads: 17,
            tailStores: 1, exitLoads: 2),
        Spills(
            frameBytes: 376, entryStores: 15, leadLoads: 8, leadStores: 98, stateLoads: 101, stateStores: 32,
            tailLoads: 54,
            tailStores: 17, exitLoads: 6),
        Spills(
            frameBytes: 288, entryStores: 5, leadLoads: 1, leadStores: 85, stateLoads: 85, stateStores: 35,
            tailLoads: 36,
            tailStores: 17, exitLoads: 2),
    ]
    private static let floatSpills = [
        Spills(
            frameBytes: 96, entryStores: 5, leadLoads: 1, leadStores: 18, stateLoads: 36, stateStores: 3, tailLoads: 2,
            tailStores: 1, exitLoads: 2, exitStores: 2),
        Spills(
            frameBytes: 96, entryStores: 5, leadLoads: 1, leadStores: 3, stateLoads: 28, stateStores: 24, tailLoads: 3,
            tailStores: 1, exitLoads: 2, exitStores: 2),
        Spills(
            frameBytes: 296, entryStores: 15, leadLoads: 8, leadStores: 78, stateLoads: 80, stateStores: 32,
            tailLoads: 50,
            tailStores: 17, exitLoads: 6),
        Spills(
            frameBytes: 208, entryStores: 5, leadLoads: 1, leadStores: 63, stateLoads: 64, stateStores: 30,
            tailLoads: 32,
            tailStores: 15, exitLoads: 2),
    ]
}
