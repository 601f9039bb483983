/// The elements that an elementwise kernel goes over, as PyTorch's TensorIterator sees them: dimensions in the order of
/// the operands' strides, and joined where no operand has a gap between them.
///
/// *Source:* reorder_dimensions and coalesce_dimensions of ATen/TensorIterator.cpp.
struct IterationSpace: Equatable {
    /// The sizes, the fastest dimension first.
    private(set) var sizes: [Int]
    /// For each operand the distances in bytes of neighbours along each dimension; 0 where it is broadcast.
    private(set) var strides: [[Int]]
    let elementBytes: [Int]
    let count: Int

    /// - Parameter operands: the output first. The inputs are broadcast to its shape.
    /// - Throws: `OperatorDefect` for an input of another shape.
    init(_ operands: [OperatorTensor]) throws(OperatorDefect) {
        let shape = operands[0].shape
        count = operands[0].count
        elementBytes = operands.map(\.type.byteCount)
        var strides: [[Int]] = []
        for operand in operands {
            let missing = shape.count - operand.shape.count
            guard missing >= 0, zip(operand.shape, shape.dropFirst(missing)).allSatisfy({ $0 == $1 || $0 == 1 }) else {
                throw OperatorDefect(
                    "tensor '\(operand.id)' of shape \(operand.shape) does not spread over shape \(shape)",
                    cure: "check the shapes")
            }
            strides.append(
                shape.indices.map { dimension in
                    let own = dimension - missing
                    guard own >= 0, operand.shape[own] == shape[dimension] else { return 0 }
                    return operand.strides[own] * operand.type.byteCount
                })
        }
        let order = Self.order(shape, strides)
        sizes = order.map { shape[$0] }
        self.strides = strides.map { own in order.map { own[$0] } }
        join()
    }

    /// Whether all operands lie side by side in one order.
    var isContiguous: Bool {
        count <= 1 || sizes.count == 1 && zip(strides, elementBytes).allSatisfy { $0[0] == $1 }
    }

    /// Whether one operand's elements lie side by side in the order of the iteration.
    func isDense(_ operand: Int) -> Bool {
        var expected = elementBytes[operand]
        for (size, stride) in zip(sizes, strides[operand]) {
            if size > 1, stride != expected { return false }
            expected *= size
        }
        return true
    }

    private static func order(_ shape: [Int], _ strides: [[Int]]) -> [Int] {
        /// Above 0 if `first` varies more slowly than `second`, below 0 if faster, 0 if no operand decides.
        func compare(_ first: Int, _ second: Int) -> Int {
            for own in strides {
                if own[first] == 0 || own[second] == 0 { continue }
                if own[first] != own[second] { return own[first] < own[second] ? -1 : 1 }
                if shape[first] > shape[second] { return 1 }
            }
            return 0
        }
        var order = Array(shape.indices.reversed())
        for start in order.indices.dropFirst() {
            var second = start
            for first in (0..<start).reversed() {
                let comparison = compare(order[first], order[second])
                if comparison > 0 {
                    order.swapAt(first, second)
                    second = first
                } else if comparison < 0 {
                    break
                }
            }
        }
        return order
    }

    private mutating func join() {
        var last = 0
        for dimension in sizes.indices.dropFirst() {
            let joins =
                sizes[last] == 1 || sizes[dimension] == 1
                || strides.allSatisfy { $0[dimension] == sizes[last] * $0[last] }
            if joins {
                if sizes[last] == 1 {
                    for operand in strides.indices { strides[operand][last] = strides[operand][dimension] }
                }
                sizes[last] *= sizes[dimension]
            } else {
                last += 1
                sizes[last] = sizes[dimension]
                for operand in strides.indices { strides[operand][last] = strides[operand][dimension] }
            }
        }
        guard !sizes.isEmpty else { return }
        sizes.removeLast(sizes.count - last - 1)
        for operand in strides.indices { strides[operand].removeLast(strides[operand].count - last - 1) }
    }
}
