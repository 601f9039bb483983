extension CostModel {
    /// ch_cumsum_fwd: bias, softplus, and a scan along the chunk; no loop.
    ///
    /// The time steps arrive with heads contiguous and change layout. A thread then holds runs of four steps of `rows`
    /// heads. Shuffles scan them within a warp, and shared memory across warps.
    static func chunkCumulativeSumForward(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let chunk = shape.chunkSize.nextPowerOfTwo
        let elements = Double(tiling.heads * chunk) / Double(tiling.threads)
        let warpsAlongChunk = max(1, min(tiling.warps, chunk / 128))
        let rows = max(1, Double(tiling.heads * warpsAlongChunk) / Double(tiling.warps))
        let runs = max(1, elements / 4)
        let loads = max(2, elements / Double(min(tiling.heads, 16 / shape.timeStepType.byteCount)))
        var mix = StageMix()

        mix.prologue.add(InstructionMix(fma: 25, alu: 30, other: 30))
        // Softplus: exponential, logarithm by polynomial, select. Then the clamp.
        mix.prologue.add(InstructionMix(fma: 16.3, alu: 14.6, special: 1, other: 0.6), times: elements)
        mix.prologue.memory += loads + max(4, 0.75 * elements)
        if shape.hasTimeStepBias { mix.prologue.memory += rows } else { mix.prologue.fma -= elements }
        if shape.heads % 16 != 0 { mix.prologue.add(InstructionMix(fma: 14, alu: 16)) }

        // The product with A, the scan, and two stores.
        mix.epilogue.add(InstructionMix(fma: 5, alu: 5, other: 0.3), times: elements)
        mix.epilogue.shuffle += 6 * runs
        mix.epilogue.memory += rows + 2 * runs + max(1, 0.75 * elements)
        return mix
    }

    /// state_pass_fwd: per chunk, one load, one multiply-add an element and one store.
    static func statePassingForward(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let recomputing = variant.isRecomputing
        let elements = Double(tiling.block) / Double(tiling.threads)
        let loads = max(1, elements / 4)
        // Above four elements a thread, the compiler splits accesses in two and spends more on addresses and masks.
        let wide = elements >= 8
        var mix = StageMix()
        if recomputing {
            mix.prologue.add(InstructionMix(fma: 6, alu: 19, memory: loads, other: 66))
            mix.trip.add(InstructionMix(fma: 4, alu: 3.5, special: 1, memory: 1 + 2 * loads, other: 4))
            mix.trip.add(
                wide ? InstructionMix(fma: 1.5, alu: 1.3, other: 0.3) : InstructionMix(fma: 1, alu: 0.9),
                times: elements)
        } else {
            let stores = max(1, elements / 8)
            mix.prologue.add(InstructionMix(fma: 21, alu: 18, memory: stores, other: 34))
            mix.trip.add(InstructionMix(fma: 5, alu: 5, special: 1, memory: 1 + loads + stores, other: 10))
            mix.trip.add(InstructionMix(fma: 1.1, alu: 1, other: 0.5), times: elements)
            // bf16 stores of 16 bytes need another layout than f32 loads of 16 bytes.
            if wide { mix.trip.memory += 4 }
        }
        if shape.hasInitialStates { mix.prologue.memory += loads }
        if shape.hasSequenceIndex { mix.trip.add(InstructionMix(fma: 1, alu: 4, memory: 1)) }
        return mix
    }
}
