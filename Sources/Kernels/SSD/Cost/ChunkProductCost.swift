extension CostModel {
    /// bmm_ch_fwd: C and B tiles by asynchronous copy, one product a trip over the state dimension, f32 store.
    static func chunkProductForward(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let bytes = shape.elementType.byteCount
        let copies =
            geometry.vectors(rows: tiling.m, columns: tiling.k, bytes: bytes)
            + geometry.vectors(rows: tiling.k, columns: tiling.n, bytes: bytes)
        let accumulators = geometry.elements(rows: tiling.m, columns: tiling.n)
        var mix = StageMix()

        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.division, times: shape.groups > 1 ? 2 : 1)
        mix.prologue.add(InstructionPrices.copyAddress, times: copies)
        mix.prologue.addCopies(copies, groups: Double(tiling.stages - 1))

        mix.trip.addCopies(copies, groups: 1)
        mix.trip.addProduct(geometry, rows: tiling.m, columns: tiling.n, depth: tiling.k, bytes: bytes)

        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.addFloatStore(accumulators: accumulators)
        if shape.hasSequenceIndex {
            mix.epilogue.add(InstructionPrices.sequenceCompare, times: accumulators)
        }
        return mix
    }
}

extension InstructionMix {
    /// `groups` groups of `count` asynchronous 16-byte copies, with their commits.
    mutating func addCopies(_ count: Double, groups: Double) {
        add(InstructionPrices.copyIssue, times: groups * count)
        memory += groups * (count + InstructionPrices.groupMemory)
    }

    /// One trip's product with loop control, waits and barriers.
    mutating func addProduct(_ geometry: TileGeometry, rows: Int, columns: Int, depth: Int, bytes: Int) {
        let product = geometry.product(rows: rows, columns: columns, depth: depth, bytes: bytes)
        add(geometry.usesWarpgroups(rows: rows) ? InstructionPrices.warpgroupTrip : InstructionPrices.warpTrip)
        tensor += product.tensor
        products += product.products
        memory += product.matrixLoads
    }

    /// f32 accumulators change layout through shared memory and are stored 16 bytes a thread.
    mutating func addFloatStore(accumulators: Double) {
        add(InstructionPrices.storeFloat, times: accumulators)
        memory += 3 * accumulators / 4
    }
}
