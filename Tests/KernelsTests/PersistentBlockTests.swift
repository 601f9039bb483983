import Kernels
import Testing
import Trace

@Suite("Persistent blocks")
struct PersistentBlockTests {
    private func scan() throws -> any KernelGenerator {
        let shape = SSDShape(batch: 1, sequenceLength: 256, heads: 3, headDim: 64, groups: 1, stateDim: 64, chunkSize: 128)
        return try Registry.makeSource(kernel: "ch_scan_fwd", shape: shape)
    }

    @Test(
        "Together they run every tile once, each in the order of the launch and block b every blocks-th one",
        arguments: [1, 5, 7, 50])
    func tiles(blocks: Int) throws {
        var plain = try scan()
        let tiles = plain.launch.grid.blockCount
        let generator = plain.persistent(kernel: "scan_in_parts", blocks: blocks)
        #expect(generator.launch.kernel == "scan_in_parts" && generator.launch.grid == Grid(x: blocks))
        #expect(generator.launch.tensors == plain.launch.tensors)
        var parted = try #require(generator as? any PartedProgramSource)
        var (program, expected) = (BlockProgram(), BlockProgram())
        // Block by block, then part by part, as an engine interleaves them.
        var tile = 0
        for block in 0..<blocks {
            try parted.loadProgram(ofBlock: block, into: &program)
            if tile < tiles { try plain.loadProgram(ofBlock: tile, into: &expected) } else { expected.removeAll() }
            #expect(program == expected)
            tile += 1
        }
        var block = 0
        while tile < tiles {
            #expect(try parted.loadNextPart(ofBlock: block, into: &program))
            try plain.loadProgram(ofBlock: tile, into: &expected)
            #expect(program == expected)
            tile += 1
            block = (block + 1) % blocks
        }
        for block in 0..<blocks { #expect(try !parted.loadNextPart(ofBlock: block, into: &program)) }
    }

    @Test("Operations in source order are the tiles' own")
    func sourceOrder() throws {
        let plain = try scan()
        let persistent = plain.persistent(kernel: "scan_in_parts", blocks: 2)
        var (own, expected): ([SourceOperation], [SourceOperation]) = ([], [])
        persistent.appendSourceOperations(ofBlock: 1, to: &own)
        for tile in stride(from: 1, to: plain.launch.grid.blockCount, by: 2) {
            plain.appendSourceOperations(ofBlock: tile, to: &expected)
        }
        #expect(!own.isEmpty && own == expected)
    }
}
