/// The problem that a SwiGLU activation solves: silu(x) y for `rows` rows of `columns` values.
///
/// x and y are the halves of one tensor of 2 `columns` columns, which the gated MLP's first projection makes. Their
/// gradients are the halves of another.
package struct SwigluShape: Equatable, Sendable {
    package var rows: Int
    package var columns: Int
    /// Whether the backward pass writes the output again.
    package var recomputesOutput = false
    package var elementType = ElementType.bf16

    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// Checks that a launch of this shape exists.
    ///
    /// - Throws: `KernelError.badShape` naming the first field that is wrong.
    package func validate() throws(KernelError) {
        try RowSizes.check([("rows", rows), ("columns", columns)])
        guard elementType != .i32 else {
            throw .badShape(field: "element type", value: 32, cure: "give bf16, f16 or f32 for values")
        }
        try RowSizes.checkBytes(rows: rows, rowElements: 2 * columns)
    }
}
