import Content
import Kernels
import Machine
import Trace

/// One row of a measured table as a launch that can be generated: what was launched and what the driver granted.
package struct MeasuredLaunch: Sendable {
    package let row: ReferenceRow
    /// The shape's name, such as `m8b_s4096_c128`; made of the sizes where the table names none.
    package let shapeName: String
    /// The place among the launches of its call; where the table gives none, that among the shape's rows.
    package let order: Int
    package let kernel: String
    package let subject: MeasuredSubject
    package let resources: MeasuredResources

    /// Reads a row.
    /// - Parameters:
    ///   - sharedReserveBytes: what the hardware adds to each block's shared memory; the table includes it.
    ///   - previous: the row before, which tells the second bmm_ch_bwd of a call from the first, and the order of rows
    ///     without one.
    ///   - glue: the place of a launch of the framework.
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
        if kernel == "bmm_ch_bwd", case .ssd(var launch) = subject, let follows,
            case .ssd(let before) = follows.subject,
            follows.kernel == kernel, follows.order + 1 == order, before == launch
        {
            launch.factor = .c
            subject = .ssd(launch)
        }
        self.subject = subject
    }

    /// The measured value of a column; a hit rate in percent follows from its sectors where the table has only these.
    /// - Throws: `ReferenceError` for what is no number.
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
    ///   - machine: what the launch is to run on.
    ///   - allocation: tensors that it shares with other launches of the call.
    /// - Throws: `ReferenceError` where the generator's grid is not the measured one.
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
    /// As `1 x 32 x 128`.
    fileprivate var text: String { "\(x) x \(y) x \(z)" }
}
