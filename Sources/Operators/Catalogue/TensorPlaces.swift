import Kernels
import Trace

/// Where the tensors of a list lie. Each id has one range of addresses, long enough for every tensor of that id. So the
/// launches of a list find each other's data in the L2.
package struct TensorPlaces: Sendable {
    /// SMs that the launcher sees; they decide how many blocks some kernels have.
    package let multiprocessors: Int
    private var memory = DeviceMemory()
    private var ranges: [String: (address: UInt64, bytes: Int)] = [:]
    private var productWorkspaceAddress: UInt64?

    /// Gives every id of the operators its place, in the order of first mention.
    package init(_ operators: [Operator], multiprocessors: Int) {
        self.multiprocessors = multiprocessors
        var lengths: [String: Int] = [:]
        var order: [String] = []
        for op in operators {
            for tensor in op.inputs + op.outputs {
                if lengths[tensor.id] == nil { order.append(tensor.id) }
                lengths[tensor.id] = max(lengths[tensor.id] ?? 0, tensor.endBytes)
            }
        }
        for id in order {
            let bytes = lengths[id] ?? 0
            ranges[id] = (memory.allocate(byteCount: bytes), bytes)
        }
    }

    /// Gives a tensor that no operator of the list names a place.
    mutating func add(_ tensor: OperatorTensor) {
        guard ranges[tensor.id] == nil else { return }
        ranges[tensor.id] = (memory.allocate(byteCount: tensor.endBytes), tensor.endBytes)
    }

    /// The address of a tensor's first element.
    func address(of tensor: OperatorTensor) -> UInt64 {
        (ranges[tensor.id]?.address ?? 0) + UInt64(tensor.offset * tensor.type.byteCount)
    }

    /// The launch's entry for a tensor. Its name is the id.
    func entry(of tensor: OperatorTensor) -> Tensor {
        let range = ranges[tensor.id] ?? (0, 0)
        return Tensor(
            name: tensor.id, baseAddress: range.address, byteCount: UInt64(range.bytes),
            elementType: tensor.type.rawValue)
    }

    /// A tensor as the kernels of models take it, with these strides in elements.
    func view(
        of tensor: OperatorTensor, as type: ElementType, batchStride: Int = 0, chunkStride: Int = 0,
        headStride: Int = 0, rowStride: Int = 0
    ) -> TensorView {
        let range = ranges[tensor.id] ?? (0, 0)
        return TensorView(
            allocationAddress: range.address, allocationByteCount: range.bytes,
            offsetBytes: tensor.offset * tensor.type.byteCount, elementType: type, batchStride: batchStride,
            chunkStride: chunkStride, headStride: headStride, rowStride: rowStride)
    }

    /// The workspace that PyTorch gives cuBLAS. All launches share it.
    mutating func productWorkspace() -> UInt64 {
        if let productWorkspaceAddress { return productWorkspaceAddress }
        let address = memory.allocate(byteCount: GEMMTensors.workspaceBytes)
        productWorkspaceAddress = address
        return address
    }

    /// Makes launches whose other tensors lie behind all others.
    mutating func behind<Launches>(
        _ make: (inout TensorBook) throws(KernelError) -> Launches
    ) throws(OperatorDefect) -> Launches {
        var book = TensorBook(memory: DeviceMemory(behind: memory.nextSegment))
        do {
            let launches = try make(&book)
            memory = DeviceMemory(behind: book.end)
            return launches
        } catch {
            throw OperatorDefect(error.description, cure: "check the operator's shapes")
        }
    }

    /// Gives a workspace of one launch a place.
    mutating func workspace(_ name: String, bytes: Int) -> Tensor {
        Tensor(
            name: name, baseAddress: memory.allocate(byteCount: bytes), byteCount: UInt64(bytes), elementType: "u8")
    }
}
