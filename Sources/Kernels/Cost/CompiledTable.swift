/// Registers and dynamic shared memory of the tilings that were compiled.
enum CompiledTable {
    /// What one tiling was given.
    struct Entry: Equatable, Sendable {
        /// 32-bit registers of a thread.
        var registers: Int
        /// Dynamic shared memory in bytes.
        var sharedMemoryBytes: Int
    }

    /// The compiled entry of `kernel` at `tiling`, or nil where the tiling or what else decides it is not in the table.
    static func entry(kernel: String, tiling: Tiling, shape: SSDShape, recomputing: Bool) -> Entry? {
        guard matches(kernel: kernel, shape: shape) else { return nil }
        var name = kernel
        if kernel == "state_pass_fwd", recomputing { name += "/recomputing" }
        if kernel == "ch_scan_fwd", shape.hasGate { name += "/gated" }
        return (forward[name] ?? backward[name])?[tiling]
    }

    /// Whether `shape` agrees with the compiled one in what decides the code of `kernel`.
    ///
    /// Batch, heads, groups, chunks and the masked sizes are run-time values; the padded head and state dimensions and
    /// the chunk of the cumulative sums are compiled in.
    private static func matches(kernel: String, shape: SSDShape) -> Bool {
        guard shape.elementType.byteCount == 2, !shape.hasSequenceIndex, shape.sequenceLength % 16 == 0 else {
            return false
        }
        switch kernel {
        case "ch_cumsum_fwd", "ch_cumsum_bwd":
            return shape.chunkSize.nextPowerOfTwo == 256 && shape.timeStepType.byteCount == 2 && shape.hasTimeStepBias
        case "ch_scan_fwd", "ch_scan_ch_state_bwd_dx":
            return shape.stateDim.nextPowerOfTwo == 128 && shape.skip == .perHead
        case "state_pass_fwd", "state_pass_bwd":
            return !shape.hasInitialStates
        case "ch_scan_bwd_dz", "ch_state_bwd_db", "ch_scan_bwd_dc", "ch_scan_bwd_dcb", "ch_scan_bwd_ddacs":
            return shape.headDim.nextPowerOfTwo == 64
        default:
            return true
        }
    }
}
