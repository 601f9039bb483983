/// What the compiler knows about the divisors of integer arguments and masks. The launcher tells it "divisible by 16"
/// or nothing.
///
/// Every quantity here is a power of two, so the greatest common divisor of several is their minimum.
package enum ArgumentAlignment {
    /// The only divisor that the launcher reports: in elements for strides and sizes, in bytes for pointers.
    package static let reported = 16

    /// The divisor that the compiler may assume for an integer argument: 16, or 1 where the value is no multiple of 16.
    package static func divisibility(of argument: Int) -> Int {
        argument % reported == 0 ? reported : 1
    }

    /// Bytes that the compiler may assume to divide a pointer argument.
    package static func pointerBytes(address: UInt64) -> Int {
        address % UInt64(reported) == 0 ? reported : 1
    }

    /// Elements of `elementBytes` that a thread may move at once along the contiguous dimension of a pointer tile.
    ///
    /// - Parameters:
    ///   - address: address of the view's first element, as the launcher passes it.
    ///   - strides: every stride argument that enters the address, except the contiguous dimension's.
    package static func contiguousElements(address: UInt64, elementBytes: Int, strides: [Int]) -> Int {
        let elements = strides.map(divisibility).min() ?? reported
        let bytes = min(pointerBytes(address: address), elements * elementBytes)
        return max(1, bytes / elementBytes)
    }

    /// Neighbouring elements that share a mask `index < limit`, for a limit that is computed from these arguments.
    package static func maskElements(limits: [Int]) -> Int {
        limits.map(divisibility).min() ?? reported
    }
}
