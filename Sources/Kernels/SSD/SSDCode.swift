/// What the compiler makes of a kernel of the SSD call: instructions by stage, registers and shared memory.
struct SSDCode: Sendable {
    typealias Entries = [Tiling: CompiledTable.Entry]

    /// Instructions per warp.
    ///
    /// A trip is one chunk in the state-passing kernels. It is one head in ch_state_bwd_db, ch_scan_bwd_dc and
    /// ch_scan_bwd_dcb. Elsewhere it is one step of the loop over the reduced dimension. Kernels without a loop have an
    /// empty trip.
    let mix: @Sendable (SSDVariant) -> StageMix
    /// Registers of a thread, not yet rounded, for tilings that are not among the compiled ones.
    let registers: @Sendable (SSDVariant) -> Double
    /// Dynamic shared memory in bytes.
    let sharedMemory: @Sendable (SSDVariant) -> Int
    /// The compiled tilings of a variant.
    let compiled: @Sendable (SSDVariant) -> Entries
    /// Whether a shape agrees with the compiled shape in what decides this kernel's code. `CompiledTable.covers`
    /// checks what decides every kernel's code.
    ///
    /// Batch, heads, groups, chunks and the masked sizes are run-time values. The padded head and state dimensions and
    /// the chunk of the cumulative sums are compiled in.
    let isCompiled: @Sendable (SSDShape) -> Bool
    /// Bytes of spilled registers that a thread saves where the batch is one.
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
    /// Registers come from the table of compiled kernels, if it has the tiling and the other properties that decide
    /// them. Shared memory always follows the formula, which gives the table's values exactly.
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
