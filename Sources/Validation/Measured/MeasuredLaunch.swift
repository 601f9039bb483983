import Content
import Kernels
import Machine
import Trace

/// One row of a measured table as a launch that can be generated: the launch itself and the resources that the driver
/// granted.
package struct MeasuredLaunch: Sendable {
    package let row: ReferenceRow
    /// The shape's name, such as `m8b_s4096_c128`. If the table names none, it is made of the sizes.
    package let shapeName: String
    /// The place among the launches of its call. If the table gives none, it is the place among the shape's rows.
    package let order: Int
    package let kernel: String
    package let subject: MeasuredSubject
    package let resources: MeasuredResources

    /// Reads a row.
    /// - Parameters:
    ///   - sharedReserveBytes: bytes that the hardware adds to each block's shared memory. The table includes them.
    ///   - previous: the row before. It tells the second launch of a kernel with two factors from the first, and gives
    ///     the order of rows that have none.
    ///   - glue: the place of a framework launch.
    /// - Throws: `ReferenceError` for missing or impossible values.
    package init(row: ReferenceRow, sharedReserveBytes: Int, previous: MeasuredLaunch? = nil, glue: GluePlace? = nil)
        throws
    {
        self.row = row
        kernel = try row.required("kernel")
        resources = try MeasuredResources(row: row, sharedReserveBytes: sharedReserveBytes)
        let (kernel, resources) = (kernel, resources)
        var subject =
            try glue.map { .glue($0) }
            ?? row.place { try MeasuredSubject(kernel: kernel, row: row, resources: resources) }
        let shapeName = row.text("shape") ?? subject.shapeName
        let follows = previous?.shapeName == shapeName ? previous : nil
        let order = try row.order() ?? follows.map { $0.order + 1 } ?? 0
        self.shapeName = shapeName
        self.order = order
        if let second = Registry.measured(kernel)?.kernel.factors.dropFirst().first,
            case .ssd(var launch) = subject, let follows,
            case .ssd(let before) = follows.subject,
            follows.kernel == kernel, follows.order + 1 == order, before == launch
        {
            launch.factor = second
            subject = .ssd(launch)
        }
        self.subject = subject
    }

    /// The measured value of a column. If the table has only the sectors of a hit rate, the rate in percent follows
    /// from them.
    /// - Throws: `ReferenceError` for a value that is not a number.
    package func measured(_ column: String) throws(ReferenceError) -> Double? {
        if let value = try row.number(column) { return value }
        guard column.hasSuffix("_hit_pct") else { return nil }
        let level = column.dropLast("_hit_pct".count)
        guard let sectors = try row.number(level + "_sectors"), sectors > 0,
            let hits = try row.number(level + "_hit_sectors")
        else { return nil }
        return 100 * hits / sectors
    }

    /// The launch's generator with the measured resources.
    /// - Parameters:
    ///   - machine: the machine on which the launch is to run.
    ///   - allocation: tensors that it shares with other launches of the call.
    /// - Throws: `ReferenceError` if the generator's grid is not the measured one.
    package func source(on machine: MachineDescription, allocation: SSDAllocation? = nil) throws
        -> any BlockProgramSource
    {
        let generator = try row.place {
            try subject.makeSource(
                kernel: kernel, registers: resources.registersPerThread, allocation: allocation, machine: machine)
        }
        let made = generator.launch
        guard made.grid == resources.grid, made.threadsPerBlock == resources.threadsPerBlock else {
            throw ReferenceError(
                file: row.file, line: row.line,
                cause: "\(kernel) \(subject.tilingDescription): the generator makes \(made.grid.text) blocks of "
                    + "\(made.threadsPerBlock) threads, the row has \(resources.grid.text) of \(resources.threadsPerBlock)",
                cure: "check the row's sizes and tiling")
        }
        return generator.launched(
            registersPerThread: resources.registersPerThread,
            sharedMemoryBytesPerBlock: resources.sharedMemoryBytesPerBlock)
    }
}

extension Grid {
    /// The text as `1 x 32 x 128`.
    fileprivate var text: String { "\(x) x \(y) x \(z)" }
}
