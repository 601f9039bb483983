import Trace

/// The contents of a launch's trace, without a simulation.
package struct LaunchSummary: Equatable, Sendable {
    package let launch: KernelLaunch
    /// Operations of all programs by kind, in the order of `OperationName`.
    package private(set) var operations: [UInt64]
    /// One entry for each of the launch's tensors.
    package private(set) var tensors: [TensorTraffic]
    /// Warp instructions of all warps, from the cost model.
    package private(set) var warpInstructions: UInt64 = 0
    /// The part of `warpInstructions` of each class in `instructionClasses`.
    package private(set) var classInstructions = InstructionClasses(repeating: 0)
    /// Blocks whose program has no memory operation.
    package private(set) var idleBlocks = 0
    /// Use of memory of all tensors together; nil without a profiler.
    package private(set) var profile: AccessProfile?
    /// The use of memory of each of the launch's tensors; empty without a profiler.
    package private(set) var tensorProfiles: [AccessProfile] = []

    /// Reads every block's program and counts it, without profiles.
    /// - Throws: errors of the source.
    package init(_ source: some BlockProgramSource) throws {
        var none: AccessProfiler?
        try self.init(source, order: 0, profiler: &none)
    }

    /// Reads every block's program and counts it.
    /// - Parameters:
    ///   - place: the name of the trace, for errors.
    ///   - order: the launch's number in its trace, for errors.
    ///   - profiler: collects the profiles of tensors; nil leaves them out.
    ///   - progress: called before each block.
    /// - Throws: errors of the source, and `AnalysisError.footprintLimit`.
    package init(
        _ source: some BlockProgramSource, place: String? = nil, order: Int, profiler: inout AccessProfiler?,
        progress: ((Int) -> Void)? = nil
    ) throws {
        var source = source
        launch = source.launch
        operations = Array(repeating: 0, count: OperationName.allCases.count)
        tensors = Array(repeating: TensorTraffic(), count: source.launch.tensors.count)
        var expander = RequestExpander(geometry: .nvidia, measuresCoverage: profiler != nil)
        profiler?.begin(launch)
        var program = BlockProgram()
        for block in 0..<launch.grid.blockCount {
            progress?(block)
            try source.loadProgram(ofBlock: block, into: &program)
            profiler?.begin(block: block)
            var touchesMemory = false
            for operation in program.operations {
                operations[OperationName(operation).rawValue] &+= 1
                switch operation {
                case .tile(let tile):
                    guard !tile.kind.isMaintenance else { continue }
                    var bytes = UInt64(tile.rows) * UInt64(tile.rowBytes) * UInt64(tile.replicas)
                    var pieces = TilePieces(tile, geometry: expander.geometry)
                    while pieces.expandNext(with: &expander) {
                        count(
                            expander, bytes: bytes, lanes: nil, kind: tile.kind, tensor: Int(tile.tensor),
                            profiler: &profiler)
                        try profiler?.checkLimit(place: place, order: order, kernel: launch.kernel)
                        bytes = 0
                    }
                    touchesMemory = true
                case .lanes(let access):
                    guard !access.kind.isMaintenance else { continue }
                    expander.expand(access, laneAddresses: program.laneAddresses)
                    let bytes = UInt64(access.laneCount) * UInt64(access.laneBytes)
                    let lanes = UInt64(access.laneCount)
                    count(
                        expander, bytes: bytes, lanes: lanes, kind: access.kind, tensor: Int(access.tensor),
                        profiler: &profiler)
                    try profiler?.checkLimit(place: place, order: order, kernel: launch.kernel)
                    touchesMemory = true
                case .compute(let work):
                    guard work.instructions > 0 else { continue }
                    let warps = UInt64(launch.warpsPerBlock)
                    warpInstructions &+= UInt64(work.instructions) * warps
                    let classes = SIMD8(work.tensor, work.fp32, work.alu, work.special, work.memory, work.shuffle, 0, 0)
                    classInstructions &+= InstructionClasses(truncatingIfNeeded: classes) &* warps
                default:
                    continue
                }
            }
            if !touchesMemory { idleBlocks += 1 }
        }
        if let profiles = profiler?.finish(blocks: launch.grid.blockCount) {
            tensorProfiles = profiles.tensors
            profile = profiles.total
        }
    }

    /// The classes of instructions that compute steps distinguish. The rest are branches, barriers, moves and the
    /// uniform datapath.
    package static let instructionClasses = ["tensor", "fp32", "alu", "special", "memory", "shuffle"]

    /// Counts in the order of `instructionClasses`. The last two lanes are empty.
    package typealias InstructionClasses = SIMD8<UInt64>

    /// The traffic of all tensors together.
    package var total: TensorTraffic { tensors.reduce(into: TensorTraffic()) { $0.add($1) } }

    /// Operations of all programs.
    package var operationCount: UInt64 { operations.reduce(0, +) }

    private mutating func count(
        _ expander: borrowing RequestExpander, bytes: UInt64, lanes: UInt64?, kind: AccessKind, tensor: Int,
        profiler: inout AccessProfiler?
    ) {
        guard tensors.indices.contains(tensor) else { return }
        var starts: UInt64 = 0
        var sectors: UInt64 = 0
        for request in expander.requests {
            if request.startsRequest { starts += 1 }
            sectors += UInt64(request.sectors.nonzeroBitCount)
        }
        let isWrite = !kind.isRead || kind == .atomic
        if !isWrite {
            tensors[tensor].readRequests &+= starts
            tensors[tensor].readSectors &+= sectors
            tensors[tensor].readBytes &+= bytes
        } else {
            tensors[tensor].writeRequests &+= starts
            tensors[tensor].writeSectors &+= sectors
            tensors[tensor].writeBytes &+= bytes
        }
        profiler?.add(expander, bytes: bytes, sectors: sectors, lanes: lanes, isWrite: isWrite, tensor: tensor)
    }
}
