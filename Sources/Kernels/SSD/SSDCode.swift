/// What the compiler makes of a kernel of the SSD call: instructions by stage, registers and shared memory.
struct SSDCode: Sendable {
    typealias Entries = [Tiling: CompiledTable.Entry]

    /// Instructions per warp. A trip is one chunk in the state-passing kernels, one head in ch_state_bwd_db,
    /// ch_scan_bwd_dc and ch_scan_bwd_dcb, and one step of the loop over the reduced dimension elsewhere; kernels
    /// without a loop have an empty trip.
    let mix: @Sendable (SSDVariant) -> StageMix
    /// Registers of a thread where the compiled tilings do not have them, not yet rounded.
    let registers: @Sendable (SSDVariant) -> Double
    /// Dynamic shared memory in bytes.
    let sharedMemory: @Sendable (SSDVariant) -> Int
    /// The compiled tilings of a variant.
    let compiled: @Sendable (SSDVariant) -> Entries
    /// Whether a shape agrees with the compiled one in what decides this kernel's code, beside what decides every
    /// kernel's.
    ///
    /// Batch, heads, groups, chunks and the masked sizes are run-time values; the padded head and state dimensions and
    /// the chunk of the cumulative sums are compiled in.
    let isCompiled: @Sendable (SSDShape) -> Bool
    /// Bytes of spilled registers that a batch of one saves a thread.
    let spillSavedByBatchOfOne: Int

    init(
        mix: @escaping @Sendable (SSDVariant) -> StageMix, registers: @escaping @Sendable (SSDVariant) -> Double,
        sharedMemory: @escaping @Sendable (SSDVariant) -> Int, compiled: @escaping @Sendable (SSDVariant) -> Entries,
        isCompiled: @escaping @Sendable (SSDShape) -> Bool = { _ in true }, spillSavedByBatchOfOne: Int = 0
    ) {
        self.mix = mix
        self.registers = registers
        self.sharedMemory = sharedMemory
        self.compiled = compiled
        self.isCompiled = isCompiled
        self.spillSavedByBatchOfOne = spillSavedByBatchOfOne
    }

    /// Registers and shared memory.
    ///
    /// Registers come from the table of compiled kernels where the tiling and what else decides them stand in it;
    /// shared memory follows the same formula everywhere, which gives the table's values exactly.
    func resources(_ variant: SSDVariant) -> CompiledResources {
        let shape = variant.shape
        if CompiledTable.covers(shape), isCompiled(shape), let entry = compiled(variant)[variant.tiling] {
            let saved = shape.batch == 1 ? spillSavedByBatchOfOne : 0
            return CompiledResources(
                registersPerThread: entry.registers, sharedMemoryBytes: entry.sharedMemoryBytes,
                spillBytesPerThread: max(0, entry.spillBytes - saved), isEstimated: false)
        }
        return CompiledResources(
            registersPerThread: RegisterEstimate.whole(registers(variant), tiling: variant.tiling),
            sharedMemoryBytes: sharedMemory(variant), isEstimated: true)
    }
}
