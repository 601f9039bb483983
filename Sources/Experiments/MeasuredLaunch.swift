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
    /// Of a launch of the framework only its warps.
    package let tiling: Tiling
    /// Where a launch of the framework stands; nil for a kernel of the library.
    package let glue: GluePlace?
    package let grid: Grid
    package let registersPerThread: Int
    /// Shared memory of a block without the hardware's reserve.
    package let sharedMemoryBytesPerBlock: Int

    /// Reads a row.
    /// - Parameters:
    ///   - sharedReserveBytes: what the hardware adds to each block's shared memory; the table includes it.
    ///   - previous: the row before, which tells the second bmm_ch_bwd of a call from the first.
    ///   - glue: the place of a launch of the framework.
    /// - Throws: `ReferenceError` for missing or impossible values, `KernelError` for tilings that cannot be.
    package init(row: ReferenceRow, sharedReserveBytes: Int, previous: MeasuredLaunch? = nil, glue: GluePlace? = nil) throws {
        self.row = row
        shapeName = row.text("shape") ?? ""
        order = row.number("order").flatMap { Int(exactly: $0) } ?? 0
        kernel = try row.required("kernel")
        // A table of whole steps numbers the forward pass's launches first.
        let recomputes = row.text("glue") != nil && order >= Registry.ssdForward.count
        let isBackward = row.text("pass") == "bwd" || Registry.ssdBackward.contains(kernel) || recomputes
        pass = isBackward ? .backward : .forward
        shape = SSDShape(
            batch: try row.requiredCount("batch"), sequenceLength: try row.requiredCount("seqlen"),
            heads: try row.requiredCount("nheads"), headDim: try row.requiredCount("headdim"),
            groups: try row.requiredCount("ngroups"), stateDim: try row.requiredCount("dstate"),
            chunkSize: try row.requiredCount("chunk"))
        grid = Grid(x: try row.requiredCount("grid_x"), y: try row.requiredCount("grid_y"), z: try row.requiredCount("grid_z"))
        registersPerThread = try row.requiredCount("registers_per_thread")
        sharedMemoryBytesPerBlock = max(0, try row.requiredCount("shared_bytes_per_block") - sharedReserveBytes)
        self.glue = glue
        let threads = try row.requiredCount("threads_per_block")
        if glue != nil {
            tiling = Tiling(warps: threads.dividedRoundingUp(by: 32), stages: 1)
        } else if row.text("glue") != nil {
            tiling = try Self.tiling(
                of: row, kernel: kernel, allocation: SSDAllocation(shape: shape, pass: pass), grid: grid, threads: threads,
                registers: registersPerThread, sharedMemoryBytes: sharedMemoryBytesPerBlock)
        } else {
            let base = Tiling(warps: try row.requiredCount("num_warps"), stages: try row.requiredCount("num_stages"))
            tiling = try Tiling(parsing: try row.required("blocks"), base: base)
        }
        if kernel == "bmm_ch_bwd", let previous, previous.kernel == kernel, previous.shapeName == shapeName,
            previous.order + 1 == order, previous.tiling == tiling, previous.factor == .b
        {
            factor = .c
        } else {
            factor = .b
        }
    }

    /// The tiling of a row that states none: the one of the autotuner's whose grid and threads are the row's and whose shared memory
    /// and registers come nearest; the default where several are as near.
    private static func tiling(
        of row: ReferenceRow, kernel: String, allocation: SSDAllocation, grid: Grid, threads: Int, registers: Int,
        sharedMemoryBytes: Int
    ) throws -> Tiling {
        var best: (tiling: Tiling, distance: Int)?
        let tilings = [try TilingTable.defaultTiling(kernel: kernel, shape: allocation.shape)] + TilingTable.tilings(kernel: kernel)
        for tiling in tilings {
            let launch = try Registry.makeSource(kernel: kernel, tiling: tiling, allocation: allocation).launch
            guard launch.grid == grid, launch.threadsPerBlock == threads else { continue }
            let distance = abs(launch.sharedMemoryBytesPerBlock - sharedMemoryBytes) + abs(launch.registersPerThread - registers)
            if distance < best?.distance ?? Int.max { best = (tiling, distance) }
        }
        guard let best else {
            throw ReferenceError(
                file: row.file, line: row.line, cause: "no tiling of \(kernel) makes this row's grid and threads",
                cure: "check the row, or give blocks, num_warps and num_stages")
        }
        return best.tiling
    }

    /// This launch among those of its call.
    package var launch: SSDLaunch { SSDLaunch(kernel: kernel, factor: factor) }

    /// The launch's generator with the measured resources.
    /// - Throws: `ReferenceError` where the generator's grid is not the measured one.
    package func source(allocation: SSDAllocation? = nil) throws -> ResourceOverride {
        let allocation = allocation ?? SSDAllocation(shape: shape, pass: pass)
        let generator = try glue?.source(allocation: allocation)
            ?? Registry.makeSource(kernel: kernel, tiling: tiling, allocation: allocation, factor: factor)
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
