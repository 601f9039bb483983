import Kernels
import Machine
import Trace

/// One row of a measured table as a launch that can be generated: what was launched and what the driver granted.
package struct MeasuredLaunch: Sendable {
    package let row: ReferenceRow
    /// The shape's name, such as `m8b_s4096_c128`; made of the sizes where the table names none.
    package let shapeName: String
    package let order: Int
    package let kernel: String
    package let subject: MeasuredSubject
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
        kernel = try row.required("kernel")
        order = row.number("order").flatMap { Int(exactly: $0) } ?? 0
        var subject = try glue.map { .glue($0) }
            ?? MeasuredSubject(kernel: kernel, row: row, sharedReserveBytes: sharedReserveBytes)
        shapeName = row.text("shape") ?? subject.shapeName
        if kernel == "bmm_ch_bwd", case .ssd(var launch) = subject, let previous, case .ssd(let before) = previous.subject,
            previous.kernel == kernel, previous.shapeName == shapeName, previous.order + 1 == order, before == launch
        {
            launch.factor = .c
            subject = .ssd(launch)
        }
        self.subject = subject
        grid = Grid(x: try row.requiredCount("grid_x"), y: try row.requiredCount("grid_y"), z: try row.requiredCount("grid_z"))
        registersPerThread = try row.requiredCount("registers_per_thread")
        sharedMemoryBytesPerBlock = max(0, try row.requiredCount("shared_bytes_per_block") - sharedReserveBytes)
    }

    /// The launch's generator with the measured resources.
    /// - Parameter allocation: tensors that it shares with other launches of the call.
    /// - Throws: `ReferenceError` where the generator's grid is not the measured one.
    package func source(allocation: SSDAllocation? = nil) throws -> ResourceOverride {
        let generator = try subject.makeSource(kernel: kernel, allocation: allocation)
        let made = generator.launch
        guard made.grid == grid, made.threadsPerBlock == row.number("threads_per_block").map({ Int($0) }) else {
            throw ReferenceError(
                file: row.file, line: row.line,
                cause: "\(kernel) \(subject.tilingDescription): the generator makes \(made.grid.x) x \(made.grid.y) x \(made.grid.z) "
                    + "blocks of \(made.threadsPerBlock) threads, the row has \(grid.x) x \(grid.y) x \(grid.z)",
                cure: "check the row's sizes and tiling")
        }
        return ResourceOverride(
            generator, registersPerThread: registersPerThread, sharedMemoryBytesPerBlock: sharedMemoryBytesPerBlock)
    }
}
