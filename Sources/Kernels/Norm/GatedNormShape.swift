/// The problem that a gated layer norm solves: `rows` rows of `columns` values, normalised in groups of `groupSize`
/// columns.
///
/// The defaults are the Mamba-2 block's norm: a root-mean-square norm whose input is gated, with weights and without
/// bias.
package struct GatedNormShape: Equatable, Sendable {
    /// Rows: batch times sequence length.
    package var rows: Int
    package var columns: Int
    /// Columns that are normalised together. They divide `columns`.
    package var groupSize: Int
    /// Whether a gate z multiplies by silu(z).
    package var hasGate = true
    /// Whether the gate multiplies the normalised values. Otherwise it multiplies the input.
    package var normBeforeGate = false
    /// Whether the norm leaves the mean in and divides by the root mean square alone.
    package var isRMS = true
    package var hasBias = false
    /// Whether the backward pass writes the output again.
    package var recomputesOutput = false
    /// Type of x, z, y and their gradients.
    package var elementType = ElementType.bf16
    /// Type of the weight and the bias.
    package var parameterType = ElementType.bf16
    /// Elements from a row of x, z or dy to the next; nil where rows lie side by side.
    package var rowStrideElements: Int?
    /// Multiprocessors that the launcher sees. It sizes the backward pass's row groups from them.
    package var multiprocessorCount = 132

    /// Warps of a block and groups of rows where an autotuner or another launcher chose them; nil follows the gated
    /// norm's launcher.
    package var warpCount: Int?
    package var rowGroupCount: Int?

    package init(rows: Int, columns: Int, groupSize: Int) {
        self.rows = rows
        self.columns = columns
        self.groupSize = groupSize
    }
}

extension GatedNormShape {
    package var groups: Int { columns / groupSize }
    /// Columns of a block's vector, the masked ones included.
    package var blockColumns: Int { groupSize.roundedUpToPowerOfTwo }
    /// Warps of a block in both passes.
    package var warps: Int { warpCount ?? min(max(blockColumns / 256, 1), 8) }
    /// Groups of rows into which the backward pass divides the work. Each row group and column group has one block.
    package var rowGroups: Int {
        rowGroupCount ?? (multiprocessorCount * 4.dividedRoundingUp(by: warps)).dividedRoundingUp(by: groups)
    }
    /// Rows of a backward block. The last block may have fewer.
    package var rowsPerGroup: Int { rows.dividedRoundingUp(by: rowGroups) }
    /// Whether the gate multiplies the input.
    var gatesInput: Bool { hasGate && !normBeforeGate }
    /// Whether the gate multiplies the normalised values.
    var gatesOutput: Bool { hasGate && normBeforeGate }
    /// Whether the backward pass reads the bias. Only the output depends on the bias.
    var readsBiasBackward: Bool { hasBias && (hasGate || recomputesOutput) }
    /// The launcher's own choice, so there is nothing to tune.
    var tiling: Tiling { Tiling(block: blockColumns, warps: warps, stages: 3) }
    var rowStride: Int { rowStrideElements ?? columns }

    /// Checks that a launch of this shape exists.
    ///
    /// - Throws: `KernelError.badShape` naming the first field that is wrong.
    package func validate() throws(KernelError) {
        try RowSizes.check([
            ("rows", rows), ("columns", columns), ("group size", groupSize), ("row stride", rowStride),
            ("multiprocessor count", multiprocessorCount),
        ])
        guard columns % groupSize == 0 else {
            throw .badShape(field: "group size", value: groupSize, cure: "give a divisor of the \(columns) columns")
        }
        guard rowStride >= columns else {
            throw .badShape(field: "row stride", value: rowStride, cure: "give at least the \(columns) columns")
        }
        guard elementType != .i32, parameterType != .i32 else {
            throw .badShape(field: "element type", value: 32, cure: "give bf16, f16 or f32 for values")
        }
        let widest = 65536 / elementType.byteCount
        guard groupSize <= widest else {
            throw .badShape(
                field: "group size", value: groupSize, cure: "give at most \(widest), 64 KiB, which one block holds")
        }
        try RowSizes.checkBytes(rows: rows, rowElements: rowStride)
    }
}

/// Limits that kernels of rows of values share.
enum RowSizes {
    /// Largest extent of any size.
    private static let largest = 1 << 24
    /// Most elements of a tensor: 64 TiB at 4 bytes each, well above any device's memory.
    private static let largestElements = 1 << 44

    static func check(_ fields: [(name: String, value: Int)]) throws(KernelError) {
        for (name, value) in fields {
            guard value > 0 else { throw .badShape(field: name, value: value, cure: "give at least 1") }
            guard value <= largest else { throw .badShape(field: name, value: value, cure: "give at most \(largest)") }
        }
    }

    /// Checks a tensor's size. Both factors have passed `check`, so their product cannot overflow.
    static func checkBytes(rows: Int, rowElements: Int) throws(KernelError) {
        guard rows * rowElements <= largestElements else {
            throw .badShape(
                field: "rows", value: rows,
                cure: "with \(rowElements) elements a row a tensor exceeds 64 TiB; make it smaller")
        }
    }
}
