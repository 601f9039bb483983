/// The tiles that a persistent block works on.
package enum TileAssignment: String, CaseIterable, Sendable {
    /// Tiles b, b + blocks, b + 2 blocks, ...
    case strided
    /// Neighbouring tiles, equally many for each block. The last block may have fewer, and there are fewer blocks if
    /// these hold all tiles.
    case contiguous
    /// Strided, but each round moves on by one block: tiles (b + i) mod blocks + i blocks.
    case rotated
    /// The next tile when the block is free. The block gets it by an atomic addition to one word.
    case ticket
}

/// A fixed number of blocks that loop over the tiles of one launch.
struct PersistentSchedule: PartSchedule {
    let tiles: TileSequence
    let assignment: TileAssignment
    let blockCount: Int
    /// The greatest number of tiles of a block.
    private let share: Int
    /// The ticket's value.
    private var taken = 0
    /// Blocks that have fetched a ticket beyond the last tile.
    private var endedBlocks: Set<Int> = []

    /// - Parameter blocks: the wanted number. There is at most one block per tile.
    init(tiles: TileSequence, assignment: TileAssignment, blocks: Int) {
        self.tiles = tiles
        self.assignment = assignment
        let wanted = max(1, min(blocks, tiles.count))
        share = (tiles.count + wanted - 1) / wanted
        blockCount = assignment == .contiguous ? (tiles.count + share - 1) / max(1, share) : wanted
    }

    var isDynamic: Bool { assignment == .ticket }

    mutating func part(_ index: Int, ofBlock block: Int) -> FusedPart? {
        guard assignment == .ticket else { return position(index, ofBlock: block).map(tile) }
        // Blocks fetch a ticket for every tile. The fetch after the last tile finds none and ends the block.
        if endedBlocks.remove(block) != nil { return nil }
        guard taken < tiles.count else {
            endedBlocks.insert(block)
            return .ticket
        }
        taken += 1
        var part = tile(taken - 1)
        part.fetchesTicket = true
        return part
    }

    private func tile(_ position: Int) -> FusedPart { FusedPart(source: 0, block: tiles.tile(at: position)) }

    /// The position in the order of part `index` of a block; nil after its last part.
    private func position(_ index: Int, ofBlock block: Int) -> Int? {
        let position: Int
        switch assignment {
        case .strided: position = block + index * blockCount
        case .contiguous:
            guard index < share else { return nil }
            position = block * share + index
        case .rotated: position = (block + index) % blockCount + index * blockCount
        case .ticket: return nil
        }
        return position < tiles.count ? position : nil
    }
}
