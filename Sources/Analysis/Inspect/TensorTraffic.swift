/// The requests of a launch's programs for one tensor, before any cache.
package struct TensorTraffic: Equatable, Sendable {
    /// Warp requests that read.
    package var readRequests: UInt64 = 0
    /// 32-byte sectors of these requests.
    package var readSectors: UInt64 = 0
    /// Bytes of the elements that these requests read. Each warp request counts an element once.
    package var readBytes: UInt64 = 0
    /// Warp requests that write, reduce or update atomically.
    package var writeRequests: UInt64 = 0
    package var writeSectors: UInt64 = 0
    package var writeBytes: UInt64 = 0

    package init() {}

    package mutating func add(_ other: TensorTraffic) {
        readRequests &+= other.readRequests
        readSectors &+= other.readSectors
        readBytes &+= other.readBytes
        writeRequests &+= other.writeRequests
        writeSectors &+= other.writeSectors
        writeBytes &+= other.writeBytes
    }

    package var requests: UInt64 { readRequests + writeRequests }
    package var sectors: UInt64 { readSectors + writeSectors }
}
