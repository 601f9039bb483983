extension SSDShape {
    /// Largest extent of any size. Products of a few such sizes do not overflow.
    private static let largest = 1 << 24
    /// Most blocks along the second side of a grid. ch_cumsum_fwd has one such block a chunk.
    private static let mostChunks = 65535
    /// Largest allocation in bytes. It is well above any device's memory.
    private static let largestBytes = 1 << 46

    /// Checks that a launch of this shape exists.
    ///
    /// - Throws: `KernelError.badShape` naming the first field that is wrong.
    package func validate() throws(KernelError) {
        try validateFields()
        try validateProducts()
    }

    /// Checks each size by itself. Other kernels that take the block's sizes need these checks too.
    ///
    /// - Throws: `KernelError.badShape` naming the first field that is wrong.
    package func validateFields() throws(KernelError) {
        let fields = [
            ("batch", batch), ("sequence length", sequenceLength), ("heads", heads), ("head dim", headDim),
            ("groups", groups), ("state dim", stateDim), ("chunk size", chunkSize),
            ("multiprocessor count", multiprocessorCount),
        ]
        for (name, value) in fields {
            guard value > 0 else { throw .badShape(field: name, value: value, cure: "give at least 1") }
            guard value <= Self.largest else {
                throw .badShape(field: name, value: value, cure: "give at most \(Self.largest)")
            }
        }
        guard heads % groups == 0 else {
            throw .badShape(field: "groups", value: groups, cure: "give a divisor of the \(heads) heads")
        }
        guard elementType != .i32, timeStepType != .i32, parameterType != .i32 else {
            throw .badShape(field: "element type", value: 32, cure: "give bf16, f16 or f32 for values")
        }
    }

    /// Checks products of the sizes.
    private func validateProducts() throws(KernelError) {
        guard chunkCount <= Self.mostChunks else {
            let least = (sequenceLength + Self.mostChunks - 1) / Self.mostChunks
            throw .badShape(
                field: "chunk size", value: chunkSize,
                cure:
                    "sequence length \(sequenceLength) makes \(chunkCount) chunks, and a grid holds \(Self.mostChunks); give at least \(least)"
            )
        }
        let positions = batch.multipliedReportingOverflow(by: sequenceLength)
        let width = max(heads * headDim + 2 * groups * stateDim, heads)
        let chunks = batch.multipliedReportingOverflow(by: chunkCount)
        let perChunk = max(heads * headDim, groups * chunkSize).multipliedReportingOverflow(
            by: max(stateDim, chunkSize))
        // The backward pass keeps one value for each head, each position, and each tile of 32 rows of the chunk.
        let rowTiles = (heads * ((chunkSize + 31) / 32)).multipliedReportingOverflow(by: chunkSize)
        let sizes = [
            positions.partialValue.multipliedReportingOverflow(by: 8 * width),
            chunks.partialValue.multipliedReportingOverflow(by: perChunk.partialValue),
            chunks.partialValue.multipliedReportingOverflow(by: rowTiles.partialValue),
        ]
        let overflows =
            positions.overflow || chunks.overflow || perChunk.overflow || rowTiles.overflow
            || sizes.contains { $0.overflow }
        guard !overflows, sizes.allSatisfy({ $0.partialValue <= Self.largestBytes / 4 }) else {
            throw .badShape(
                field: "sequence length", value: sequenceLength,
                cure:
                    "with batch \(batch) and these sizes a tensor exceeds \(Self.largestBytes >> 40) TiB; make it smaller"
            )
        }
    }
}
