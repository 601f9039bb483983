/// What the framework's own kernels cost in instructions a warp.
///
/// Memory instructions and shuffles follow from sizes, and the kernels count them. *Source:* warp_instructions,
/// alu_warp_inst and fma_warp_inst of docs/validation/h200_glue.csv (PyTorch, sm_90), divided by the launch's warps.
enum GluePrices {
    /// A warp of fill that stores eight elements a thread in 16-byte accesses, without its stores (measured: 23 in
    /// all).
    static let fill = InstructionMix(fma: 7, alu: 5, other: 9)
    /// A warp of add, without its loads and stores (measured: 34 in all).
    static let add = InstructionMix(fma: 14, alu: 3, other: 11)
    /// What the last block adds where it is not full and handles elements one by one: its guards (measured on fill: 30
    /// in all).
    static let partialBlock = InstructionMix(alu: 4, other: 4)
    /// A warp of flip, four elements a thread, with the divisions of its offsets (measured: 185 in all).
    static let flip = InstructionMix(fma: 36, alu: 71, other: 70)
    /// A warp of add_strided, two elements a thread (measured: 83 in all).
    static let addStrided = InstructionMix(fma: 12, alu: 31, other: 34)

    /// A warp of sum with four outputs a thread, without its loads and stores (measured: 247 in all with one load).
    static let sum = InstructionMix(fma: 49, alu: 86, other: 98)
    /// A warp of sum_inner: one output a thread, and the reduced dimension across lanes (measured: 183 in all with one
    /// load).
    static let sumInner = InstructionMix(fma: 25, alu: 60, other: 79)
    /// Offsets of the outputs in a second dimension, divisions by its extent included (measured: 55).
    static let sumDimension = InstructionMix(fma: 18, alu: 15, other: 22)
    /// What one load of a thread needs beside the load itself: offset, guard, additions (measured: 9.5 with it).
    static let sumElement = InstructionMix(fma: 7, alu: 2)
    /// One halving across the block's rows through shared memory (measured: 16 with its accesses).
    static let sumHalving = InstructionMix(fma: 2, alu: 4, other: 2)

    /// A warp of cumsum outside its loop (measured on 2 and 4 trips: 48).
    static let scan = InstructionMix(fma: 14, alu: 6, other: 28)
    /// One trip without its loads and stores, and one of its steps up or down the tree (measured: 178 a trip of 10
    /// steps).
    static let scanTrip = InstructionMix(fma: 1, alu: 10, other: 13)
    static let scanStep = InstructionMix(fma: 2, alu: 5, memory: 3, other: 5)
}
