import Trace

/// What the compiled ssd_fused executes, section by section, in instructions a warp.
///
/// Loads, stores and their passage through shared memory follow from tiles and layouts. The rest is fitted to one
/// compiled configuration: a constant, and a part for each element, vector or row. Which pipe integers and 16-bit
/// arithmetic take is estimated.
///
/// *Source:* compiled/fused_sections.csv; the slope of role 1 from the chunk of 128 in fused_resources.csv.
struct FusedCost {
    private let shape: SSDShape
    private let blocks: FusedBlocks
    private let operands: FusedOperands
    private let geometry: TileGeometry
    private let bytes: Int
    private let stateBytes: Int

    init(shape: SSDShape, blocks: FusedBlocks, operands: FusedOperands, warps: Int) {
        self.shape = shape
        self.blocks = blocks
        self.operands = operands
        geometry = TileGeometry(warps: warps)
        bytes = shape.elementType.byteCount
        stateBytes = operands.states.elementBytes
    }

    /// The compiled table's classes of instructions.
    fileprivate struct Count {
        var special = 0.0
        var fp32 = 0.0
        /// Arithmetic on pairs of 16-bit values, and conversions.
        var half = 0.0
        /// Loads, stores and atomics of global memory.
        var global = 0.0
        /// LDS, LDSM and STS.
        var shared = 0.0
        var shuffle = 0.0
        var integer = 0.0
        /// Uniform datapath, barriers, fences, waits and branches.
        var other = 0.0

        var mix: InstructionMix {
            InstructionMix(
                fma: fp32 + half / 2 + 0.35 * integer, alu: half / 2 + 0.65 * integer, special: special,
                memory: global + shared, shuffle: shuffle, other: other)
        }
    }

    /// A trip of a loop whose tiles go through shared memory to a product.
    struct Trip {
        /// The trip's loads with their addresses and masks, and everything else that does not need the loaded values.
        var ahead: InstructionMix
        /// Moves the tiles to shared memory.
        var tiles: InstructionMix
        var product: InstructionMix

        /// Divides the instructions before the product. Memory accesses, control and half of the integers do not need
        /// the loaded values (estimated).
        fileprivate init(_ count: Count, product: InstructionMix) {
            let early = Count(global: count.global, integer: (count.integer / 2).rounded(.down), other: count.other)
            var late = count
            (late.global, late.other) = (0, 0)
            late.integer -= early.integer
            (ahead, tiles, self.product) = (early.mix, late.mix, product)
        }
    }

    // MARK: Counts that follow from tiles

    private func loads(_ operand: Operand?, _ rows: Int, _ columns: Int = 1) -> Double {
        operand?.instructions(elements: rows * columns, warps: geometry.warps) ?? 0
    }

    /// 16-byte vectors of a tile that a thread holds.
    private func vectors(_ rows: Int, _ columns: Int, bytes: Int? = nil) -> Double {
        geometry.vectors(rows: rows, columns: columns, bytes: bytes ?? self.bytes)
    }

    /// The integer instructions of the loads that a tile needs beyond one for each vector. Each such load has an
    /// address and a mask of its own (measured on 24 heads: 5.9 with the load).
    private func integers(ofNarrow loads: Double, insteadOf vectors: Double) -> Double { 4.9 * max(0, loads - vectors) }

    /// The product that ends a trip: loads of its operands from shared memory, tensor instructions with a wait each,
    /// and fences.
    /// - Parameter fromRegisters: whether the left operand goes back to registers.
    private func product(rows: Int, columns: Int, depth: Int, fromRegisters: Bool) -> InstructionMix {
        let product = geometry.product(rows: rows, columns: columns, depth: depth, bytes: bytes)
        // An LDSM brings 512 bytes of a warp's own rows. Four warps divide the tile's rows among them.
        let own = fromRegisters && geometry.usesWarpgroups(rows: rows) ? Double(rows * depth * bytes) / (512 * 4) : 0
        var mix = Count(shared: own + product.matrixLoads, other: 2 * product.tensor + 3).mix
        mix.tensor = product.tensor
        mix.products = product.products
        return mix
    }

    // MARK: Sections

    /// The beginning of every block: parameters and the ticket.
    var entry: InstructionMix { Count(global: 1, shared: 2, shuffle: 2, integer: 12, other: 25).mix }

    /// Role 1 after the entry.
    var timeSteps: InstructionMix {
        let length = shape.chunkSize.nextPowerOfTwo
        let elements = geometry.elements(rows: blocks.heads, columns: length)
        let raw = operands.rawTimeStep
        let own = loads(raw, length, blocks.heads)
        let stores = 2 * loads(operands.decaySumsOut, blocks.heads, length)
        let perHead = loads(operands.rate, blocks.heads) + loads(operands.bias, blocks.heads)
        return Count(
            special: elements + 3, fp32: 30 * elements + 15, half: 2.875 * elements + 2,
            global: own + perHead + stores + 1,
            shared: 0.75 * elements, shuffle: 1.5 * elements + 1,
            integer: 10 * elements + 7
                + integers(ofNarrow: own, insteadOf: vectors(length, blocks.heads, bytes: raw.elementBytes)),
            other: 2 * elements + 62
        ).mix
    }

    /// Role 2 after the entry, up to its loop. A tile above the diagonal has no loop: there the release follows.
    var productSetup: InstructionMix { Count(special: 3, half: 6, integer: 66, other: 19).mix }

    /// A trip of role 2's loop: it moves its tiles to shared memory and multiplies them.
    var productTrip: Trip {
        let own =
            loads(operands.productC, blocks.productRows, blocks.productDepth)
            + loads(operands.productB, blocks.productColumns, blocks.productDepth)
        let whole = vectors(blocks.productRows + blocks.productColumns, blocks.productDepth)
        let tiles = Count(
            half: 2.5 * whole, global: own, shared: whole,
            integer: 3 * whole + 10 + integers(ofNarrow: own, insteadOf: whole), other: 23)
        return Trip(
            tiles,
            product: product(
                rows: blocks.productRows, columns: blocks.productColumns, depth: blocks.productDepth,
                fromRegisters: false))
    }

    /// What follows role 2's loop: the tile's change of layout and its store.
    var productStore: InstructionMix {
        let elements = geometry.elements(rows: blocks.productRows, columns: blocks.productColumns)
        let bytes = operands.productsOut.elementBytes
        let stores = loads(operands.productsOut, blocks.productRows, blocks.productColumns)
        let whole = vectors(blocks.productRows, blocks.productColumns, bytes: bytes)
        var mix = Count(
            half: elements / 2 + 4, global: stores, shared: 2 * whole,
            integer: 2.5 * elements + 70 + integers(ofNarrow: stores, insteadOf: whole), other: 28
        ).mix
        if let sequence = operands.sequence {
            mix.memory +=
                loads(sequence.productRows, blocks.productRows) + loads(sequence.productColumns, blocks.productColumns)
            mix.add(InstructionPrices.sequenceCompare, times: elements)
        }
        return mix
    }

    /// A release of role 2.
    var release: InstructionMix { Count(global: 1, shuffle: 1, integer: 11, other: 10).mix }

    /// Role 3 after the entry, up to and including the first poll of the ready counter.
    var chunkSetup: InstructionMix { Count(special: 3, half: 6, global: 1, shared: 2, integer: 23, other: 141).mix }

    /// What surrounds the chunk state's loop, once a tile of states.
    var stateFrame: InstructionMix {
        let elements = geometry.elements(rows: blocks.channels, columns: blocks.states)
        return Count(half: elements, global: 1, integer: 60, other: 57).mix
    }

    /// A trip of the chunk state's loop.
    var stateTrip: Trip {
        let ownX = loads(operands.stateX, blocks.positions, blocks.channels)
        let ownB = loads(operands.stateB, blocks.positions, blocks.states)
        let wholeX = vectors(blocks.positions, blocks.channels)
        let wholeB = vectors(blocks.positions, blocks.states)
        let rows = geometry.rowsPerThread(rows: blocks.positions, columns: blocks.channels, bytes: bytes)
        let elements = geometry.elements(rows: blocks.positions, columns: blocks.channels)
        let vectorLoads = loads(operands.stateDecay, blocks.positions) + loads(operands.stateTimeStep, blocks.positions)
        let tiles = Count(
            special: rows, fp32: 6 * rows, half: 2 * elements + 14, global: ownX + ownB + vectorLoads,
            shared: wholeX + wholeB,
            integer: 2.5 * (wholeX + wholeB) + 15 + integers(ofNarrow: ownX + ownB, insteadOf: wholeX + wholeB),
            other: 65)
        var trip = Trip(
            tiles,
            product: product(
                rows: blocks.channels, columns: blocks.states, depth: blocks.positions, fromRegisters: true))
        if let sequence = operands.sequence {
            trip.ahead.memory += loads(sequence.statePositions, blocks.positions)
            trip.tiles.add(InstructionPrices.sequenceCompare, times: rows)
        }
        return trip
    }

    /// Up to and including the first poll of the chain counter, once a tile of states.
    var chainPoll: InstructionMix { Count(special: 2, fp32: 7, global: 1, shared: 2, integer: 45, other: 62).mix }

    /// Passes a tile of states on: the part before the store, and the release after it.
    var statePassing: InstructionMix {
        let elements = geometry.elements(rows: blocks.channels, columns: blocks.states)
        let own = loads(operands.states, blocks.channels, blocks.states)
        let stores = loads(operands.statesOut, blocks.channels, blocks.states)
        let whole = vectors(blocks.channels, blocks.states, bytes: stateBytes)
        return Count(
            fp32: elements, half: 2.75 * elements + 12, global: own + stores, shared: 2 * whole,
            integer: elements + 28 + integers(ofNarrow: own + stores, insteadOf: 2 * whole), other: 38
        ).mix
    }
    var stateRelease: InstructionMix { Count(global: 1, shuffle: 1, integer: 11, other: 10).mix }

    /// What the block executes once before the scan.
    var scanSetup: InstructionMix { Count(integer: 20, other: 24).mix }

    /// The number of states that a trip of the scan's leading product handles, and the number of its trips.
    private var leadingStates: Int {
        let whole = max(16, shape.stateDim.nextPowerOfTwo)
        return whole <= blocks.wholeStates ? whole : blocks.scanStates
    }

    /// A row block's leading product: C and the states before the chunk move to shared memory and are multiplied. Above
    /// `wholeStates` states it is a loop, and this is one of its trips.
    var leadingTrip: Trip {
        let depth = leadingStates
        let own = loads(operands.scanC, blocks.scanRows, depth) + loads(operands.scanStates, blocks.channels, depth)
        let whole = vectors(blocks.scanRows, depth) + vectors(blocks.channels, depth, bytes: stateBytes)
        let tiles = Count(
            global: own, shared: whole, integer: 3 * whole + integers(ofNarrow: own, insteadOf: whole), other: whole + 8
        )
        return Trip(
            tiles, product: product(rows: blocks.scanRows, columns: blocks.channels, depth: depth, fromRegisters: false)
        )
    }

    /// A row block's decay sums and their exponentials, before the leading product.
    var rowDecay: InstructionMix {
        let rows = geometry.accumulatorRows(rows: blocks.scanRows, columns: blocks.channels)
        var mix = Count(
            special: rows, fp32: 4 * rows, half: 1,
            global: operands.rowDecay.map { loads($0, blocks.scanRows) }.reduce(0, +),
            integer: 29, other: 11
        ).mix
        if let sequence = operands.sequence {
            mix.memory += loads(sequence.scanRows, blocks.scanRows) + loads(sequence.scalar, 1)
            mix.add(InstructionPrices.sequenceCompare, times: rows)
        }
        return mix
    }

    /// A trip of the scan.
    var scanTrip: Trip {
        let elements = geometry.elements(rows: blocks.scanRows, columns: blocks.scanColumns)
        let productBytes = operands.scanProducts.elementBytes
        let wholeProducts = vectors(blocks.scanRows, blocks.scanColumns, bytes: productBytes)
        let wholeX = vectors(blocks.scanColumns, blocks.channels)
        let own =
            loads(operands.scanProducts, blocks.scanRows, blocks.scanColumns)
            + loads(operands.scanX, blocks.scanColumns, blocks.channels)
        let vectorLoads =
            loads(operands.scanDecay, blocks.scanColumns) + loads(operands.scanTimeStep, blocks.scanColumns)
        let matrices = vectors(blocks.scanRows, blocks.scanColumns)
        let tiles = Count(
            special: elements, fp32: 5 * elements, half: 3 * elements + 3, global: own + vectorLoads,
            shared: matrices + wholeX,
            integer: 5.5 * elements + 10 + integers(ofNarrow: own, insteadOf: wholeProducts + wholeX), other: 23)
        return Trip(
            tiles,
            product: product(
                rows: blocks.scanRows, columns: blocks.channels, depth: blocks.scanColumns, fromRegisters: true))
    }

    /// What follows a row block's trips: skip connection, gate, change of layout and store.
    var rowStore: InstructionMix {
        let elements = geometry.elements(rows: blocks.scanRows, columns: blocks.channels)
        let whole = vectors(blocks.scanRows, blocks.channels)
        func tile(_ operand: Operand?) -> Double { loads(operand, blocks.scanRows, blocks.channels) }
        let stores = tile(operands.out)
        var count = Count(
            half: elements, global: stores, shared: 2 * whole,
            integer: elements + integers(ofNarrow: stores, insteadOf: whole), other: 16)
        if let residual = operands.residual {
            let own = tile(residual)
            count.half += elements / 2
            count.global += own + loads(operands.skip, shape.skip == .perHead ? 1 : blocks.channels)
            count.shared += 2 * whole
            count.integer += 8 + integers(ofNarrow: own, insteadOf: whole)
            count.other += 10
        }
        var mix = count.mix
        if operands.gate != nil {
            mix.add(InstructionPrices.gateElement, times: elements)
            mix.memory += tile(operands.gate) + tile(operands.ungatedOut) + 4 * whole
        }
        return mix
    }
}
