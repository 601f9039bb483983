/// A matrix product as a framework asks cuBLAS for it: output (rows x columns) = left (rows x depth) times right (depth
/// x columns), `batch` times. The columns of the output lie side by side in memory.
package struct GEMMShape: Equatable, Sendable {
    package var rows: Int
    package var columns: Int
    package var depth: Int
    package var batch: Int
    package var elementType: ElementType
    /// Whether an operand lies transposed in memory: left as depth x rows, right as columns x depth, which is how a
    /// linear layer keeps its weights.
    package var leftIsTransposed: Bool
    package var rightIsTransposed: Bool
    /// Whether a vector with a value for each column is added.
    package var hasBias: Bool
    /// Whether the product is added to what the output holds.
    package var accumulates: Bool

    package init(
        rows: Int, columns: Int, depth: Int, batch: Int = 1, elementType: ElementType = .bf16,
        leftIsTransposed: Bool = false, rightIsTransposed: Bool = false, hasBias: Bool = false,
        accumulates: Bool = false
    ) {
        self.rows = rows
        self.columns = columns
        self.depth = depth
        self.batch = batch
        self.elementType = elementType
        self.leftIsTransposed = leftIsTransposed
        self.rightIsTransposed = rightIsTransposed
        self.hasBias = hasBias
        self.accumulates = accumulates
    }

    /// The operands' letters in the names of cuBLAS's kernels: right, then left. T says that the depth of right lies
    /// side by side; N says so of left.
    package var letters: String { (rightIsTransposed ? "T" : "N") + (leftIsTransposed ? "T" : "N") }

    /// Elements from one row of an operand in memory to the next where nothing lies between rows.
    package var leftStride: Int { leftIsTransposed ? rows : depth }
    package var rightStride: Int { rightIsTransposed ? depth : columns }

    /// - Throws: `KernelError.badShape` for sizes that no launch has.
    package func validate() throws(KernelError) {
        for (field, value) in [("rows", rows), ("columns", columns), ("depth", depth), ("batch", batch)] {
            guard value >= 1 else { throw .badShape(field: field, value: value, cure: "give at least 1") }
            // Byte offsets stay far below 2^63, and tiles below 2^31.
            guard value <= 1 << 28 else { throw .badShape(field: field, value: value, cure: "give at most \(1 << 28)") }
        }
        guard elementType != .i32 else {
            throw .badShape(field: "element bytes", value: 4, cure: "give bf16, f16 or f32; i32 is for indices")
        }
    }
}
