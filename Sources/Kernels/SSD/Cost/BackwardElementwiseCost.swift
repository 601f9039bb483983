extension CostModel {
    /// ch_scan_bwd_dz: the gate's gradient by element, without a loop. No measured launch has this kernel, so its mix
    /// is split from compiled code.
    static func gateBackward(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let columns = max(16, shape.headDim.nextPowerOfTwo)
        let elements = geometry.elements(rows: tiling.m, columns: columns)
        let vectors = geometry.vectors(rows: tiling.m, columns: columns, bytes: shape.elementType.byteCount)
        var mix = StageMix()
        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.division, times: shape.batch > 1 ? 1 : 0)
        mix.prologue.memory += (shape.skip == .none ? 3 : 4) * vectors
        mix.prologue.add(InstructionMix(fma: 16, alu: 9, special: 2, other: 3.8), times: elements)
        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.memory += 2 * vectors + 4
        mix.epilogue.shuffle += 7
        return mix
    }

    /// state_pass_bwd: two loads, two bf16 stores and a block-wide sum a chunk.
    static func statePassingBackward(_ variant: SSDVariant) -> StageMix {
        let tiling = variant.tiling
        let elements = Double(tiling.block) / Double(tiling.threads)
        let loads = max(1, elements / 4)
        let stores = max(1, elements / 8)
        var mix = StageMix()
        mix.prologue.add(InstructionMix(fma: 18, alu: 20, memory: stores, other: 42))
        mix.trip.add(
            InstructionMix(
                fma: 19.5, alu: 12.6, special: 1, memory: 6 + 2 * (loads + stores), shuffle: 7, other: 8))
        mix.trip.add(InstructionMix(fma: 2.7, alu: 3.1, other: 1.25), times: elements)
        // From eight elements a thread on, bf16 stores of 16 bytes need another layout than f32 loads of 16 bytes.
        if elements >= 8 { mix.trip.add(InstructionMix(fma: 13, alu: 3.2, memory: 8, other: 0.7)) }
        mix.epilogue.add(InstructionMix(fma: 13.6, alu: 14.8, memory: 1 + loads + stores, other: 32))
        return mix
    }

    /// ch_cumsum_bwd: softplus and its derivative by element, sums by head, and two atomics, without a loop.
    static func chunkCumulativeSumBackward(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let elements = Double(tiling.heads * shape.chunkSize.nextPowerOfTwo) / Double(tiling.threads)
        var mix = StageMix()
        mix.prologue.add(InstructionMix(fma: 20, alu: 24, memory: 8, other: 50))
        mix.prologue.add(
            InstructionMix(fma: 32.7, alu: 29.8, special: 3, memory: 3.2, shuffle: 2, other: 3.5), times: elements)
        mix.epilogue.add(InstructionMix(fma: 15, alu: 15, memory: 4, other: 28))
        return mix
    }
}
