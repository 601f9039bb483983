/// Registers and dynamic shared memory of the tilings that were compiled.
enum CompiledTable {
    /// What one tiling was given.
    struct Entry: Equatable, Sendable {
        /// 32-bit registers of a thread.
        var registers: Int
        /// Dynamic shared memory in bytes.
        var sharedMemoryBytes: Int
        /// Bytes of a thread's local memory for spilled registers.
        var spillBytes = 0
    }

    /// The compiled entry of `kernel` at `tiling`, or nil where the tiling or what else decides it is not in the table.
    static func entry(kernel: String, tiling: Tiling, shape: SSDShape, recomputing: Bool) -> Entry? {
        guard matches(kernel: kernel, shape: shape) else { return nil }
        var name = kernel
        if kernel == "state_pass_fwd", recomputing { name += "/recomputing" }
        if kernel == "ch_scan_fwd", shape.hasGate { name += "/gated" }
        return (forward[name] ?? backward[name])?[tiling]
    }

    /// What a thread of `kernel` spills at `shape`, given what the compiled kernel (batch of 2) does.
    ///
    /// A batch of one is known to the compiler of ch_scan_fwd and leaves the addresses, which frees a pair of registers.
    /// *Source:* tile 64 by 64 by 32 has no local traffic in h200_ssd.csv m8b_s4096_c128 and h200_tilings.csv
    /// m2.7b_s2048_c256 (batch of 1), and some in h200_ssd.csv m1.3b_b4_s2048_c64 (batch of 4).
    static func spillBytes(of entry: Entry, kernel: String, shape: SSDShape) -> Int {
        kernel == "ch_scan_fwd" && shape.batch == 1 ? max(0, entry.spillBytes - 8) : entry.spillBytes
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
