/// One tensor that a launch touches.
package struct Tensor: Equatable, Sendable {
    /// The kernel argument's name, such as `dt_out`.
    package var name: String
    /// Device address of the allocation's first byte. Allocations are aligned to 256 bytes.
    package var baseAddress: UInt64
    /// Length of the allocation in bytes.
    package var byteCount: UInt64
    /// Element type: `bf16`, `f32`, `i32`, or `flag`, for example.
    package var elementType: String

    /// Element type of the tensor whose 4-byte words are the launch's flags. A launch has at most one such tensor. It
    /// needs one if its blocks signal or wait.
    package static let flagType = "flag"

    package init(name: String, baseAddress: UInt64, byteCount: UInt64, elementType: String) {
        self.name = name
        self.baseAddress = baseAddress
        self.byteCount = byteCount
        self.elementType = elementType
    }
}

/// One kernel launch without its blocks' programs. The block scheduler and the reports need nothing else.
package struct KernelLaunch: Equatable, Sendable {
    /// Short kernel name, such as `ch_scan_fwd`.
    package var kernel: String
    package var grid: Grid
    /// Threads of a block. The number of warps is this divided by 32, rounded up.
    package var threadsPerBlock: Int
    /// 32-bit registers of a thread, as the compiler reports them.
    package var registersPerThread: Int
    /// Static and dynamic shared memory of a block in bytes, without the per-block reserve of the hardware.
    package var sharedMemoryBytesPerBlock: Int
    /// Whether registers and shared memory are estimates, because this tiling was never compiled.
    package var resourcesAreEstimated: Bool
    /// The tiling, such as `M=64 N=128 K=32 warps=4 stages=4`; empty for recorded traces.
    package var tiling: String
    package var tensors: [Tensor]

    package init(
        kernel: String, grid: Grid, threadsPerBlock: Int, registersPerThread: Int, sharedMemoryBytesPerBlock: Int,
        resourcesAreEstimated: Bool = false, tiling: String = "", tensors: [Tensor]
    ) {
        self.kernel = kernel
        self.grid = grid
        self.threadsPerBlock = threadsPerBlock
        self.registersPerThread = registersPerThread
        self.sharedMemoryBytesPerBlock = sharedMemoryBytesPerBlock
        self.resourcesAreEstimated = resourcesAreEstimated
        self.tiling = tiling
        self.tensors = tensors
    }

    package var warpsPerBlock: Int { (threadsPerBlock + 31) / 32 }

    /// The tensor that holds the launch's flags.
    package var flags: Tensor? { tensors.first { $0.elementType == Tensor.flagType } }
}
