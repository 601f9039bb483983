/// What the compiler gives a kernel at a tiling.
package struct CompiledResources: Equatable, Sendable {
    /// 32-bit registers of a thread.
    package var registersPerThread: Int
    /// Static and dynamic shared memory in bytes, without the hardware's per-block reserve.
    package var sharedMemoryBytes: Int
    /// Bytes of each thread's local memory that hold spilled registers. 0 where nothing is spilled, or where no table
    /// has the tiling.
    package var spillBytesPerThread: Int
    /// Whether no table of compiled kernels has the tiling.
    package var isEstimated: Bool

    package init(registersPerThread: Int, sharedMemoryBytes: Int, spillBytesPerThread: Int = 0, isEstimated: Bool) {
        self.registersPerThread = registersPerThread
        self.sharedMemoryBytes = sharedMemoryBytes
        self.spillBytesPerThread = spillBytesPerThread
        self.isEstimated = isEstimated
    }
}
