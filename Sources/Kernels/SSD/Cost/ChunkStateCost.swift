extension CostModel {
    /// ch_state_fwd: x and B tiles by asynchronous copy, B scaled in registers, one product a trip, f32 store.
    static func chunkStateForward(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let warpgroups = geometry.usesWarpgroups(rows: tiling.m)
        let bytes = shape.elementType.byteCount
        let copies =
            geometry.vectors(rows: tiling.m, columns: tiling.k, bytes: bytes)
            + geometry.vectors(rows: tiling.k, columns: tiling.n, bytes: bytes)
        let rows = geometry.rowsPerThread(rows: tiling.k, columns: tiling.n, bytes: bytes)
        // dA and dt of each row, one element a copy.
        let vectorCopies = 2 * rows
        let leadingGroups = Double(tiling.stages - 1)
        var mix = StageMix()

        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.stateEntry)
        mix.prologue.add(InstructionPrices.division, times: shape.coordinateDivisions)
        mix.prologue.add(InstructionPrices.copyAddress, times: copies)
        mix.prologue.addCopies(copies, groups: leadingGroups)
        mix.prologue.addVectorCopies(vectorCopies, groups: leadingGroups)
        mix.prologue.memory += 1

        mix.trip.addCopies(copies, groups: 1)
        mix.trip.addVectorCopies(vectorCopies, groups: 1)
        // For each row: its tile vector, dA and dt are read from shared memory, and the scaled vector is written back.
        mix.trip.add(InstructionPrices.scaledRow, times: rows)
        mix.trip.memory += 4 * rows
        if warpgroups {
            mix.trip.add(InstructionPrices.registerOperand)
            mix.trip.memory += 4
        }
        mix.trip.addUnaligned(vectors: 2, shape: shape)
        if shape.hasSequenceIndex {
            mix.trip.add(InstructionPrices.sequenceCompare, times: rows)
            mix.trip.addVectorCopies(rows, groups: 1)
            mix.trip.memory += rows
        }
        mix.trip.addProduct(geometry, rows: tiling.m, columns: tiling.n, depth: tiling.k, bytes: bytes)

        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.addFloatStore(accumulators: geometry.elements(rows: tiling.m, columns: tiling.n))
        return mix
    }
}

extension InstructionMix {
    /// `groups` times `count` asynchronous copies of one-dimensional tiles.
    mutating func addVectorCopies(_ count: Double, groups: Double) {
        add(InstructionPrices.vectorCopyIssue, times: groups * count)
        memory += groups * count
    }

    /// What `vectors` one-dimensional tiles add to a trip where the sequence length is no multiple of 16.
    mutating func addUnaligned(vectors: Double, shape: SSDShape) {
        if shape.sequenceLength % 16 != 0 { add(InstructionPrices.unalignedVector, times: vectors) }
    }
}

extension SSDShape {
    /// Run-time divisions that decode the block's coordinates: one for the tile row, one for the batch unless it is 1,
    /// one for the head in its group unless a group has one head.
    var coordinateDivisions: Double { 1 + (batch > 1 ? 1 : 0) + (headsPerGroup > 1 ? 1 : 0) }
}
