import Kernels
import Trace

extension BlockProgram {
    /// Appends the access of `region`; nothing where it is empty.
    @inline(__always)
    mutating func add(_ operand: Operand, _ region: TileRegion) {
        if region.rows > 0, region.columns > 0 { operations.append(.tile(operand.tile(region))) }
    }

    @inline(__always)
    mutating func add(_ work: ComputeWork) { operations.append(.compute(work)) }
}
