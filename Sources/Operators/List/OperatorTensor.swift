/// A tensor of an operator: a view of an allocation.
package struct OperatorTensor: Equatable, Sendable {
    /// The allocation. Tensors of one id share their bytes.
    package var id: String
    package var shape: [Int]
    /// Distances of neighbours along each dimension, in elements.
    package var strides: [Int]
    package var type: OperatorElement
    /// Elements from the allocation's start to the first element.
    package var offset: Int

    /// Longest allocation in bytes, so that addresses and sizes cannot overflow.
    static let mostBytes = 1 << 45

    /// - Parameter strides: nil for a contiguous tensor.
    package init(_ id: String, _ shape: [Int], strides: [Int]? = nil, _ type: OperatorElement, offset: Int = 0) {
        self.id = id
        self.shape = shape
        self.strides = strides ?? Self.contiguousStrides(of: shape)
        self.type = type
        self.offset = offset
    }

    /// The strides of a tensor whose last dimension varies fastest and that has no gaps.
    package static func contiguousStrides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for dimension in shape.indices.dropLast().reversed() {
            strides[dimension] = strides[dimension + 1] * max(1, shape[dimension + 1])
        }
        return strides
    }

    package var count: Int { shape.reduce(1, *) }
    var isContiguous: Bool {
        let plain = Self.contiguousStrides(of: shape)
        return count < 2 || shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == plain[$0] }
    }
    /// Elements from the first one to the end of the last one.
    var span: Int { count == 0 ? 0 : 1 + zip(shape, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 } }
    /// Bytes from the allocation's start to the end of the last element.
    var endBytes: Int { (offset + span) * type.byteCount }
    /// Bytes of distinct elements. A broadcast dimension counts once.
    package var bytes: Int { min(count, span) * type.byteCount }

    /// Refuses sizes that no memory has.
    func check() throws(OperatorDefect) {
        guard !id.isEmpty else { throw OperatorDefect("a tensor's 'id' is empty", cure: "give its allocation a name") }
        guard strides.count == shape.count else {
            throw OperatorDefect(
                "tensor '\(id)' has \(shape.count) sizes and \(strides.count) strides",
                cure: "give a stride for each size, or leave 'strides' out if the tensor is contiguous")
        }
        guard shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }), offset >= 0 else {
            throw OperatorDefect("tensor '\(id)' has a negative size, stride or offset", cure: "give numbers from 0 on")
        }
        var count = 1.0
        var end = Double(offset) + 1
        for (size, stride) in zip(shape, strides) {
            count *= Double(size)
            end += Double(max(0, size - 1)) * Double(stride)
        }
        guard max(count, end) * Double(type.byteCount) <= Double(Self.mostBytes) else {
            throw OperatorDefect("tensor '\(id)' is longer than 2^45 bytes", cure: "check its shape and strides")
        }
    }
}

extension OperatorTensor: Codable {
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "tensor", known: ["id", "shape", "strides", "type", "offset"])
        let name: String = try fields.required("type")
        guard let type = OperatorElement(rawValue: name) else {
            throw OperatorDefect(
                "the element type '\(name)' is not known",
                cure: "give one of \(OperatorElement.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.init(
            try fields.required("id"), try fields.required("shape"), strides: nil, type,
            offset: try fields.optional("offset") ?? 0)
        // Products of sizes may overflow before they are checked.
        if let given: [Int] = try fields.optional("strides") {
            strides = given
        } else if shape.allSatisfy({ $0 >= 0 }), shape.reduce(1.0, { $0 * Double(max(1, $1)) }) > Double(Self.mostBytes)
        {
            throw OperatorDefect("tensor '\(id)' is longer than 2^45 bytes", cure: "check its shape")
        }
        try check()
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: FieldName.self)
        try fields.encode(id, forKey: "id")
        try fields.encode(shape, forKey: "shape")
        try fields.encode(type.rawValue, forKey: "type")
        if strides != Self.contiguousStrides(of: shape) { try fields.encode(strides, forKey: "strides") }
        if offset != 0 { try fields.encode(offset, forKey: "offset") }
    }
}
