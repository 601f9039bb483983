import Analysis
import Trace

/// A launch with all its programs in memory, put together access by access.
struct HandMadeLaunch: BlockProgramSource {
    var launch: KernelLaunch
    var programs: [BlockProgram]

    /// A launch of `blocks` blocks without operations; each tensor is a MiB, 16 MiB behind the one before.
    init(blocks: Int, tensors: [String]) {
        launch = KernelLaunch(
            kernel: "hand", grid: Grid(x: blocks), threadsPerBlock: 128, registersPerThread: 32,
            sharedMemoryBytesPerBlock: 0,
            tensors: tensors.enumerated().map {
                Tensor(name: $1, baseAddress: UInt64($0 + 1) << 24, byteCount: 1 << 20, elementType: "f32")
            })
        programs = Array(repeating: BlockProgram(), count: blocks)
    }

    mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) { program = programs[block] }

    /// Adds one warp request of the lanes at `addresses` to a block's program.
    mutating func add(block: Int, _ kind: AccessKind, tensor: Int, laneBytes: Int = 4, _ addresses: [UInt64]) {
        let first = programs[block].laneAddresses.count
        programs[block].laneAddresses += addresses
        programs[block].operations.append(
            .lanes(
                LaneAccess(
                    kind: kind, tensor: tensor, laneBytes: laneBytes, firstLane: first, laneCount: addresses.count)))
    }

    /// What an inspection says of the launch.
    func summary(processors: Int = 132, pageLimit: Int = AccessProfiler.defaultPageLimit) throws -> LaunchSummary {
        var profiler: AccessProfiler? = AccessProfiler(processorCount: processors, pageLimit: pageLimit)
        return try LaunchSummary(self, order: 0, profiler: &profiler)
    }

    /// An inspection of a trace of this launch alone.
    func trace(processors: Int = 132) throws -> TraceSummary {
        TraceSummary(
            file: "hand.weir", byteCount: nil, producer: "hand", launches: [try summary(processors: processors)],
            processorCount: processors)
    }
}
