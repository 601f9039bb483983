import Trace

/// What the compiler makes of each kernel: instruction mix by stage, registers and shared memory.
///
/// Instructions are counted from a kernel's operations and priced by `InstructionPrices`; docs/cost-model.md states the
/// formulas and their errors against measured launches.
package enum CostModel {
    /// Instructions per warp of `kernel` at `tiling`.
    ///
    /// A trip is one chunk in the state-passing kernels, one head in ch_state_bwd_db, ch_scan_bwd_dc and
    /// ch_scan_bwd_dcb, and one step of the loop over the reduced dimension elsewhere; kernels without a loop have an
    /// empty trip.
    ///
    /// - Parameter recomputing: state_pass_fwd in the backward pass, which writes f32 states and is unrolled.
    /// - Returns: all zero for a kernel that is not known.
    package static func stageCosts(
        kernel: String, tiling: Tiling, shape: SSDShape, recomputing: Bool = false
    ) -> StageCosts {
        let mix: StageMix
        switch kernel {
        case "ch_cumsum_fwd": mix = chunkCumulativeSumForward(tiling: tiling, shape: shape)
        case "ch_state_fwd": mix = chunkStateForward(tiling: tiling, shape: shape)
        case "state_pass_fwd": mix = statePassingForward(tiling: tiling, recomputing: recomputing, shape: shape)
        case "bmm_ch_fwd": mix = chunkProductForward(tiling: tiling, shape: shape)
        case "ch_scan_fwd": mix = chunkScanForward(tiling: tiling, shape: shape)
        case "ch_scan_bwd_dz": mix = gateBackward(tiling: tiling, shape: shape)
        case "ch_scan_bwd_dstates": mix = stateGradient(tiling: tiling, shape: shape)
        case "state_pass_bwd": mix = statePassingBackward(tiling: tiling, shape: shape)
        case "ch_scan_ch_state_bwd_dx": mix = inputGradient(tiling: tiling, shape: shape)
        case "ch_state_bwd_db", "ch_scan_bwd_dc": mix = headProductGradient(tiling: tiling, shape: shape)
        case "ch_scan_bwd_dcb": mix = chunkProductGradient(tiling: tiling, shape: shape)
        case "bmm_ch_bwd": mix = chunkProductBackward(tiling: tiling, shape: shape)
        case "ch_scan_bwd_ddacs": mix = decayGradient(tiling: tiling, shape: shape)
        case "ch_cumsum_bwd": mix = chunkCumulativeSumBackward(tiling: tiling, shape: shape)
        default: mix = StageMix()
        }
        return mix.costs
    }

    /// A block of ch_scan_bwd_dcb whose tile lies above the diagonal: it stores zeros and returns.
    package static func skippedTile(tiling: Tiling, shape: SSDShape) -> ComputeWork {
        chunkProductGradientSkipped(tiling: tiling, shape: shape).work
    }

    /// Registers and shared memory of `kernel` at `tiling`.
    ///
    /// Registers come from the table of compiled kernels where the tiling and what else decides them stand in it;
    /// shared memory follows the same formula everywhere, which gives the table's values exactly.
    package static func resources(
        kernel: String, tiling: Tiling, shape: SSDShape, recomputing: Bool = false
    ) -> CompiledResources {
        if kernel == SSDFused.kernel { return FusedResources.resources(tiling: tiling, shape: shape) }
        if let compiled = CompiledTable.entry(kernel: kernel, tiling: tiling, shape: shape, recomputing: recomputing) {
            return CompiledResources(
                registersPerThread: compiled.registers, sharedMemoryBytes: compiled.sharedMemoryBytes,
                spillBytesPerThread: CompiledTable.spillBytes(of: compiled, kernel: kernel, shape: shape),
                isEstimated: false)
        }
        return CompiledResources(
            registersPerThread: RegisterEstimate.registers(
                kernel: kernel, tiling: tiling, shape: shape, recomputing: recomputing),
            sharedMemoryBytes: SharedMemoryEstimate.bytes(
                kernel: kernel, tiling: tiling, shape: shape, recomputing: recomputing),
            isEstimated: true)
    }
}
