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
    /// The part of the training step that the launch belongs to.
    package let pass: SSDPass
    /// Whose gradient a bmm_ch_bwd makes.
    package let factor: ProductFactor
    package let shape: SSDShape
    package let tiling: Tiling
    package let grid: Grid
    package let registersPerThread: Int
    /// Shared memory of a block without the hardware's reserve.
    package let sharedMemoryBytesPerBlock: Int

    /// Reads a row.
    /// - Parameters:
    ///   - sharedReserveBytes: what the hardware adds to each block's shared memory; the table includes it.
    ///   - previous: the row before, which tells the second bmm_ch_bwd of a call from the first.
    /// - Throws: `ReferenceError` for missing or impossible values, `KernelError` for tilings that cannot be.
    package init(row: ReferenceRow, sharedReserveBytes: Int, previous: MeasuredLaunch? = nil) throws {
        self.row = row
        shapeName = row.text("shape") ?? ""
        order = row.number("order").flatMap { Int(exactly: $0) } ?? 0
        kernel = try row.required("kernel")
        let isBackward = row.text("pass") == "bwd" || Registry.ssdBackward.contains(kernel)
        pass = isBackward ? .backward : .forward
        shape = SSDShape(
            batch: try row.requiredCount("batch"), sequenceLength: try row.requiredCount("seqlen"),
            heads: try row.requiredCount("nheads"), headDim: try row.requiredCount("headdim"),
            groups: try row.requiredCount("ngroups"), stateDim: try row.requiredCount("dstate"),
            chunkSize: try row.requiredCount("chunk"))
        let base = Tiling(warps: try row.requiredCount("num_warps"), stages: try row.requiredCount("num_stages"))
        tiling = try Tiling(parsing: try row.required("blocks"), base: base)
        if kernel == "bmm_ch_bwd", let previous, previous.kernel == kernel, previous.shapeName == shapeName,
            previous.order + 1 == order, previous.tiling == tiling, previous.factor == .b
        {
            factor = .c
        } else {
            factor = .b
        }
        grid = Grid(x: try row.requiredCount("grid_x"), y: try row.requiredCount("grid_y"), z: try row.requiredCount("grid_z"))
        registersPerThread = try row.requiredCount("registers_per_thread")
        sharedMemoryBytesPerBlock = max(0, try row.requiredCount("shared_bytes_per_block") - sharedReserveBytes)
    }

    /// The launch's generator with the measured resources.
    /// - Throws: `ReferenceError` where the generator's grid is not the measured one.
    package func source(allocation: SSDAllocation? = nil) throws -> ResourceOverride {
        let allocation = allocation ?? SSDAllocation(shape: shape, pass: pass)
        let generator = try Registry.makeSource(kernel: kernel, tiling: tiling, allocation: allocation, factor: factor)
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
