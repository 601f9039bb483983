import Kernels

/// The type of a tensor's elements.
package enum OperatorElement: String, Sendable, CaseIterable {
    case bool, u8, i8, i16, i32, i64, f16, bf16, f32, f64

    package var byteCount: Int {
        switch self {
        case .bool, .u8, .i8: 1
        case .i16, .f16, .bf16: 2
        case .i32, .f32: 4
        case .i64, .f64: 8
        }
    }

    /// The type as kernels of models name it; nil where they have none.
    var value: ElementType? {
        switch self {
        case .bf16: .bf16
        case .f16: .f16
        case .f32: .f32
        default: nil
        }
    }

    /// Whether arithmetic on the type happens in fp32.
    var isHalf: Bool { self == .f16 || self == .bf16 }

    /// The type in which an operation on both types computes. *Source:* PyTorch's rules of type promotion, for tensors
    /// of at least one dimension.
    func promoted(with other: OperatorElement) -> OperatorElement {
        if self == other { return self }
        if isHalf, other.isHalf { return .f32 }
        let order = OperatorElement.allCases
        let (own, its) = (order.firstIndex(of: self) ?? 0, order.firstIndex(of: other) ?? 0)
        return own > its ? self : other
    }
}
