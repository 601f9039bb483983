/// The extents of a thread block in the header that an importer reads. *Source:* CUDA's programming guide, "Technical
/// Specifications".
enum BlockShape {
    private static let limits = [("x", 1024), ("y", 1024), ("z", 64)]

    /// Threads of a block.
    /// - Parameter extents: x, y and z, each from 1 to 2^31 - 1.
    /// - Throws: `TraceFormatError.invalid` for a block that CUDA refuses.
    static func threads(_ extents: [Int], at place: FormatPlace) throws(TraceFormatError) -> Int {
        for (extent, (name, limit)) in zip(extents, limits) where extent > limit {
            throw .invalid(
                place,
                reason: "the block's \(name) is \(extent), and CUDA launches at most \(limit). Correct the header")
        }
        let threads = extents.reduce(1, *)
        guard threads <= 1024 else {
            throw .invalid(
                place, reason: "the block has \(threads) threads, and CUDA launches at most 1024. Correct the header")
        }
        return threads
    }
}
