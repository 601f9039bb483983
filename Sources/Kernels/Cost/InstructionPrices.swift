/// What one operation of a kernel's source costs in instructions.
///
/// Memory, tensor and shuffle instructions follow from sizes, and the kernels count them. The prices here hold the
/// instructions around them. docs/cost-model.md has the errors.
///
/// *Source:* entries marked "fitted" come from one non-negative least-squares fit over the chunk-state, chunk-bmm and
/// chunk-scan launches of h200_tilings.csv and h200_ssd.csv and the loop bodies of resources.csv (sm_90).
/// `Scripts/fit-cost-model.py` repeats the fit. The others are counted from the operation.
enum InstructionPrices {
    /// Half of what a tile kernel spends once a block: on parameters, on coordinates, and on addresses of its leading
    /// and of its trailing tiles (fitted: 29, 24, 31.5 in all; the fit cannot tell the halves apart).
    static let frame = InstructionMix(fma: 14.5, alu: 12, other: 15.75)
    /// Division of a block coordinate by a run-time value (measured: a batch above 1 adds one division, 36
    /// instructions).
    static let division = InstructionMix(fma: 17, alu: 13, special: 3, other: 3)
    /// Address and mask of one asynchronous copy, both kept in registers through the loop (fitted).
    static let copyAddress = InstructionMix(fma: 10, alu: 9.5, other: 1.5)
    /// Issue of one 16-byte asynchronous copy: predicate and 64-bit address update (fitted).
    static let copyIssue = InstructionMix(alu: 4.6)
    /// Issue of one copy of a one-dimensional tile, whose address is shared.
    static let vectorCopyIssue = InstructionMix(alu: 1)
    /// Loop control, stage index, wait and barrier of a trip that ends in wgmma: fences, descriptors, waits (fitted).
    static let warpgroupTrip = InstructionMix(fma: 5.5, alu: 8, other: 36.5)
    /// The same as `warpgroupTrip`, for a trip that ends in mma.sync (fitted).
    static let warpTrip = InstructionMix(fma: 1, alu: 12, other: 24)
    /// The hand-over of an operand that was computed in registers to wgmma: fence, barrier, layout change (fitted).
    static let registerOperand = InstructionMix(fma: 5.5, alu: 7, other: 2)
    /// One tensor instruction of a leading product, outside any loop (fitted; an mma.sync counts as an eighth).
    static let leadingTensor = InstructionMix(other: 6.5)
    /// Address of one plain 16-byte load or store.
    static let plainAccess = InstructionMix(fma: 1, alu: 2)
    /// One f32 accumulator's way to memory: zeroing, change of layout, address, mask (fitted).
    static let storeFloat = InstructionMix(fma: 0.6, alu: 1.6)
    /// One accumulator's way to memory as bf16 (fitted together with `rowScale` and `skipAdd`: 3.2, 1.8, 0.5).
    static let storeHalf = InstructionMix(fma: 0.7, alu: 1.3, other: 0.4)
    /// Scaling of one accumulator by its row's factor.
    static let rowScale = InstructionMix(fma: 1)
    /// One element of the skip connection: unpack, multiply, add.
    static let skipAdd = InstructionMix(fma: 1.5, alu: 0.5, other: 0.1)
    /// One exp(x): scaling by log2(e), guards against denormals, ex2.
    static let exponential = InstructionMix(fma: 3, alu: 1, special: 1)
    /// One element of CB * exp(min(dA_m - dA_k, 0)) * dt_k, with the causal select and the cast (fitted: 6.1 and 6.1).
    static let decayElement = InstructionMix(fma: 6.1, alu: 6.1, special: 1)
    /// One row of eight elements of B * exp(min(dA_last - dA_k, 0)) * dt_k: unpacked, scaled and packed (fitted).
    static let scaledRow = InstructionMix(fma: 23, alu: 7.5, special: 1, other: 1)
    /// Once a block of ch_state_fwd: the last cumulative value and the one-dimensional tiles' addresses (fitted).
    static let stateEntry = InstructionMix(fma: 8.5, other: 36.5)
    /// The cost of one one-dimensional tile in one trip where the sequence length is no multiple of 16: copies of
    /// single elements with their masks (fitted on the only such shape).
    static let unalignedVector = InstructionMix(alu: 15.5)
    /// One element of z * sigmoid(z) (17.9 instructions, including the tiles' memory instructions). The split is
    /// estimated.
    static let gateElement = InstructionMix(fma: 9, alu: 5, special: 2, other: 1.2)
    /// One comparison of sequence indices and its select.
    static let sequenceCompare = InstructionMix(alu: 2)
    /// Commits of the asynchronous groups of one trip. resources.csv counts them with the shared loads.
    static let groupMemory = 3.0

    // MARK: Backward kernels: each kernel was fitted alone, with all prices above held fixed.

    /// One element of an operand on its way to the product: it is converted, scaled and converted back.
    static let scaledElement = InstructionMix(fma: 2.4, alu: 0.7, other: 0.2)
    /// One value of a shared one-dimensional tile that scales the transposed CB tile.
    static let transposedVector = InstructionMix(fma: 2, alu: 4.4)
    /// Once a block of ch_scan_ch_state_bwd_dx: reductions, fences and two atomics.
    static let inputGradientExit = InstructionMix(fma: 64, alu: 48, other: 108)
    /// One element of dx: scaling, and the parts of the time step's and the skip connection's gradients.
    static let inputGradientElement = InstructionMix(fma: 5, alu: 4.4, other: 0.9)
    /// Once a head of ch_state_bwd_db and ch_scan_bwd_dc: head's addresses, fence, invalidation.
    static let headStep = InstructionMix(fma: 19, other: 3)
    /// One element of the head's product: scale, accumulate, row sum.
    static let headElement = InstructionMix(fma: 2.9)
    /// One row's reduction across lanes and its atomic.
    static let headRow = InstructionMix(fma: 5, other: 5.5)
    /// Once a head of ch_scan_bwd_dcb: head's addresses.
    static let headAddress = InstructionMix(fma: 10)
    /// One element of dCB: decay, time step, accumulate.
    static let productGradientElement = InstructionMix(fma: 6.3, alu: 1.3, special: 1, other: 0.7)
    /// A tile of ch_scan_bwd_dcb above the diagonal, without its frame, divisions and stores.
    static let skippedTile = InstructionMix(alu: 10, other: 39)
    /// One f32 element of the residual: load, add, and the change of layout.
    static let residualElement = InstructionMix(fma: 2.75)
    /// Once a trip of ch_scan_bwd_ddacs: loads of the column vectors, store of the column sums.
    static let columnStep = InstructionMix(alu: 8.3, other: 22)
    /// One element of ch_scan_bwd_ddacs: decay, two products, causal selects, scan along the row, column sum.
    static let columnScanElement = InstructionMix(fma: 14, alu: 12.2, special: 1)
}
