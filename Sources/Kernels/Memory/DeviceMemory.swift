/// Hands out device addresses as PyTorch's caching allocator lays out fresh tensors.
///
/// Tensors below 1 MiB share 2 MiB segments at 512-byte steps. Larger ones start on a 2 MiB boundary of their own.
package struct DeviceMemory: Sendable {
    private static let step: UInt64 = 512
    private static let segment: UInt64 = 2 << 20
    private static let smallLimit: UInt64 = 1 << 20

    /// First address that no segment covers yet.
    private var end: UInt64
    private var smallNext: UInt64 = 0
    private var smallEnd: UInt64 = 0

    /// - Parameter base: start of the address space, a multiple of 2 MiB.
    package init(base: UInt64 = 0x7F20_0000_0000) {
        end = base
    }

    /// Starts at the first segment behind `end`.
    package init(behind end: UInt64) {
        self.init(base: (end + Self.segment - 1) / Self.segment * Self.segment)
    }

    /// First address behind everything handed out so far, a multiple of 2 MiB.
    package var nextSegment: UInt64 { end }

    /// Address of a new allocation of `byteCount` bytes. An empty allocation gets a place of its own too.
    package mutating func allocate(byteCount: Int) -> UInt64 {
        let size = (UInt64(max(1, byteCount)) + Self.step - 1) / Self.step * Self.step
        guard size < Self.smallLimit else {
            let address = end
            end += (size + Self.segment - 1) / Self.segment * Self.segment
            return address
        }
        if smallNext + size > smallEnd {
            smallNext = end
            end += Self.segment
            smallEnd = end
        }
        let address = smallNext
        smallNext += size
        return address
    }
}
