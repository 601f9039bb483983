extension CostModel {
    /// ch_state_bwd_db and ch_scan_bwd_dc: one product of depth P a head, row sums by atomics, f32 store.
    static func headProductGradient(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let accumulators = geometry.elements(rows: tiling.m, columns: tiling.n)
        let rows = geometry.accumulatorRows(rows: tiling.m, columns: tiling.n)
        var mix = headLoop(geometry, tiling: tiling, shape: shape)

        // The tile of B or C that the row sums need.
        mix.prologue.add(InstructionPrices.plainAccess, times: accumulators / 8)
        mix.prologue.memory += 3 * accumulators / 8

        mix.trip.add(InstructionPrices.headStep)
        mix.trip.add(InstructionPrices.headElement, times: accumulators)
        mix.trip.add(InstructionPrices.headRow, times: rows)
        mix.trip.add(InstructionPrices.exponential, times: tiling.m >= geometry.threads ? 1 : rows)
        mix.trip.memory += 8 + 2 * rows
        mix.trip.shuffle += 2 * rows
        return mix
    }

    /// ch_scan_bwd_dcb: one product of depth P a head, decayed and accumulated, f32 store.
    static func chunkProductGradient(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let accumulators = geometry.elements(rows: tiling.m, columns: tiling.n)
        let columnWarps =
            geometry.usesWarpgroups(rows: tiling.m)
            ? 1 : geometry.warpSplit(rows: tiling.m, columns: tiling.n).columns
        var mix = headLoop(geometry, tiling: tiling, shape: shape)
        mix.trip.add(InstructionPrices.headAddress)
        mix.trip.add(InstructionPrices.productGradientElement, times: accumulators)
        // dt and dA of a thread's columns and rows, straight from global memory.
        mix.trip.addNarrowAccesses(
            Double(tiling.n) / Double(4 * columnWarps) + geometry.accumulatorRows(rows: tiling.m, columns: tiling.n))
        return mix
    }

    /// A tile of ch_scan_bwd_dcb above the diagonal: coordinates, addresses and the store of zeros.
    static func chunkProductGradientSkipped(tiling: Tiling, shape: SSDShape) -> InstructionMix {
        var mix = InstructionMix()
        mix.add(InstructionPrices.frame)
        mix.add(InstructionPrices.division, times: shape.groupDivisions)
        mix.add(InstructionPrices.skippedTile)
        mix.memory += TileGeometry(warps: tiling.warps).vectors(rows: tiling.m, columns: tiling.n, bytes: 4)
        return mix
    }

    /// ch_scan_bwd_ddacs: a product of depth P a step along the row, scanned, summed by column, stored.
    static func decayGradient(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let bytes = shape.elementType.byteCount
        let depth = max(16, shape.headDim.nextPowerOfTwo)
        let copies = geometry.vectors(rows: depth, columns: tiling.n, bytes: bytes)
        let operand = geometry.vectors(rows: tiling.m, columns: depth, bytes: bytes)
        let accumulators = geometry.elements(rows: tiling.m, columns: tiling.n)
        var mix = StageMix()

        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.division, times: shape.coordinateDivisions - 1)
        mix.prologue.add(InstructionPrices.plainAccess, times: operand)
        mix.prologue.memory += 3 * operand
        mix.prologue.add(InstructionPrices.copyAddress, times: copies)
        mix.prologue.addCopies(copies, groups: Double(tiling.stages - 1))

        mix.trip.addCopies(copies, groups: 1)
        mix.trip.addProduct(geometry, rows: tiling.m, columns: tiling.n, depth: depth, bytes: bytes)
        mix.trip.add(InstructionPrices.columnStep)
        mix.trip.add(InstructionPrices.columnScanElement, times: accumulators)
        mix.trip.memory += 34 + 1.2 * accumulators
        mix.trip.shuffle += 2.5 * accumulators

        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.memory += 1
        return mix
    }

    /// What the kernels that loop over heads share: two operand tiles by asynchronous copy, a product, an f32 store.
    private static func headLoop(_ geometry: TileGeometry, tiling: Tiling, shape: SSDShape) -> StageMix {
        let bytes = shape.elementType.byteCount
        let depth = max(16, shape.headDim.nextPowerOfTwo)
        let copies =
            geometry.vectors(rows: tiling.m, columns: depth, bytes: bytes)
            + geometry.vectors(rows: depth, columns: tiling.n, bytes: bytes)
        var mix = StageMix()
        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.division, times: shape.groupDivisions)
        mix.prologue.add(InstructionPrices.copyAddress, times: copies)
        mix.prologue.addCopies(copies, groups: Double(tiling.stages - 1))
        mix.trip.addCopies(copies, groups: 1)
        mix.trip.addProduct(geometry, rows: tiling.m, columns: tiling.n, depth: depth, bytes: bytes)
        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.addFloatStore(accumulators: geometry.elements(rows: tiling.m, columns: tiling.n))
        return mix
    }
}

extension SSDShape {
    /// Run-time divisions of the kernels that loop over heads: one for the tile row, one for the batch unless it is 1,
    /// one for the group unless it is 1.
    var groupDivisions: Double { 1 + (batch > 1 ? 1 : 0) + (groups > 1 ? 1 : 0) }
}
