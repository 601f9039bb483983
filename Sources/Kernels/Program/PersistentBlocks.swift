import Trace

/// A kernel run by persistent blocks: as many as are asked for, of which block b works through the kernel's tiles b, b + blocks,
/// b + 2 blocks, ... in launch order, each as the block of that number would.
package struct PersistentBlocks<Base: KernelGenerator>: KernelGenerator, PartedProgramSource {
    package let launch: KernelLaunch
    private var base: Base
    /// Tiles in all: blocks of the kernel's own grid.
    private let tileCount: Int
    /// Of each block the tile that comes next.
    private var nextTiles: [Int]

    /// - Parameters:
    ///   - kernel: the launch's name.
    ///   - blocks: at least one; blocks beyond the tiles have nothing to do.
    package init(_ base: Base, kernel: String, blocks: Int) {
        precondition(blocks > 0, "a launch has at least one block")
        self.base = base
        var launch = base.launch
        tileCount = launch.grid.blockCount
        nextTiles = Array(0..<blocks)
        launch.kernel = kernel
        launch.grid = Grid(x: blocks)
        self.launch = launch
    }

    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws {
        nextTiles[block] = block
        if try !loadNextPart(ofBlock: block, into: &program) { program.removeAll() }
    }

    package mutating func loadNextPart(ofBlock block: Int, into program: inout BlockProgram) throws -> Bool {
        let tile = nextTiles[block]
        guard tile < tileCount else { return false }
        nextTiles[block] = tile + nextTiles.count
        try base.loadProgram(ofBlock: tile, into: &program)
        return true
    }

    package func appendSourceOperations(ofBlock block: Int, to operations: inout [SourceOperation]) {
        for tile in stride(from: block, to: tileCount, by: nextTiles.count) {
            base.appendSourceOperations(ofBlock: tile, to: &operations)
        }
    }
}

extension KernelGenerator {
    /// The kernel run by `blocks` persistent blocks, under another name.
    package func persistent(kernel: String, blocks: Int) -> any KernelGenerator {
        PersistentBlocks(self, kernel: kernel, blocks: blocks)
    }
}
