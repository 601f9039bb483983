extension CostModel {
    /// ch_scan_fwd: the leading product with the previous states, then trips along the chunk, skip connection, gate,
    /// store.
    static func chunkScanForward(_ variant: SSDVariant) -> StageMix {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let geometry = TileGeometry(warps: tiling.warps)
        let warpgroups = geometry.usesWarpgroups(rows: tiling.m)
        let bytes = shape.elementType.byteCount
        let copies =
            geometry.vectors(rows: tiling.m, columns: tiling.k, bytes: 4)
            + geometry.vectors(rows: tiling.k, columns: tiling.n, bytes: bytes)
        let decayed = geometry.elements(rows: tiling.m, columns: tiling.k)
        let accumulators = geometry.elements(rows: tiling.m, columns: tiling.n)
        // dA and dt along the chunk: 16 bytes a copy.
        let vectorCopies = 2.0
        let leadingGroups = Double(tiling.stages - 1)
        var mix = StageMix()

        mix.prologue.add(InstructionPrices.frame)
        mix.prologue.add(InstructionPrices.division, times: shape.coordinateDivisions)
        mix.prologue.addScanRows(geometry, tiling: tiling)
        mix.prologue.addLeadingProduct(
            geometry, rows: tiling.m, columns: tiling.n, stateDim: shape.stateDim, step: tiling.k,
            stages: tiling.stages, bytes: bytes)
        mix.prologue.add(InstructionPrices.rowScale, times: accumulators)
        mix.prologue.add(InstructionPrices.copyAddress, times: copies)
        mix.prologue.addCopies(copies, groups: leadingGroups)
        mix.prologue.addVectorCopies(vectorCopies, groups: leadingGroups)

        mix.trip.addCopies(copies, groups: 1)
        mix.trip.addVectorCopies(vectorCopies, groups: 1)
        mix.trip.add(InstructionPrices.decayElement, times: decayed)
        // CB is read from shared memory, and the product's operand is written back through it.
        mix.trip.memory += decayed / 4 - InstructionPrices.groupMemory
        if warpgroups {
            mix.trip.add(InstructionPrices.registerOperand)
            mix.trip.memory += 8 + 4 * Double(tiling.warps)
        } else {
            mix.trip.memory += 8 + decayed / 4
        }
        mix.trip.addUnaligned(vectors: 2, shape: shape)
        mix.trip.addProduct(geometry, rows: tiling.m, columns: tiling.n, depth: tiling.k, bytes: bytes)

        mix.epilogue.add(InstructionPrices.frame)
        mix.epilogue.addScanOutput(accumulators: accumulators, shape: shape)
        return mix
    }
}

extension InstructionMix {
    /// Loads dA of the tile's rows in the layouts of CB and of the accumulators, and computes its exponentials.
    fileprivate mutating func addScanRows(_ geometry: TileGeometry, tiling: Tiling) {
        if tiling.m >= geometry.threads {
            // One row a thread, then spread over the threads through shared memory.
            add(InstructionPrices.exponential)
            memory += 13
        } else {
            let rows = geometry.accumulatorRows(rows: tiling.m, columns: tiling.n)
            add(InstructionPrices.exponential, times: rows)
            memory += rows + geometry.rowsPerThread(rows: tiling.m, columns: tiling.k, bytes: 4) + 4
        }
    }

    /// The product of C or B (`rows` x state) with the states (state x `columns`).
    ///
    /// Up to 128 states it is one product of plainly loaded tiles. Above, it is a pipelined loop in steps of `step`.
    mutating func addLeadingProduct(
        _ geometry: TileGeometry, rows: Int, columns: Int, stateDim: Int, step: Int, stages: Int, bytes: Int
    ) {
        let depth = max(16, stateDim.nextPowerOfTwo)
        guard depth > 128 else {
            let loads =
                geometry.vectors(rows: rows, columns: depth, bytes: bytes)
                + geometry.vectors(rows: depth, columns: columns, bytes: bytes)
            let product = geometry.product(rows: rows, columns: columns, depth: depth, bytes: bytes)
            add(InstructionPrices.plainAccess, times: loads)
            add(
                InstructionPrices.leadingTensor,
                times: geometry.usesWarpgroups(rows: rows) ? product.tensor : product.tensor / 8)
            tensor += product.tensor
            products += product.products
            memory += 2 * loads + product.matrixLoads
            return
        }
        let copies =
            geometry.vectors(rows: rows, columns: step, bytes: bytes)
            + geometry.vectors(rows: step, columns: columns, bytes: bytes)
        add(InstructionPrices.copyAddress, times: copies)
        addCopies(copies, groups: Double(stages - 1))
        for _ in 0..<((stateDim + step - 1) / step) {
            addCopies(copies, groups: 1)
            addProduct(geometry, rows: rows, columns: columns, depth: step, bytes: bytes)
        }
    }

    /// Skip connection, gate and store of the output tile.
    fileprivate mutating func addScanOutput(accumulators: Double, shape: SSDShape) {
        let vectors = accumulators * Double(shape.elementType.byteCount) / 16
        // A loaded or stored tile needs its access, and STS and LDSM for the change of layout.
        let tileMemory = 3 * vectors
        add(InstructionPrices.storeHalf, times: accumulators)
        memory += tileMemory
        if shape.skip != .none {
            add(InstructionPrices.skipAdd, times: accumulators)
            memory += tileMemory + (shape.skip == .perHead ? 1 : 2)
        }
        if shape.hasGate {
            add(InstructionPrices.gateElement, times: accumulators)
            memory += 2 * tileMemory
        }
    }
}

extension Int {
    /// The smallest power of two that is at least the value.
    var nextPowerOfTwo: Int {
        var power = 1
        while power < self { power *= 2 }
        return power
    }
}
