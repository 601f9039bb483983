import Trace

/// The arguments of a launch, and the operands that access them. They are allocated one after the other where no
/// earlier launch has allocated them.
struct ArgumentList {
    private(set) var tensors: [Tensor] = []
    private(set) var book: TensorBook
    /// The role of an argument that no other family of kernels takes.
    private let role: @Sendable (String) -> TensorRole

    init(book: TensorBook, role: @escaping @Sendable (String) -> TensorRole) {
        self.book = book
        self.role = role
    }

    /// Adds an argument of `elements` elements. `batchStride` and `rowStride` are the distances from one batch and one
    /// row to the next.
    /// - Parameter role: what the argument is to other kernels; nil where no other kernel takes it.
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

    /// Enters memory that is no argument, behind the arguments.
    /// - Returns: its address and its number among the launch's tensors.
    mutating func addSpace(_ name: String, type: String, byteCount: Int) -> (address: UInt64, tensor: Int) {
        let address = book.address(of: role(name), byteCount: byteCount)
        tensors.append(Tensor(name: name, baseAddress: address, byteCount: UInt64(byteCount), elementType: type))
        return (address, tensors.count - 1)
    }
}

/// An allocated argument: the tensor's place in memory, and its number among the launch's tensors.
struct Argument: Sendable {
    let view: TensorView
    let index: Int

    private var elementBytes: Int { view.elementType.byteCount }

    /// An operand that accesses the argument by requests of `shape`.
    func operand(_ kind: AccessKind, _ shape: RequestShape) -> Operand {
        Operand(
            kind: kind, tensor: index, elementBytes: elementBytes, requests: shape,
            pitchBytes: view.rowStride * elementBytes)
    }

    /// Elements that are accessed one by one. One lane of each of `warps` warps loads; one warp stores or reduces.
    func scalars(_ kind: AccessKind, warps: Int = 1) -> Operand {
        operand(kind, .scalar(elementBytes: elementBytes, warps: warps))
    }

    /// Runs of elements: 32 lanes side by side, `laneBytes` each.
    func run(_ kind: AccessKind, laneBytes: Int) -> Operand {
        operand(
            kind, RequestShape(rows: 1, lanesPerRow: 32, laneBytes: laneBytes, laneStrideBytes: laneBytes, replicas: 1))
    }
}
