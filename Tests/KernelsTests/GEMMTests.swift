import TestSupport
import Testing
import Trace

@testable import Kernels

/// Matrix products as cuBLAS launches them.
@Suite struct GEMMTests {
    private static func shape(
        _ rows: Int, _ columns: Int, _ depth: Int, _ letters: String, bias: Bool = false, batch: Int = 1,
        type: ElementType = .bf16
    ) -> GEMMShape {
        GEMMShape(
            rows: rows, columns: columns, depth: depth, batch: batch, elementType: type,
            leftIsTransposed: letters.hasSuffix("T"), rightIsTransposed: letters.hasPrefix("T"), hasBias: bias)
    }

    private func launches(_ shape: GEMMShape, tile: String? = nil, splits: Int? = nil) throws -> [any KernelGenerator] {
        var memory = DeviceMemory()
        let tensors = GEMMTensors(shape, memory: &memory)
        let tile = try tile.map { try #require(GEMMTile($0)) }
        return try GEMM.launches(shape, tensors: tensors, tile: tile, splits: splits)
    }

    /// Bytes and counts of all bulk copies of a launch.
    private struct Copies {
        /// Sectors that SMs get, and that the L2 is asked for.
        var delivered = 0
        var asked = 0
        /// How often each sector of the output is stored.
        var stored: [UInt64: Int] = [:]
        var atomics = 0
        var products = 0
        var steps = 0

        init(_ source: any KernelGenerator) throws {
            var source = source
            var program = BlockProgram()
            var expander = RequestExpander(geometry: .nvidia)
            for block in 0..<source.launch.grid.blockCount {
                try source.loadProgram(ofBlock: block, into: &program)
                for operation in program.operations {
                    switch operation {
                    case .tile(let tile) where tile.kind == .bulkLoad:
                        expander.expand(tile)
                        let sectors = expander.requests.reduce(0) { $0 + $1.sectors.nonzeroBitCount }
                        asked += sectors
                        delivered += sectors * tile.hint.receivers
                    case .tile(let tile) where tile.kind == .bulkStore:
                        expander.expand(tile)
                        for request in expander.requests {
                            for sector in 0..<4 where request.sectors >> sector & 1 == 1 {
                                stored[request.line * 4 + UInt64(sector), default: 0] += 1
                            }
                        }
                    case .lanes(let lanes):
                        #expect(lanes.kind == .atomic && lanes.laneCount == 1)
                        atomics += 1
                    case .beginProducts(let count):
                        products += Int(count) * source.launch.warpsPerBlock
                        steps += 1
                    default: break
                    }
                }
            }
        }
    }

    @Test func `Every line of the measured table can be read and gives its own tile and parts`() {
        let table = GEMMTileTable.measured
        #expect(table.entries.count == GEMMTileTable.text.split(separator: "\n").count)
        for entry in table.entries {
            let shape = Self.shape(entry.rows, entry.columns, entry.depth, entry.letters, bias: entry.hasBias)
            let plan = GEMMPlan(shape)
            #expect(plan.tile == entry.tile && plan.splits == entry.splits, "\(entry)")
            #expect(GEMMTile(entry.tile.name) == entry.tile)
        }
        for text in [
            "", "256x128", "256x128_64x4_1x3_h", "256x128_64x4_1x2_x", "0x128_64x4_1x2_h", "256x128_64x17_1x2_h",
        ] {
            #expect(GEMMTile(text) == nil, "\(text)")
        }
    }

    /// Products of a whole training step and their grids, as an H200 launched them.
    @Test(arguments: [
        (shape(4096, 18560, 4096, "TN"), "256x128_64x4_1x2_h", 1, Grid(x: 2, y: 66)),
        (shape(192, 5120, 4096, "NT"), "128x64_64x8_4x1_v", 1, Grid(x: 4, y: 30)),
        (shape(2048, 2048, 2048, "NN"), "256x128_64x4_1x2_h", 1, Grid(x: 2, y: 64)),
        (shape(1280, 320, 25088, "NT"), "64x256_64x5_1x1_h", 5, Grid(x: 1, y: 125)),
        (shape(128, 128, 524_288, "NT"), "64x64_64x13_1x2_h", 33, Grid(x: 2, y: 66)),
        (shape(6272, 640, 640, "TN", bias: true), "128x256_64x4_1x2_h", 1, Grid(x: 2, y: 65)),
        (shape(128, 1000, 640, "TN", bias: true), "24x64_64x16_4x2_h", 1, Grid(x: 8, y: 11)),
    ])
    func `Tiles, parts, grids and resources are the measured ones`(
        shape: GEMMShape, tile: String, splits: Int, grid: Grid
    ) throws {
        let launches = try launches(shape)
        let launch = launches[0].launch
        #expect(launch.grid == grid)
        #expect(launch.tiling == tile + (splits > 1 ? " splits=\(splits)" : ""))
        #expect(launch.threadsPerBlock == 384 && launch.registersPerThread == 168)
        #expect(launches.count == (splits > 1 ? 2 : 1))
    }

    /// *Source:* shared_dynamic_bytes of nvjet's launches.
    @Test func `Shared memory is within 70 bytes of the measured one`() throws {
        for (shape, tile, bytes) in [
            (Self.shape(4096, 4096, 4096, "TN"), "256x128_64x4_1x2_h", 213_188),
            (Self.shape(4096, 5120, 4096, "TN"), "320x128_64x3_1x2_h", 188_636),
            (Self.shape(25088, 320, 1280, "NN"), "160x128_64x5_1x2_h", 221_404),
            (Self.shape(1000, 640, 128, "NT"), "64x96_64x8_2x4_h", 213_268),
            (Self.shape(128, 128, 65536, "NT"), "64x64_64x13_1x2_h", 229_756),
        ] {
            #expect(abs(try launches(shape, tile: tile)[0].launch.sharedMemoryBytesPerBlock - bytes) <= 70, "\(tile)")
        }
    }

    /// Delivered: tiles (tile columns + tile rows) depth 2 / 32. Asked: each shared part once a cluster.
    @Test(arguments: ["NN", "NT", "TN", "TT"])
    func `Loads, multicasts, stores, atomics and products add up`(letters: String) throws {
        let shape = Self.shape(2048, 4096, 256, letters)
        let source = try launches(shape, tile: "256x128_64x4_1x2_h")[0]
        let copies = try Copies(source)
        let tiles = 16 * 16
        #expect(copies.delivered == tiles * (256 + 128) * 256 * 2 / 32)
        #expect(copies.asked == tiles * (256 / 2 + 128) * 256 * 2 / 32)
        #expect(copies.stored.count == 2048 * 4096 * 2 / 32 && copies.stored.values.allSatisfy { $0 == 1 })
        #expect(copies.atomics == tiles - 132)
        #expect(copies.steps == tiles * 4)
        // Each block's products are whole numbers a warp; a block loses less than one a warp.
        let exact = tiles * 256 * 128 * 256 / 2048
        #expect(copies.products <= exact && copies.products > exact - 132 * 12)
    }

    @Test(arguments: ["256x128_64x4_1x2_h", "64x64_64x8_1x1_h"], [1, 3])
    func `A product that is added to the output also loads the output`(tile: String, splits: Int) throws {
        var shape = Self.shape(500, 640, 512, "TN")
        func loaded() throws -> Int {
            let launches = try launches(shape, tile: tile, splits: splits)
            return try Copies(launches[0]).asked + (splits > 1 ? RequestCounts(launches[1]).loadSectors : 0)
        }
        let plain = try loaded()
        shape.accumulates = true
        #expect(try loaded() == plain + 500 * 640 * 2 / 32)
    }

    @Test func `Ragged products on clusters in both directions store every sector of the output once`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.printedSeed("ragged products"))
        for tile in ["128x64_64x6_2x2_h", "64x64_64x8_4x2_v", "256x128_64x4_1x1_h", "64x128_64x4_2x1_v"] {
            let (rows, columns) = (
                Int.random(in: 1...700, using: &generator), 16 * Int.random(in: 1...50, using: &generator)
            )
            let depth = 8 * Int.random(in: 1...60, using: &generator)
            let letters = ["NN", "TN"].randomElement(using: &generator) ?? "NN"
            let copies = try Copies(try launches(Self.shape(rows, columns, depth, letters), tile: tile)[0])
            #expect(
                copies.stored.count == rows * columns * 2 / 32, "\(tile) \(rows) x \(columns) x \(depth) \(letters)")
            #expect(copies.stored.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func `The raster takes every group once, in bands`() throws {
        for tile in ["256x128_64x4_1x2_h", "128x256_64x4_2x1_v", "320x128_64x3_1x2_h", "64x64_64x13_2x4_h"] {
            for shape in [
                Self.shape(4096, 18560, 64, "TN"), Self.shape(700, 300, 64, "TN"), Self.shape(64, 9000, 64, "TN"),
            ] {
                let plan = GEMMPlan(shape, tile: GEMMTile(tile), splits: 1)
                #expect(plan.tile.name == tile)
                var seen = Set<[Int]>()
                for index in 0..<plan.groups {
                    let group = plan.group(index)
                    #expect((0..<plan.groupColumns).contains(group.column) && (0..<plan.groupRows).contains(group.row))
                    seen.insert([group.column, group.row])
                }
                #expect(seen.count == plan.groups)
            }
        }
        // Eight tiles of columns side by side, then the next pair of rows.
        let plan = GEMMPlan(Self.shape(4096, 18560, 64, "TN"), tile: GEMMTile("256x128_64x4_1x2_h"))
        #expect((0..<10).map { plan.group($0).column } == [0, 1, 2, 3, 4, 5, 6, 7, 0, 1])
        #expect((0..<10).map { plan.group($0).row } == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    }

    /// *Source:* an H200's counters of splitKreduce_kernel and of the product before it.
    @Test func `A divided depth leaves fp32 parts, which a second launch adds up`() throws {
        let launches = try launches(Self.shape(1280, 320, 25088, "NT"))
        let parts = try Copies(launches[0])
        #expect(parts.stored.count == 5 * 1280 * 320 * 4 / 32 && parts.stored.values.allSatisfy { $0 == 1 })
        let sum = try RequestCounts(launches[1])
        #expect(launches[1].launch.grid == Grid(x: 10, y: 80) && launches[1].launch.threadsPerBlock == 512)
        #expect(sum.loadRequests == 64_000 && sum.loadSectors == 256_000 && sum.storeSectors == 25_600)
    }

    @Test func `Every wait is for groups that were committed, and blocks have the same programs each time`() throws {
        for source in try launches(Self.shape(1000, 1000, 1000, "TN"))
            + launches(Self.shape(300, 300, 300, "NN", type: .f32))
        {
            var source = source
            var (program, again) = (BlockProgram(), BlockProgram())
            for block in 0..<source.launch.grid.blockCount {
                try source.loadProgram(ofBlock: block, into: &program)
                try source.loadProgram(ofBlock: block, into: &again)
                #expect(program == again)
                var committed = 0
                for operation in program.operations {
                    if case .commitGroup = operation { committed += 1 }
                    if case .awaitGroups(let pending) = operation { #expect(Int(pending) < max(1, committed)) }
                }
            }
        }
    }

    /// *Source:* an H200's counters of cutlass_80_simt_sgemm_256x128_8x4_nn_align1, and the grids of a MambaVision
    /// step.
    @Test func `Products that bulk copies cannot load have CUTLASS's grids and sectors`() throws {
        let simt = try launches(Self.shape(2048, 2048, 2048, "NN", type: .f32))
        let counts = try RequestCounts(simt[0])
        #expect(simt.count == 1 && simt[0].launch.grid == Grid(x: 128))
        #expect(counts.loadRequests == 3_145_728 && counts.accessSectors == 12_582_912)
        #expect(counts.storeSectors == 524_288)
        #expect(try launches(Self.shape(25088, 36, 160, "TN"))[0].launch.grid == Grid(x: 392))
        #expect(try launches(Self.shape(25088, 160, 20, "TN", bias: true))[0].launch.grid.x == 196)
        let batch = try Copies(try launches(Self.shape(196, 196, 40, "NN", batch: 256))[0])
        #expect(batch.atomics == 1024 - 132)
        let odd = try launches(Self.shape(257, 259, 65, "TN"))[0]
        #expect(odd.launch.grid == Grid(x: 12) && odd.launch.kernel == GEMM.plainKernel)
        #expect(try RequestCounts(odd).bypassRequests == 0)
    }

    @Test func `Sizes that no launch has are refused`() {
        for shape in [Self.shape(0, 1, 1, "NN"), Self.shape(1, 1, -1, "NN"), Self.shape(1, 1 << 30, 1, "NN")] {
            #expect(throws: KernelError.self) { try launches(shape) }
        }
        #expect(throws: KernelError.self) { try launches(Self.shape(8, 8, 8, "NN", type: .i32)) }
    }
}
