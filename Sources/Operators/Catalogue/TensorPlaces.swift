import Kernels
import Trace

/// Where the tensors of a list lie. Each id has one range of addresses, long enough for every tensor of that id. So the
/// launches of a list find each other's data in the L2.
package struct TensorPlaces: Sendable {
    /// SMs that the launcher sees; they decide how many blocks some kernels have.
    package let multiprocessors: Int
    private var memory = DeviceMemory()
    private var ranges: [String: (address: UInt64, bytes: Int)] = [:]

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

    /// Gives a workspace of one launch a place.
    mutating func workspace(_ name: String, bytes: Int) -> Tensor {
        Tensor(
            name: name, baseAddress: memory.allocate(byteCount: bytes), byteCount: UInt64(bytes), elementType: "u8")
    }
}
