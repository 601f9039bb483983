import Trace

/// Turns a source in parts into one with whole programs. It joins the parts of each block one after the other, as a
/// trace holds them.
package struct JoinedParts: BlockProgramSource {
    private var base: FusedLaunch
    private var part = BlockProgram()

    package var launch: KernelLaunch { base.launch }

    /// - Throws: `FusionError.noOrder` if the parts depend on the course of a run.
    package init(_ base: FusedLaunch) throws(FusionError) {
        guard !base.isDynamic else { throw .noOrder(kernel: base.launch.kernel) }
        self.base = base
    }

    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws {
        try base.loadProgram(ofBlock: block, into: &program)
        while try base.loadNextPart(ofBlock: block, into: &part) { program.append(part) }
    }
}

extension BlockProgram {
    /// Appends another program's operations and the lane addresses that they refer to.
    mutating func append(_ other: BlockProgram) {
        let first = UInt32(truncatingIfNeeded: laneAddresses.count)
        for operation in other.operations {
            if case .lanes(var lanes) = operation {
                lanes.firstLane += first
                operations.append(.lanes(lanes))
            } else {
                operations.append(operation)
            }
        }
        laneAddresses += other.laneAddresses
    }
}
