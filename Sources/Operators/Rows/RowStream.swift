import Kernels
import Trace

/// A tensor whose rows a `RowKernel` goes over, or one row that all blocks read.
struct RowStream: Sendable {
    /// How the lanes of a warp take a row's elements.
    enum Shape {
        /// Each this many elements side by side, in one access.
        case vectors(Int)
        /// Each this many elements side by side, one by one.
        case scattered(Int)
        /// One element after the other, a warp's side by side.
        case single
    }

    private let operand: Operand
    private let narrow: Operand
    private let address: UInt64
    private let rowBytes: Int
    private let elementBytes: Int

    /// - Parameters:
    ///   - columns: elements of a row; 0 where all rows are one.
    ///   - replicas: warps that make the same request.
    init(
        _ kind: AccessKind, _ tensor: OperatorTensor, columns: Int, shape: Shape, replicas: Int = 1,
        entries: inout TensorEntries, places: TensorPlaces
    ) {
        let bytes = tensor.type.byteCount
        elementBytes = bytes
        let index = entries.index(of: tensor)
        func operand(_ laneBytes: Int, _ step: Int) -> Operand {
            Operand(
                kind: kind, tensor: index, elementBytes: bytes,
                requests: RequestShape(
                    rows: 1, lanesPerRow: 32, laneBytes: laneBytes, laneStrideBytes: step, replicas: replicas))
        }
        self.operand =
            switch shape {
            case .vectors(let width): operand(min(16, width * bytes), width * bytes)
            case .scattered(let width): operand(bytes, width * bytes)
            case .single: operand(bytes, bytes)
            }
        narrow = operand(bytes, bytes)
        address = places.address(of: tensor)
        rowBytes = columns * bytes
    }

    /// Appends the access of some columns of a row.
    @inline(__always)
    func append(row: Int, from first: Int, count: Int, isTail: Bool = false, to program: inout BlockProgram) {
        program.add(
            isTail ? narrow : operand,
            TileRegion(address: address &+ UInt64(row &* rowBytes &+ first &* elementBytes), rows: 1, columns: count))
    }
}
