/// A limit that a launch breaks. The limits are those of CUDA on any device so far (CUDA C++ Programming Guide,
/// "Technical Specifications per Compute Capability"), and the number of blocks that Weir can count.
package struct LaunchLimit: Equatable, Sendable {
    /// The limited quantity, such as `grid y`.
    package let field: String
    /// The launch's value.
    package let value: Int
    /// The largest allowed value.
    package let limit: Int
    /// Whether the limit is Weir's own rather than CUDA's.
    package let isOwn: Bool

    package init(field: String, value: Int, limit: Int, isOwn: Bool = false) {
        self.isOwn = isOwn
        self.field = field
        self.value = value
        self.limit = limit
    }

    /// Most blocks along each axis of a grid.
    package static let grid = (x: (1 << 31) - 1, y: 65_535, z: 65_535)
    package static let threadsPerBlock = 1024
    package static let registersPerThread = 255
    /// 32-bit registers of a block.
    package static let registersPerBlock = 65_536
    /// A warp's registers are rounded up to a multiple of this. A block's warps are rounded up to a multiple of the
    /// number of schedulers.
    private static let warpRegisters = 256
    private static let schedulers = 4

    /// Registers that are allocated for a block.
    package static func registersOfBlock(registersPerThread: Int, threads: Int) -> Int {
        let warps = (threads + 31) / 32
        let ofWarp = (registersPerThread * 32 + warpRegisters - 1) / warpRegisters * warpRegisters
        return ofWarp * ((warps + schedulers - 1) / schedulers * schedulers)
    }

    /// Most registers that a thread of such a block can have, and where compilers therefore stop. The number is a
    /// multiple of eight, and at most 255.
    package static func registersPerThread(threads: Int) -> Int {
        let warps = (threads + 31) / 32
        let ofWarp = registersPerBlock / ((warps + schedulers - 1) / schedulers * schedulers)
        return min(registersPerThread, ofWarp / warpRegisters * warpRegisters / 32)
    }

    /// The first limit that a launch breaks; nil where CUDA can launch it and Weir can take it.
    package static func broken(by launch: KernelLaunch) -> LaunchLimit? {
        let checks = [
            ("grid x", launch.grid.x, grid.x), ("grid y", launch.grid.y, grid.y), ("grid z", launch.grid.z, grid.z),
            ("threads per block", launch.threadsPerBlock, threadsPerBlock),
            ("registers per thread", launch.registersPerThread, registersPerThread),
        ]
        if let first = checks.first(where: { $0.1 > $0.2 }) {
            return LaunchLimit(field: first.0, value: first.1, limit: first.2)
        }
        let registers = registersOfBlock(registersPerThread: launch.registersPerThread, threads: launch.threadsPerBlock)
        if registers > registersPerBlock {
            return LaunchLimit(
                field: "registers per block (\(launch.registersPerThread) a thread)", value: registers,
                limit: registersPerBlock)
        }
        // Each extent is within CUDA's limits here, so the product is below 2^63.
        let blocks = launch.grid.x * launch.grid.y * launch.grid.z
        guard blocks >= TraceLimits.blocks else { return nil }
        return LaunchLimit(field: "grid x * y * z", value: blocks, limit: TraceLimits.blocks - 1, isOwn: true)
    }
}
