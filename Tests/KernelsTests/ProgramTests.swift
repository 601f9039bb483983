import Kernels
import Testing
import Trace

/// Launches small enough to work out by hand.
@Suite struct ProgramTests {
    private func program(_ source: any KernelGenerator, block: Int) throws -> [Operation] {
        var source = source
        var program = BlockProgram()
        try source.loadProgram(ofBlock: block, into: &program)
        return program.operations
    }

    private func tiles(_ operations: [Operation], _ kinds: [AccessKind]) -> [TileAccess] {
        operations.compactMap { operation in
            guard case .tile(let tile) = operation, kinds.contains(tile.kind) else { return nil }
            return tile
        }
    }

    private func shape(length: Int = 300, stateDim: Int = 64) -> SSDShape {
        SSDShape(
            batch: 2, sequenceLength: length, heads: 4, headDim: 64, groups: 2, stateDim: stateDim, chunkSize: 128)
    }

    @Test func `A pipelined loop issues its first trips ahead and waits a group a trip`() throws {
        let source = try SSDKernels.makeSource(
            kernel: "bmm_ch_fwd", shape: shape(stateDim: 128), tiling: Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 3))
        let steps = try program(source, block: 0).map { operation in
            switch operation {
            case .tile(let tile): tile.kind == .store ? "store" : "copy"
            case .commitGroup: "commit"
            case .awaitGroups(let pending): "wait \(pending)"
            case .barrier: "barrier"
            case .compute: "compute"
            default: "other"
            }
        }
        let (copies, wait) = (["copy", "copy", "commit"], ["wait 1", "barrier"])
        #expect(
            steps == ["compute"] + copies + ["compute"] + copies + ["compute"]
                + wait + copies + ["compute"] + wait + copies + ["compute"]
                + wait + ["commit", "compute"] + wait + ["commit", "compute"] + ["wait 0"]
                + ["compute", "store", "compute", "store", "compute", "store", "compute", "store"])
    }

    @Test func `The short chunk's copies and stores end with its valid positions`() throws {
        let source = try SSDKernels.makeSource(
            kernel: "ch_state_fwd", shape: shape(), tiling: Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4))
        // Chunk 2 of 300 positions holds 44: one whole trip of 32 and one of 12.
        let copies = tiles(try program(source, block: 4), [.copyBypass, .copyThroughL1])
        #expect(copies.count == 8)
        #expect(copies.map(\.rows) == [32, 32, 1, 1, 12, 12, 1, 1])
        #expect(copies[6].rowBytes == 48 && copies[6].kind == .copyThroughL1)
        #expect(copies[0].kind == .copyBypass && copies[0].rowBytes == 128)
    }

    @Test func `Rows past a short chunk's end load products and store nothing`() throws {
        let source = try SSDKernels.makeSource(
            kernel: "ch_scan_fwd", shape: shape(), tiling: Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4))
        // Tile 1 of chunk 2 covers rows 64 to 127, all past the 44 valid ones.
        let operations = try program(source, block: 1 + 2 * 4)
        #expect(tiles(operations, [.store]).isEmpty)
        #expect(tiles(operations, [.copyBypass]).count == 8)
        var source2: [SourceOperation] = []
        source.appendSourceOperations(ofBlock: 1 + 2 * 4, to: &source2)
        #expect(source2.last?.kind == .store && source2.last?.elementCount == 0)
    }

    @Test func `State dimensions above 128 make the leading product a pipelined loop`() throws {
        let tiling = Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4)
        let wide = try SSDKernels.makeSource(kernel: "ch_scan_fwd", shape: shape(stateDim: 256), tiling: tiling)
        let narrow = try SSDKernels.makeSource(kernel: "ch_scan_fwd", shape: shape(stateDim: 128), tiling: tiling)
        // Eight trips of C and states, then two of products, decay, time step and x for the first tile of rows.
        #expect(tiles(try program(wide, block: 0), [.copyBypass]).count == 8 * 2 + 2 * 4)
        #expect(tiles(try program(narrow, block: 0), [.copyBypass]).count == 2 * 4)
        #expect(tiles(try program(narrow, block: 0), [.load]).count == 5)
    }

    @Test func `Short row vectors are loaded twice, in two layouts`() throws {
        let low = try SSDKernels.makeSource(
            kernel: "ch_scan_fwd", shape: shape(), tiling: Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5))
        let loads = tiles(try program(low, block: 0), [.load]).prefix(2)
        #expect(loads.map(\.lanesPerRow) == [8, 4])
        #expect(loads.map(\.replicas) == [2, 1])
    }

    @Test func `The gate adds a store before and a load after the skip connection`() throws {
        var gated = shape()
        gated.hasGate = true
        let source = try SSDKernels.makeSource(kernel: "ch_scan_fwd", shape: gated)
        let names = source.launch.tensors.map(\.name)
        let last = tiles(try program(source, block: 0), [.load, .store]).suffix(3)
        #expect(last.map { names[Int($0.tensor)] } == ["out_x", "z", "out"])
    }

    @Test func `Without D neither D nor x is read after the loop`() throws {
        var plain = shape()
        plain.skip = .none
        let source = try SSDKernels.makeSource(kernel: "ch_scan_fwd", shape: plain)
        #expect(!source.launch.tensors.contains { $0.name == "D" })
        let with = try SSDKernels.makeSource(kernel: "ch_scan_fwd", shape: shape())
        #expect(
            tiles(try program(with, block: 0), [.load]).count == tiles(try program(source, block: 0), [.load]).count + 2
        )
    }

    @Test func `Misaligned rows fall back to plain element loads`() throws {
        var odd = shape()
        odd.headDim = 40
        let source = try SSDKernels.makeSource(
            kernel: "ch_state_fwd", shape: odd, tiling: Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4))
        let names = source.launch.tensors.map(\.name)
        let operations = try program(source, block: 0)
        let x = tiles(operations, [.load, .copyBypass, .copyThroughL1]).filter { names[Int($0.tensor)] == "x" }
        #expect(x.count == 4 && x.allSatisfy { $0.kind == .load && $0.laneBytes == 2 })
    }

    @Test func `The causal product returns at once above the diagonal`() throws {
        let allocation = SSDAllocation(shape: shape())
        let tiling = Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5)
        let causal = try SSDKernels.makeSource(
            kernel: "bmm_ch_fwd", tiling: tiling, allocation: allocation, isCausalProduct: true)
        #expect(try program(causal, block: 2).isEmpty)
        #expect(try !program(causal, block: 1).isEmpty)
    }

    @Test func `The recomputed states are wider and four chunks' loads go together`() throws {
        let long = shape(length: 128 * 9)
        let tiling = Tiling(block: 1024, warps: 4, stages: 3)
        func loadsBeforeWait(_ pass: SSDPass) throws -> Int {
            let source = try SSDKernels.makeSource(
                kernel: "state_pass_fwd", tiling: tiling, allocation: SSDAllocation(shape: long, pass: pass))
            let operations = try program(source, block: 0)
            let end = try #require(operations.firstIndex(of: .awaitLoads))
            return tiles(Array(operations[..<end]), [.load]).count
        }
        #expect(try loadsBeforeWait(.forward) == 2)
        #expect(try loadsBeforeWait(.backward) == 8)
    }
}
