/// The extent of a launch in thread blocks. `x` varies fastest in the linear block number, which is the order in which
/// CUDA issues blocks.
package struct Grid: Equatable, Sendable {
    package var x: Int
    package var y: Int
    package var z: Int

    package init(x: Int, y: Int = 1, z: Int = 1) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// Number of all thread blocks. Callers keep each extent below 2^31 so that the product cannot overflow unnoticed.
    package var blockCount: Int { x * y * z }

    /// The coordinates of linear block `index` (x fastest).
    @inlinable
    package func coordinates(of index: Int) -> (x: Int, y: Int, z: Int) {
        (index % x, index / x % y, index / (x * y))
    }
}
