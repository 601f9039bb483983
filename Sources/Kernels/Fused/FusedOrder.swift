/// The role of a block of ssd_fused, and the place where it works.
package enum FusedWork: Equatable, Sendable {
    /// Role 1: processed time steps and decay sums of a chunk, for the heads from `firstHead` on.
    case timeSteps(batch: Int, chunk: Int, firstHead: Int)
    /// Role 2: one tile of C Bᵀ, numbered down and across.
    case product(batch: Int, chunk: Int, group: Int, rowTile: Int, columnTile: Int)
    /// Role 3: state and output of a chunk for one head and one tile of channels.
    case chunk(batch: Int, chunk: Int, head: Int, channelTile: Int)
}

/// How the numbers that blocks of ssd_fused take become work. All of role 1 comes first, then all of role 2, then role
/// 3. In role 3 the head varies fastest and the batch slowest.
///
/// *Source:* fused.md section 3.
package struct FusedOrder: Equatable, Sendable {
    private let batch: Int
    private let chunks: Int
    private let groups: Int
    private let heads: Int
    private let blocks: FusedBlocks
    package let headBlocks: Int
    package let rowTiles: Int
    package let columnTiles: Int
    package let channelTiles: Int
    package let stateTiles: Int
    /// Row blocks of the scan.
    package let scanTiles: Int

    package init(shape: SSDShape, blocks: FusedBlocks) {
        batch = shape.batch
        chunks = shape.chunkCount
        groups = shape.groups
        heads = shape.heads
        self.blocks = blocks
        headBlocks = shape.heads.dividedRoundingUp(by: blocks.heads)
        rowTiles = shape.chunkSize.dividedRoundingUp(by: blocks.productRows)
        columnTiles = shape.chunkSize.dividedRoundingUp(by: blocks.productColumns)
        channelTiles = shape.headDim.dividedRoundingUp(by: blocks.channels)
        stateTiles = shape.stateDim.dividedRoundingUp(by: blocks.states)
        scanTiles = shape.chunkSize.dividedRoundingUp(by: blocks.scanRows)
    }

    /// Numbers of blocks with role 1, role 2 and role 3.
    package var timeStepBlocks: Int { batch * chunks * headBlocks }
    package var productBlocks: Int { rowTiles * columnTiles * batch * chunks * groups }
    package var chunkBlocks: Int { batch * chunks * heads * channelTiles }
    package var blockCount: Int { timeStepBlocks + productBlocks + chunkBlocks }

    /// Number of blocks that must signal a chunk's ready counter before role 3 may read what they wrote.
    package var readySignals: Int { headBlocks + rowTiles * columnTiles * groups }

    /// The work of the block with this number.
    package func work(ofBlock number: Int) -> FusedWork {
        var rest = number
        /// Splits off the index along the fastest remaining extent. `rest` keeps the number for the slower ones.
        func take(_ extent: Int) -> Int {
            defer { rest /= extent }
            return rest % extent
        }
        if rest < timeStepBlocks {
            let (batch, chunk) = (take(batch), take(chunks))
            return .timeSteps(batch: batch, chunk: chunk, firstHead: rest * blocks.heads)
        }
        rest -= timeStepBlocks
        if rest < productBlocks {
            let (columnTile, rowTile) = (take(columnTiles), take(rowTiles))
            let (batch, chunk) = (take(batch), take(chunks))
            return .product(batch: batch, chunk: chunk, group: rest, rowTile: rowTile, columnTile: columnTile)
        }
        rest -= productBlocks
        let (head, channelTile, chunk) = (take(heads), take(channelTiles), take(chunks))
        return .chunk(batch: rest, chunk: chunk, head: head, channelTile: channelTile)
    }
}
