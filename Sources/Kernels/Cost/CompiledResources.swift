/// What the compiler gives a kernel at a tiling.
package struct CompiledResources: Equatable, Sendable {
    /// 32-bit registers of a thread.
    package var registersPerThread: Int
    /// Static and dynamic shared memory in bytes, without the hardware's per-block reserve.
    package var sharedMemoryBytes: Int
    /// True where the tiling stands in no table of compiled kernels.
    package var isEstimated: Bool

    package init(registersPerThread: Int, sharedMemoryBytes: Int, isEstimated: Bool) {
        self.registersPerThread = registersPerThread
        self.sharedMemoryBytes = sharedMemoryBytes
        self.isEstimated = isEstimated
    }
}
