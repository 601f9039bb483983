/// The operations of one thread block in program order. One instance is reused from block to block, with its storage.
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

/// A launch whose blocks' programs can be pulled one at a time. It is a generator, a `.weir` launch, or a
/// transformation of either.
///
/// The engine asks once for each block, in increasing block number and from one thread. A source may therefore stream.
package protocol BlockProgramSource {
    var launch: KernelLaunch { get }
    /// Replaces `program` by the program of linear block `block`.
    mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws
}

/// A source whose blocks' programs come in parts, one after the other. Examples are persistent blocks that go from tile
/// to tile, and fused ones that go from kernel to kernel.
///
/// `loadProgram` gives a block's first part. The engine asks for the next part when the block has executed all
/// operations of the part before. It asks from one thread and in the order of these times, as far as its windows tell
/// them apart. A source may therefore hand out work as a counter in memory would. What a block has outstanding (loads,
/// groups of copies) stays outstanding between parts.
package protocol PartedProgramSource: BlockProgramSource {
    /// Replaces `program` by the next part of linear block `block`.
    /// - Returns: false where the block has no part left. `program` then means nothing.
    mutating func loadNextPart(ofBlock block: Int, into program: inout BlockProgram) throws -> Bool
}
