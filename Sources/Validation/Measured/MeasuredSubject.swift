import Content
import Fusion
import Kernels
import Machine
import Trace

/// The launch of a row of a measured table.
package enum MeasuredSubject: Sendable {
    /// A kernel of a Mamba-2 call at a tiling.
    case ssd(SSD)
    /// Mamba-1's scan or the causal convolution. Their sizes choose their tiles.
    case mamba1(Mamba1Shape)
    /// A gated norm.
    case norm(GatedNormShape)
    /// A launch of the framework in a Mamba-2 call.
    case glue(GluePlace)

    /// A launch of a Mamba-2 call.
    package struct SSD: Equatable, Sendable {
        package let shape: SSDShape
        package let tiling: Tiling
        /// The part of the training step that the launch belongs to.
        package let pass: SSDPass
        /// The factor whose gradient a bmm_ch_bwd makes.
        package var factor = ProductFactor.b
        /// The number of blocks that loop over the kernel's tiles; nil if each tile is a block.
        package var persistentBlocks: Int?
    }

    /// Kernels that rows can name.
    package static let kernels = Registry.measuredNames + FrameworkGlue.kernels

    /// Reads a row with the columns of h200_ssd.csv, h200_others.csv or h200_hypotheses.csv. `GluePlace` reads the
    /// framework's launches. A row without `blocks` states no tiling. The grid of a row of persistent blocks is their
    /// number.
    init(kernel: String, row: ReferenceRow, resources: MeasuredResources) throws {
        let named = Registry.measured(kernel)
        let own = named?.kernel.name ?? kernel
        if named != nil, Mamba1Kernels.kernels.contains(own) {
            self = .mamba1(try Mamba1Shape(kernel: own, row: row))
        } else if named != nil, NormKernels.kernels.contains(own) {
            self = .norm(
                GatedNormShape(
                    rows: try row.requiredCount("rows"), columns: try row.requiredCount("cols"),
                    groupSize: try row.requiredCount("group")))
        } else {
            let shape = SSDShape(
                batch: try row.requiredCount("batch"), sequenceLength: try row.requiredCount("seqlen"),
                heads: try row.requiredCount("nheads"), headDim: try row.requiredCount("headdim"),
                groups: try row.requiredCount("ngroups"), stateDim: try row.requiredCount("dstate"),
                chunkSize: try row.requiredCount("chunk"))
            try shape.validate()
            // A table of whole steps numbers the forward pass's launches first.
            let order = try row.order() ?? 0
            let recomputes = row.text("glue") != nil && order >= SSDKernels.ssdForward.count
            let isBackward = row.text("pass") == "bwd" || named?.kernel.pass == .backward || recomputes
            let pass: SSDPass = isBackward ? .backward : .forward
            let isPersistent = named?.isPersistent == true
            let tiling: Tiling
            if let blocks = row.text("blocks") {
                let base = Tiling(
                    warps: try row.requiredCount("num_warps"), stages: try row.requiredCount("num_stages"))
                tiling = try Tiling(parsing: blocks, base: base)
            } else {
                tiling = try SSD.tiling(
                    of: row, kernel: own, allocation: SSDAllocation(shape: shape, pass: pass),
                    resources: resources, isPersistent: isPersistent)
            }
            self = .ssd(
                SSD(
                    shape: shape, tiling: tiling, pass: pass,
                    persistentBlocks: isPersistent ? resources.grid.blockCount : nil))
        }
    }

    /// The generator of the launch.
    /// - Parameters:
    ///   - registers: the measured registers. Persistent blocks spill what they lack.
    ///   - allocation: tensors that a Mamba-2 launch shares with others of the call.
    ///   - machine: the machine on which persistent blocks run.
    func makeSource(
        kernel: String, registers: Int, allocation: SSDAllocation?, machine: MachineDescription
    ) throws -> any BlockProgramSource {
        let own = Registry.measured(kernel)?.kernel.name ?? kernel
        switch self {
        case .ssd(let launch):
            let source = try SSDKernels.makeSource(
                kernel: own, tiling: launch.tiling,
                allocation: allocation ?? SSDAllocation(shape: launch.shape, pass: launch.pass), factor: launch.factor)
            guard let blocks = launch.persistentBlocks else { return source }
            return try FusedLaunch.persistent(
                source, name: kernel, blocks: blocks, registers: registers, machine: machine)
        case .mamba1(let shape): return try Mamba1Kernels.makeSource(kernel: own, shape: shape)
        case .norm(let shape): return try NormKernels.makeSource(kernel: own, shape: shape)
        case .glue(let place): return try place.source(allocation: allocation)
        }
    }

    /// The origin of the launch's tiles, for reports: the tiling of the row, or nothing.
    package var tilingDescription: String {
        if case .ssd(let launch) = self { launch.tiling.description } else { "" }
    }

    /// The Mamba-2 launch, if it is one.
    package var ssd: SSD? {
        if case .ssd(let launch) = self { launch } else { nil }
    }

    /// The Mamba-2 call that the launch belongs to, and its pass.
    package var call: (shape: SSDShape, pass: SSDPass)? {
        switch self {
        case .ssd(let launch): (launch.shape, launch.pass)
        case .glue(let place): (place.shape, .backward)
        case .mamba1, .norm: nil
        }
    }

    /// A name made of the sizes, for tables that give no name.
    var shapeName: String {
        switch self {
        case .ssd(let launch): launch.shape.name
        case .glue(let place): place.shape.name
        case .mamba1(let shape):
            "b\(shape.batch)_d\(shape.dim)_s\(shape.sequenceLength)" + (shape.isChannelLast ? "_last" : "")
        case .norm(let shape): "r\(shape.rows)_c\(shape.columns)_g\(shape.groupSize)"
        }
    }
}

extension MeasuredSubject.SSD {
    /// The tiling of a row that states none. It is the autotuner's tiling that has the row's grid and threads and whose
    /// shared memory and registers come nearest. Among equally near tilings the default one comes first, then the one
    /// that the autotuner tries first. The grid of persistent blocks does not tell the tiles, so that only their
    /// threads have to match.
    fileprivate static func tiling(
        of row: ReferenceRow, kernel: String, allocation: SSDAllocation, resources: MeasuredResources,
        isPersistent: Bool
    ) throws -> Tiling {
        var best: (tiling: Tiling, distance: Int)?
        let space = Registry.kernel(named: kernel)?.tilings
        let chosen = space?.defaultTiling(in: .mamba2(Mamba2Block(ssd: allocation.shape)))
        let tilings = (chosen.map { [$0] } ?? []) + (space?.candidates ?? [])
        for tiling in tilings {
            let launch = try SSDKernels.makeSource(kernel: kernel, tiling: tiling, allocation: allocation).launch
            guard isPersistent || launch.grid == resources.grid, launch.threadsPerBlock == resources.threadsPerBlock
            else { continue }
            let distance =
                abs(launch.sharedMemoryBytesPerBlock - resources.sharedMemoryBytesPerBlock)
                + abs(launch.registersPerThread - resources.registersPerThread)
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
    func launch(kernel: String) -> SSDLaunch { SSDLaunch(kernel: kernel, factor: factor) }
}

extension SSDShape {
    /// The name as h200_hypotheses_times.csv gives it to its cases: b1_s4096_h128_p64_g8_n128_c128.
    fileprivate var name: String {
        "b\(batch)_s\(sequenceLength)_h\(heads)_p\(headDim)_g\(groups)_n\(stateDim)_c\(chunkSize)"
    }
}

extension Mamba1Shape {
    /// Reads a row with the columns of h200_others.csv: those of the parameters that the kernel's family takes.
    fileprivate init(kernel: String, row: ReferenceRow) throws {
        self.init(
            batch: try row.requiredCount("batch"), dim: try row.requiredCount("dim"),
            sequenceLength: try row.requiredCount("seqlen"))
        let taken = Registry.family(of: kernel)?.parameters(in: .mamba1(self)) ?? []
        if taken.contains(.stateDim) {
            stateDim = try row.requiredCount("dstate")
            hasGate = try row.flag("has_z")
        }
        if taken.contains(.width) { width = try row.requiredCount("width") }
        if taken.contains(.channelLast) { isChannelLast = try row.flag("channel_last") }
    }
}
