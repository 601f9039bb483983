import Kernels
import Machine
import Trace

/// One row of a measured table as a launch that can be generated: what was launched and what the driver granted.
package struct MeasuredLaunch: Sendable {
    /// What a row launches.
    package enum Subject: Sendable {
        /// A kernel of a Mamba-2 call at a tiling.
        case ssd(shape: SSDShape, tiling: Tiling)
        /// Mamba-1's scan or the causal convolution, whose sizes choose their tiles themselves.
        case mamba1(Mamba1Shape)
    }

    /// Kernels that rows can name.
    package static let kernels = Registry.kernels + Mamba1Kernels.kernels

    package let row: ReferenceRow
    /// The shape's name, such as `m8b_s4096_c128`; made of the sizes where the table names none.
    package let shapeName: String
    package let order: Int
    package let kernel: String
    package let subject: Subject
    package let grid: Grid
    package let registersPerThread: Int
    /// Shared memory of a block without the hardware's reserve.
    package let sharedMemoryBytesPerBlock: Int

    /// Reads a row.
    /// - Parameter sharedReserveBytes: what the hardware adds to each block's shared memory; the table includes it.
    /// - Throws: `ReferenceError` for missing or impossible values, `KernelError` for tilings that cannot be.
    package init(row: ReferenceRow, sharedReserveBytes: Int) throws {
        self.row = row
        kernel = try row.required("kernel")
        let subject: Subject = Mamba1Kernels.kernels.contains(kernel)
            ? .mamba1(try Mamba1Shape(kernel: kernel, row: row)) : try .ssd(row: row)
        self.subject = subject
        shapeName = row.text("shape") ?? subject.shapeName
        order = row.number("order").flatMap { Int(exactly: $0) } ?? 0
        grid = Grid(x: try row.requiredCount("grid_x"), y: try row.requiredCount("grid_y"), z: try row.requiredCount("grid_z"))
        registersPerThread = try row.requiredCount("registers_per_thread")
        sharedMemoryBytesPerBlock = max(0, try row.requiredCount("shared_bytes_per_block") - sharedReserveBytes)
    }

    /// What chose the launch's tiles, for reports: the tiling of the row, or nothing.
    package var tilingDescription: String {
        switch subject {
        case .ssd(_, let tiling): tiling.description
        case .mamba1: ""
        }
    }

    /// The tensors of the call that the launch belongs to; nil where it shares none with other rows.
    package var allocation: SSDAllocation? {
        switch subject {
        case .ssd(let shape, _): SSDAllocation(shape: shape)
        case .mamba1: nil
        }
    }

    /// The launch's generator with the measured resources.
    /// - Parameter allocation: tensors that it shares with other launches of the call.
    /// - Throws: `ReferenceError` where the generator's grid is not the measured one.
    package func source(allocation: SSDAllocation? = nil) throws -> ResourceOverride {
        let generator: any KernelGenerator
        switch subject {
        case .ssd(let shape, let tiling):
            generator = try Registry.makeSource(
                kernel: kernel, tiling: tiling, allocation: allocation ?? SSDAllocation(shape: shape))
        case .mamba1(let shape):
            generator = try Mamba1Kernels.makeSource(kernel: kernel, shape: shape)
        }
        let made = generator.launch
        guard made.grid == grid, made.threadsPerBlock == row.number("threads_per_block").map({ Int($0) }) else {
            throw ReferenceError(
                file: row.file, line: row.line,
                cause: "\(kernel) \(tilingDescription): the generator makes "
                    + "\(made.grid.x) x \(made.grid.y) x \(made.grid.z) blocks of \(made.threadsPerBlock) threads, the row has \(grid.x) x \(grid.y) x \(grid.z)",
                cure: "check the row's sizes and tiling")
        }
        return ResourceOverride(
            generator, registersPerThread: registersPerThread, sharedMemoryBytesPerBlock: sharedMemoryBytesPerBlock)
    }
}

extension MeasuredLaunch.Subject {
    /// Reads a row with the columns of hardware/h200_ssd.csv.
    fileprivate static func ssd(row: ReferenceRow) throws -> MeasuredLaunch.Subject {
        let shape = SSDShape(
            batch: try row.requiredCount("batch"), sequenceLength: try row.requiredCount("seqlen"),
            heads: try row.requiredCount("nheads"), headDim: try row.requiredCount("headdim"),
            groups: try row.requiredCount("ngroups"), stateDim: try row.requiredCount("dstate"),
            chunkSize: try row.requiredCount("chunk"))
        let base = Tiling(warps: try row.requiredCount("num_warps"), stages: try row.requiredCount("num_stages"))
        return .ssd(shape: shape, tiling: try Tiling(parsing: try row.required("blocks"), base: base))
    }

    /// A name made of the sizes, for tables that give none; empty for Mamba-2 rows, whose tables do.
    fileprivate var shapeName: String {
        switch self {
        case .ssd: ""
        case .mamba1(let shape):
            "b\(shape.batch)_d\(shape.dim)_s\(shape.sequenceLength)" + (shape.isChannelLast ? "_last" : "")
        }
    }
}

extension Mamba1Shape {
    /// Reads a row with the columns of hardware/h200_others.csv.
    fileprivate init(kernel: String, row: ReferenceRow) throws {
        self.init(
            batch: try row.requiredCount("batch"), dim: try row.requiredCount("dim"),
            sequenceLength: try row.requiredCount("seqlen"))
        if kernel.hasPrefix("sel_scn") {
            stateDim = try row.requiredCount("dstate")
            hasGate = row.number("has_z") == 1
        } else {
            width = try row.requiredCount("width")
            isChannelLast = row.number("channel_last") == 1
        }
    }
}
