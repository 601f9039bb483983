import Trace

/// A launch with all its programs in memory, put together access by access.
package struct HandMadeLaunch: BlockProgramSource {
    package var launch: KernelLaunch
    package var programs: [BlockProgram]

    /// A launch of `blocks` blocks without operations; each tensor is a MiB, 16 MiB behind the one before.
    package init(blocks: Int, tensors: [String]) {
        launch = KernelLaunch(
            kernel: "hand", grid: Grid(x: blocks), threadsPerBlock: 128, registersPerThread: 32,
            sharedMemoryBytesPerBlock: 0,
            tensors: tensors.enumerated().map {
                Tensor(name: $1, baseAddress: UInt64($0 + 1) << 24, byteCount: 1 << 20, elementType: "f32")
            })
        programs = Array(repeating: BlockProgram(), count: blocks)
    }

    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program = programs[block]
    }

    /// Adds one warp request of the lanes at `addresses` to a block's program.
    package mutating func add(block: Int, _ kind: AccessKind, tensor: Int, laneBytes: Int = 4, _ addresses: [UInt64]) {
        let first = programs[block].laneAddresses.count
        programs[block].laneAddresses += addresses
        programs[block].operations.append(
            .lanes(
                LaneAccess(
                    kind: kind, tensor: tensor, laneBytes: laneBytes, firstLane: first, laneCount: addresses.count)))
    }
}
