import Trace

/// The arguments of a launch one after the other, allocated where no launch before has, and the operands that access
/// them.
struct ArgumentList {
    private(set) var tensors: [Tensor] = []
    private(set) var book: TensorBook
    /// The role of an argument that no other family of kernels takes.
    private let role: @Sendable (String) -> TensorRole

    init(book: TensorBook, role: @escaping @Sendable (String) -> TensorRole) {
        self.book = book
        self.role = role
    }

    /// Adds an argument of `elements` elements, of which a batch takes `batchStride` and a row `rowStride`.
    /// - Parameter role: what it is to other kernels; nil where they do not know it.
    mutating func add(
        _ name: String, _ type: ElementType, elements: Int, batchStride: Int = 0, headStride: Int = 0,
        rowStride: Int = 0,
        role: TensorRole? = nil
    ) -> Argument {
        let view = book.view(
            role ?? self.role(name), elements: elements, type: type, batchStride: batchStride, headStride: headStride,
            rowStride: rowStride)
        tensors.append(view.tensor(named: name))
        return Argument(view: view, index: tensors.count - 1)
    }

    /// Enters memory that is no argument behind the arguments; its address and number.
    mutating func addSpace(_ name: String, type: String, byteCount: Int) -> (address: UInt64, tensor: Int) {
        let address = book.address(of: role(name), byteCount: byteCount)
        tensors.append(Tensor(name: name, baseAddress: address, byteCount: UInt64(byteCount), elementType: type))
        return (address, tensors.count - 1)
    }
}

/// An allocated argument: where it lies and its place in the launch's tensors.
struct Argument: Sendable {
    let view: TensorView
    let index: Int

    private var elementBytes: Int { view.elementType.byteCount }

    /// Accesses by requests of `shape`.
    func operand(_ kind: AccessKind, _ shape: RequestShape) -> Operand {
        Operand(
            kind: kind, tensor: index, elementBytes: elementBytes, requests: shape,
            pitchBytes: view.rowStride * elementBytes)
    }

    /// Elements loaded one by one by one lane of each of `warps` warps; stores and reductions take one warp.
    func scalars(_ kind: AccessKind, warps: Int = 1) -> Operand {
        operand(kind, .scalar(elementBytes: elementBytes, warps: warps))
    }

    /// Runs of elements, `laneBytes` a lane and 32 lanes side by side.
    func run(_ kind: AccessKind, laneBytes: Int) -> Operand {
        operand(
            kind, RequestShape(rows: 1, lanesPerRow: 32, laneBytes: laneBytes, laneStrideBytes: laneBytes, replicas: 1))
    }
}
