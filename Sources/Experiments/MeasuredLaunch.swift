import Kernels
import Machine
import Trace

/// One row of a measured table as a launch that can be generated: shape, tiling and what the driver granted.
package struct MeasuredLaunch: Sendable {
    package let row: ReferenceRow
    /// The shape's name, such as `m8b_s4096_c128`.
    package let shapeName: String
    package let order: Int
    package let kernel: String
    package let shape: SSDShape
    package let tiling: Tiling
    package let grid: Grid
    package let registersPerThread: Int
    /// Shared memory of a block without the hardware's reserve.
    package let sharedMemoryBytesPerBlock: Int

    /// Reads a row.
    /// - Parameter sharedReserveBytes: what the hardware adds to each block's shared memory; the table includes it.
    /// - Throws: `ReferenceError` for missing or impossible values, `KernelError` for tilings that cannot be.
    package init(row: ReferenceRow, sharedReserveBytes: Int) throws {
        self.row = row
        shapeName = row.text("shape") ?? ""
        order = row.number("order").flatMap { Int(exactly: $0) } ?? 0
        kernel = try row.required("kernel")
        shape = SSDShape(
            batch: try row.requiredCount("batch"), sequenceLength: try row.requiredCount("seqlen"),
            heads: try row.requiredCount("nheads"), headDim: try row.requiredCount("headdim"),
            groups: try row.requiredCount("ngroups"), stateDim: try row.requiredCount("dstate"),
            chunkSize: try row.requiredCount("chunk"))
        let base = Tiling(warps: try row.requiredCount("num_warps"), stages: try row.requiredCount("num_stages"))
        tiling = try Tiling(parsing: try row.required("blocks"), base: base)
        grid = Grid(x: try row.requiredCount("grid_x"), y: try row.requiredCount("grid_y"), z: try row.requiredCount("grid_z"))
        registersPerThread = try row.requiredCount("registers_per_thread")
        sharedMemoryBytesPerBlock = max(0, try row.requiredCount("shared_bytes_per_block") - sharedReserveBytes)
    }

    /// The launch's generator with the measured resources.
    /// - Throws: `ReferenceError` where the generator's grid is not the measured one.
    package func source(allocation: SSDAllocation? = nil) throws -> ResourceOverride {
        let allocation = allocation ?? SSDAllocation(shape: shape)
        let generator = try Registry.makeSource(kernel: kernel, tiling: tiling, allocation: allocation)
        guard generator.launch.grid == grid, generator.launch.threadsPerBlock == row.number("threads_per_block").map({ Int($0) })
        else {
            let made = generator.launch.grid
            throw ReferenceError(
                file: row.file, line: row.line,
                cause: "\(kernel) \(tiling): the generator makes \(made.x) x \(made.y) x \(made.z) blocks of "
                    + "\(generator.launch.threadsPerBlock) threads, the row has \(grid.x) x \(grid.y) x \(grid.z)",
                cure: "check the row's sizes and tiling")
        }
        return ResourceOverride(
            generator, registersPerThread: registersPerThread, sharedMemoryBytesPerBlock: sharedMemoryBytesPerBlock)
    }
}
