/// How PyTorch's reduction spreads outputs and summed elements over threads and blocks.
///
/// *Source:* the rules of setReduceConfig in PyTorch's ATen/native/cuda/Reduce.cuh. Every grid, thread count and shared
/// memory of the sums in docs/validation/h200_glue.csv follows from them.
struct ReductionPlan: Equatable {
    /// Threads along the outputs, or along the summed elements where those lie side by side.
    let width: Int
    /// Threads along the other of the two dimensions.
    let height: Int
    /// Number of neighbouring outputs of a thread.
    let vector: Int
    /// Whether the block's rows share an output's elements.
    let sumsRows: Bool
    /// Blocks that share an output's elements.
    let blocksPerOutput: Int
    /// Outputs of a block.
    let outputsPerBlock: Int
    /// Blocks along the outputs.
    let outputBlocks: Int
    let sharedMemoryBytes: Int

    private static let mostThreads = 512
    /// The numbers of elements a thread from which the rows of a block, and from which several blocks, share an output.
    private static let rowElements = 16
    private static let blockElements = 256
    /// Bytes of shared memory that every launch of the kernel has.
    private static let staticBytes = 16

    /// - Parameters:
    ///   - outputs: number of sums.
    ///   - inputs: elements of one sum.
    ///   - isInner: whether the elements of one sum lie side by side. Otherwise those of neighbouring sums do.
    ///   - vector: neighbouring outputs of a thread; 1 where `isInner`.
    init(outputs: Int, inputs: Int, isInner: Bool, vector: Int, multiprocessorCount: Int) {
        self.vector = vector
        let most = Self.mostThreads / vector
        let first = min(most, (isInner ? inputs : max(1, outputs / vector)).roundedDownToPowerOfTwo)
        let second = min(most, (isInner ? outputs : inputs).roundedDownToPowerOfTwo)
        let narrow = min(first, 32)
        let height = min(second, most / narrow)
        let width = min(first, most / height)
        self.width = width
        self.height = height
        let perRow = isInner ? inputs.dividedRoundingUp(by: width) : inputs
        sumsRows = perRow >= min(height * Self.rowElements, Self.blockElements)
        let perThread = sumsRows ? perRow.dividedRoundingUp(by: height) : perRow
        outputsPerBlock = (isInner ? 1 : width * vector) * (sumsRows ? 1 : height)
        outputBlocks = outputs.dividedRoundingUp(by: outputsPerBlock)
        let target = multiprocessorCount * (2048 / (width * height))
        if sumsRows, perThread >= Self.blockElements, outputBlocks <= target {
            blocksPerOutput = max(
                min(target.dividedRoundingUp(by: outputBlocks), perThread.dividedRoundingUp(by: Self.rowElements)),
                perThread.dividedRoundingUp(by: Self.blockElements))
        } else {
            blocksPerOutput = 1
        }
        let exchanges = sumsRows || (isInner && width > 32)
        sharedMemoryBytes = Self.staticBytes + (exchanges ? 4 * width * height * vector : 0)
    }

    var threads: Int { width * height }
}

extension Int {
    /// The largest power of two that is at most this value, which is at least 1.
    var roundedDownToPowerOfTwo: Int { 1 << (Int.bitWidth - 1 - leadingZeroBitCount) }
}
