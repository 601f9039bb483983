/// The operations of one thread block in program order. Buffers are reused from block to block.
package struct BlockProgram: Equatable, Sendable {
    package var operations: [Operation] = []
    /// Lane addresses that `LaneAccess` operations refer to.
    package var laneAddresses: [UInt64] = []

    package init() {}

    /// Empties the program and keeps its storage.
    package mutating func removeAll() {
        operations.removeAll(keepingCapacity: true)
        laneAddresses.removeAll(keepingCapacity: true)
    }
}

/// A launch whose blocks' programs can be pulled one at a time: a generator, a `.weir` launch, a transformation of either.
///
/// The engine asks once for each block, in increasing block number, from one thread; a source may therefore stream.
package protocol BlockProgramSource {
    var launch: KernelLaunch { get }
    /// Replaces `program` by the program of linear block `block`.
    mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws
}
