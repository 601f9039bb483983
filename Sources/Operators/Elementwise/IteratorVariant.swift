import Kernels

/// How a kernel of PyTorch's TensorIterator divides its elements. Blocks have 128 threads.
///
/// *Source:* grids, requests and sectors of the elementwise and strided rows of docs/validation/h200_operators_dev.csv.
enum IteratorVariant: Equatable {
    /// A thread takes eight elements in accesses of up to 16 bytes. `width` elements lie side by side.
    case vectorized(width: Int)
    /// A thread takes four elements one by one. A warp's elements lie side by side.
    case unrolled
    /// The same for operands that do not lie side by side: their offsets are computed by division.
    case strided(perThread: Int)

    static let threads = 128

    var elementsPerThread: Int {
        switch self {
        case .vectorized: 8
        case .unrolled: 4
        case .strided(let perThread): perThread
        }
    }

    /// How the kernel's name ends.
    var suffix: String {
        switch self {
        case .vectorized(let width): "vec\(width)"
        case .unrolled: "unrolled"
        case .strided: "strided"
        }
    }

    /// The variant that PyTorch takes.
    /// - Parameters:
    ///   - operands: the output first, then the inputs, with their addresses.
    ///   - converts: whether the kernel converts types while it loads or stores (dynamic casting).
    init(
        _ space: IterationSpace, _ operands: [(type: OperatorElement, address: UInt64)], converts: Bool
    ) {
        let outputBytes = operands[0].type.byteCount
        guard space.isContiguous else {
            self = .strided(perThread: converts || outputBytes < 4 ? 4 : 2)
            return
        }
        guard !converts else {
            self = .unrolled
            return
        }
        // One-byte outputs take four at a time, which is not measured.
        let most =
            switch outputBytes {
            case 2: 8
            case 8: 2
            default: 4
            }
        let width = [8, 4, 2].first { width in
            width <= most
                && operands.allSatisfy { $0.address % UInt64(min(16, width * $0.type.byteCount)) == 0 }
        }
        self = width.map { .vectorized(width: $0) } ?? .unrolled
    }
}
