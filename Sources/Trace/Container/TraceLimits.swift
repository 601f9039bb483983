/// The largest sizes that the format and the model allow. Readers check them before they allocate anything.
package enum TraceLimits {
    /// Bytes of a string: the name of a kernel, tiling, tensor or producer.
    package static let stringBytes = 4096
    /// Plain bytes of a record.
    package static let plainBytes = 64 << 20
    /// Deflate shrinks data by a factor of at most 1032. A record that claims more is false.
    package static let inflationRatio = 1032
    /// Tensors of a launch. Operations name them with 16 bits.
    package static let tensors = 65_535
    /// Thread blocks of a launch, exclusive.
    package static let blocks = 1 << 31
    package static let sharedMemoryBytes = 1 << 30
    /// Operations of one block's program.
    package static let programOperations = 1 << 21
    /// Lane addresses of one block's program.
    package static let programLanes = 1 << 23
    /// Operations of all blocks of a chunk together. A reader works through at most so many to reach a block.
    package static let chunkOperations = 1 << 22
    /// Lane addresses of all blocks of a chunk together.
    package static let chunkLanes = 1 << 24
    /// Lanes of one warp request.
    package static let requestLanes = 1024
    /// Lane touches of a tile, replicas included: rows * ceil(row bytes / lane bytes) * replicas.
    package static let tileLanes = 1 << 24
    /// Bytes of a tile, replicas included.
    package static let tileBytes = 1 << 30
    /// Launches and chunks of a file. An index of `plainBytes` has room for so many.
    package static let indexEntries = plainBytes / IndexEntry.byteCount
}
