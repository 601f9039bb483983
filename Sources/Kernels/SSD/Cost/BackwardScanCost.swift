extension CostModel {
    /// ch_scan_bwd_dstates: dout scaled in registers, C by asynchronous copy, f32 store.
    static func stateGradient(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let bytes = shape.elementType.byteCount
        let copies =
            geometry.vectors(rows: tiling.m, columns: tiling.k, bytes: bytes)
            + geometry.vectors(rows: tiling.k, columns: tiling.n, bytes: bytes)
        let vectorCopies = geometry.rowsPerThread(rows: tiling.k, columns: tiling.m, bytes: bytes)
        let operand = geometry.operandElements(tiling: tiling)
        let exponentials = Double(tiling.k) / 4
        var mix = StageMix()

        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.division, times: shape.coordinateDivisions)
        mix.prologue.add(InstructionPrices.copyAddress, times: copies)
        mix.prologue.addCopies(copies, groups: Double(tiling.stages - 1))
        mix.prologue.addVectorCopies(vectorCopies, groups: Double(tiling.stages - 1))

        mix.trip.addCopies(copies, groups: 1)
        mix.trip.addVectorCopies(vectorCopies, groups: 1)
        mix.trip.add(InstructionPrices.exponential, times: exponentials)
        mix.trip.add(InstructionPrices.scaledElement, times: operand)
        mix.trip.memory += Double(tiling.k) / 8
        if geometry.usesWarpgroups(rows: tiling.m) {
            mix.trip.add(InstructionPrices.registerOperand)
            mix.trip.memory += operand / 8
        }
        mix.trip.addUnaligned(vectors: 1, shape: shape)
        mix.trip.addProduct(geometry, rows: tiling.m, columns: tiling.n, depth: tiling.k, bytes: bytes)

        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.addFloatStore(accumulators: geometry.elements(rows: tiling.m, columns: tiling.n))
        return mix
    }

    /// ch_scan_ch_state_bwd_dx: the leading product with the states' gradients, then trips along the chunk from the
    /// diagonal on.
    static func inputGradient(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let bytes = shape.elementType.byteCount
        let copies =
            geometry.vectors(rows: tiling.m, columns: tiling.k, bytes: 4)
            + geometry.vectors(rows: tiling.k, columns: tiling.n, bytes: bytes)
        // CB arrives transposed, so each of a thread's columns needs its dA.
        let vectorCopies = geometry.rowsPerThread(rows: tiling.k, columns: tiling.m, bytes: 4)
        let decayed = geometry.elements(rows: tiling.m, columns: tiling.k)
        let accumulators = geometry.elements(rows: tiling.m, columns: tiling.n)
        let rowPerThread = tiling.m >= geometry.threads
        let rows = rowPerThread ? 1 : geometry.accumulatorRows(rows: tiling.m, columns: tiling.n)
        var mix = StageMix()

        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.division, times: shape.coordinateDivisions)
        mix.prologue.add(InstructionPrices.exponential, times: rows)
        mix.prologue.memory += rows + 4
        mix.prologue.addLeadingProduct(
            geometry, rows: tiling.m, columns: tiling.n, stateDim: shape.stateDim, step: tiling.k,
            stages: tiling.stages, bytes: bytes)
        mix.prologue.add(InstructionPrices.rowScale, times: accumulators)
        mix.prologue.add(InstructionPrices.copyAddress, times: copies)
        mix.prologue.addCopies(copies, groups: Double(tiling.stages - 1))
        mix.prologue.addVectorCopies(vectorCopies, groups: Double(tiling.stages - 1))

        mix.trip.addCopies(copies, groups: 1)
        mix.trip.addVectorCopies(vectorCopies, groups: 1)
        mix.trip.add(InstructionPrices.transposedVector, times: vectorCopies)
        mix.trip.add(InstructionPrices.decayElement, times: decayed)
        // The time step is applied once after the loop, not to each element in it.
        mix.trip.fma -= decayed
        mix.trip.addNarrowAccesses(1.25 * decayed)
        mix.trip.memory += 2 * vectorCopies - InstructionPrices.groupMemory
        if geometry.usesWarpgroups(rows: tiling.m) { mix.trip.add(InstructionPrices.registerOperand) }
        mix.trip.addUnaligned(vectors: 1, shape: shape)
        mix.trip.addProduct(geometry, rows: tiling.m, columns: tiling.n, depth: tiling.k, bytes: bytes)

        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.add(InstructionPrices.storeHalf, times: accumulators)
        if shape.skip != .none { mix.epilogue.add(InstructionPrices.skipAdd, times: accumulators) }
        mix.epilogue.add(InstructionPrices.inputGradientElement, times: accumulators)
        mix.epilogue.add(InstructionPrices.inputGradientExit)
        // dout and x are read and dx is written, each with a change of layout. Row sums go through shuffles and shared
        // memory.
        mix.epilogue.memory += 1.5 * accumulators + 40 + (rowPerThread ? 50 : 0)
        mix.epilogue.shuffle += accumulators / 2 + 7
        return mix
    }

    /// bmm_ch_bwd: the f32 gradient tile is cast in registers, a trip over the chunk makes one product, the residual is
    /// added, and the result is stored as bf16.
    static func chunkProductBackward(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let bytes = shape.elementType.byteCount
        let copies =
            geometry.vectors(rows: tiling.m, columns: tiling.k, bytes: 4)
            + geometry.vectors(rows: tiling.k, columns: tiling.n, bytes: bytes)
        let accumulators = geometry.elements(rows: tiling.m, columns: tiling.n)
        let split = geometry.warpSplit(rows: tiling.m, columns: tiling.n)
        var mix = StageMix()

        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.division, times: shape.groups > 1 ? 2 : 1)
        mix.prologue.add(InstructionPrices.copyAddress, times: copies)
        mix.prologue.addCopies(copies, groups: Double(tiling.stages - 1))

        mix.trip.addCopies(copies, groups: 1)
        mix.trip.addNarrowAccesses(geometry.operandElements(tiling: tiling))
        mix.trip.addUnaligned(vectors: 1, shape: shape)
        mix.trip.addProduct(geometry, rows: tiling.m, columns: tiling.n, depth: tiling.k, bytes: bytes)
        if !geometry.usesWarpgroups(rows: tiling.m) {
            // LDS instead of LDSM reads the gradient tile.
            mix.trip.memory -= Double(tiling.m * tiling.k * bytes) / Double(512 * split.rows)
        }

        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.add(InstructionPrices.storeHalf, times: accumulators)
        mix.epilogue.add(InstructionPrices.residualElement, times: accumulators)
        mix.epilogue.memory += 1.125 * accumulators
        return mix
    }
}

extension TileGeometry {
    /// Elements of the left operand (M x K) in a thread's registers. With mma.sync, the warps along the columns hold
    /// the same elements.
    func operandElements(tiling: Tiling) -> Double {
        guard usesWarpgroups(rows: tiling.m) else {
            let split = warpSplit(rows: tiling.m, columns: tiling.n)
            return Double(tiling.m * tiling.k) / Double(32 * split.rows)
        }
        return elements(rows: tiling.m, columns: tiling.k)
    }
}
