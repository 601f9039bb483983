import Trace

/// The launches of the microbenchmarks that were run on a real H200, as programs for the simulator.
///
/// The kernels' source is not at hand. If a program had to be guessed, its function states the assumption.
/// *Source:* hardware.md describes the kernels. Their counters are in docs/validation.
package enum Microbenchmarks {
    /// Address of the first byte of the only buffer.
    static let base: UInt64 = 1 << 30

    /// A launch over one buffer of `bytes` bytes.
    static func launch(
        _ name: String, blocks: Int, threads: Int, bytes: Int, sharedMemoryBytes: Int = 0, registers: Int = 32
    ) -> KernelLaunch {
        KernelLaunch(
            kernel: name, grid: Grid(x: blocks), threadsPerBlock: threads, registersPerThread: registers,
            sharedMemoryBytesPerBlock: sharedMemoryBytes,
            tensors: [Tensor(name: "buffer", baseAddress: base, byteCount: UInt64(bytes), elementType: "f32")])
    }

    /// `bytes` contiguous bytes from `offset`. Each lane takes `laneBytes`.
    static func run(_ kind: AccessKind, offset: Int, bytes: Int, laneBytes: Int = 16) -> Operation {
        .tile(
            TileAccess(
                kind: kind, tensor: 0, elementBytes: 4, address: base + UInt64(offset), rows: 1, rowBytes: bytes,
                pitchBytes: bytes,
                requestRows: 1, lanesPerRow: 32, laneBytes: laneBytes, laneStrideBytes: laneBytes))
    }
}
