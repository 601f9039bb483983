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

/// A launch whose blocks' programs can be pulled one at a time: a generator, a `.weir` launch, a transformation of
/// either.
///
/// The engine asks once for each block, in increasing block number, from one thread; a source may therefore stream.
package protocol BlockProgramSource {
    var launch: KernelLaunch { get }
    /// Replaces `program` by the program of linear block `block`.
    mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws
}

/// A source whose blocks' programs come in parts, one after the other: persistent blocks that go from tile to tile,
/// fused ones that go from kernel to kernel.
///
/// `loadProgram` gives a block's first part. The engine asks for the next one when the block has executed all
/// operations of the part before, from one thread and in the order of these times as far as its windows tell them
/// apart; a source may therefore hand out work as a counter in memory would. What a block has outstanding (loads,
/// groups of copies) stays so between parts.
package protocol PartedProgramSource: BlockProgramSource {
    /// Replaces `program` by the next part of linear block `block`.
    /// - Returns: false where the block has none left; `program` is then of no meaning.
    mutating func loadNextPart(ofBlock block: Int, into program: inout BlockProgram) throws -> Bool
}
