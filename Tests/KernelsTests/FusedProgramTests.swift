import Kernels
import Testing
import Trace

/// The compiled programs of ssd_fused against what was compiled offline: compiled/fused_sections.csv (instructions a
/// warp of batch 2, length 2048, 80 heads of 64, state 128, chunk 256) and the tile operations of fused.md section 9.
@Suite struct FusedProgramTests {
    private static let compiled: SSDShape = {
        var shape = SSDShape(
            batch: 2, sequenceLength: 2048, heads: 80, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256)
        (shape.elementType, shape.timeStepType, shape.parameterType) = (.f16, .f16, .f16)
        return shape
    }()

    // Numbers of blocks of each role: cumsum, a tile on the diagonal, one above it, a chunk.
    private static let timeSteps = 0
    private static let worked = 80
    private static let skipped = 81
    private static let chunk = 80 + 256

    private func source(_ shape: SSDShape = compiled, tiling: Tiling? = nil) throws -> SSDFused {
        let allocation = SSDAllocation(shape: shape)
        return try SSDFused.makeSource(
            tiling: tiling, allocation: allocation, tensors: FusedTensors(allocation: allocation))
    }

    private func program(_ source: SSDFused, _ block: Int) throws -> [Operation] {
        var source = source
        var program = BlockProgram()
        try source.loadProgram(ofBlock: block, into: &program)
        return program.operations
    }

    private func work(_ operations: [Operation]) -> [ComputeWork] {
        operations.compactMap { if case .compute(let work) = $0 { work } else { nil } }
    }

    private func tiles(_ operations: [Operation]) -> [TileAccess] {
        operations.compactMap { if case .tile(let tile) = $0 { tile } else { nil } }
    }

    private func sum(_ works: some Sequence<ComputeWork>, _ count: KeyPath<ComputeWork, UInt32>) -> Int {
        works.reduce(0) { $0 + Int($1[keyPath: count]) }
    }

    /// Total, tensor, special, memory (global, shared and atomics) and shuffle of the table's DYNAMIC rows.
    @Test(arguments: [
        (timeSteps, [1709, 0, 35, 20 + 16 + 2 + 13 + 13, 51]),
        (worked, [585, 8, 3, 16 + 4 + 2 + 1 + 4 + 21, 3]),
        (skipped, [159, 0, 3, 2 + 1 + 1, 3]),
        (chunk, [9188, 88, 349, 351 + 24 + 2 + 3 + 96 + 235, 3]),
    ])
    func `A block of each role executes the compiled instructions`(_ block: Int, _ counts: [Int]) throws {
        // Steps of no instructions are code that the block does not execute.
        let works = work(try program(source(), block)).filter { $0.instructions > 0 }
        #expect(
            [
                sum(works, \.instructions), sum(works, \.tensor), sum(works, \.special), sum(works, \.memory),
                sum(works, \.shuffle),
            ] == counts)
    }

    @Test(arguments: [(timeSteps, 7), (worked, 7), (skipped, 1), (chunk, 81)])
    func `A block of each role meets the compiled barriers`(_ block: Int, _ count: Int) throws {
        #expect(try program(source(), block).filter { $0 == .barrier }.count == count)
    }

    /// LDG and STG of the table, without the polls, of which a block of role 3 makes two.
    @Test(arguments: [(timeSteps, 20, 16), (worked, 16, 4), (skipped, 0, 0), (chunk, 351 - 2, 24)])
    func `Requests a warp are the compiled loads and stores`(_ block: Int, _ loads: Int, _ stores: Int) throws {
        var expander = RequestExpander(geometry: .nvidia)
        var counts: [AccessKind: Int] = [:]
        for tile in tiles(try program(source(), block)) {
            expander.expand(tile)
            counts[tile.kind, default: 0] += expander.requests.filter(\.startsRequest).count
        }
        // A scalar that every warp loads is one request a warp; the chunk's last decay sum and D are such.
        #expect(counts[.load, default: 0] == 4 * loads)
        #expect(counts[.store, default: 0] == 4 * stores)
        #expect(counts[.atomic] == 1)
    }

    /// Trips as (total, tensor, special, memory, barriers), told by what they load.
    @Test func `Each loop's trip has the compiled instructions`() throws {
        let loops: [(block: Int, tensor: String, hint: CacheHint, counts: [Int], trips: Int)] = [
            (Self.worked, "b", .normal, [108, 4, 0, 16, 2], 2), (Self.chunk, "b", .evictFirst, [267, 4, 4, 36, 2], 4),
            (Self.chunk, "cb", .evictLast, [291, 2, 16, 14, 2], 20),
        ]
        let source = try source()
        for loop in loops {
            let operations = try program(source, loop.block)
            var found: [[Int]] = []
            for (index, operation) in operations.enumerated() {
                guard case .tile(let tile) = operation, tile.kind == .load, tile.hint == loop.hint,
                    source.launch.tensors[Int(tile.tensor)].name == loop.tensor
                else { continue }
                // Up to the third compute step behind it: the product.
                let rest = operations[index...]
                let computes = rest.indices.filter { if case .compute = operations[$0] { true } else { false } }
                let works = computes.prefix(3).map { operations[$0] }
                let barriers = rest[..<computes[2]].filter { $0 == .barrier }.count
                let trip = work(works)
                found.append([
                    sum(trip, \.instructions), sum(trip, \.tensor), sum(trip, \.special), sum(trip, \.memory), barriers,
                ])
            }
            #expect(found == Array(repeating: loop.counts, count: loop.trips))
        }
    }

    /// One request of each tile operation: rows, bytes in a row, hint, and requests a warp of 4.
    @Test func `Tile operations of a chunk have the compiled layouts`() throws {
        let source = try source()
        let expected: [(String, AccessKind, CacheHint, rows: Int, bytes: Int, instructions: Int)] = [
            ("x", .load, .bypassL1, 4, 128, 4), ("b", .load, .evictFirst, 2, 256, 8),
            ("states_G", .load, .normal, 2, 256, 8), ("states_G", .store, .normal, 2, 256, 8),
            ("C", .load, .normal, 2, 256, 8), ("cb", .load, .evictLast, 8, 64, 2), ("x", .load, .evictLast, 4, 128, 2),
            ("x", .load, .normal, 4, 128, 4), ("out", .store, .evictFirst, 4, 128, 4),
        ]
        let tiles = tiles(try program(source, Self.chunk))
        for (name, kind, hint, rows, bytes, instructions) in expected {
            let own = tiles.filter {
                source.launch.tensors[Int($0.tensor)].name == name && $0.kind == kind && $0.hint == hint && $0.rows > 1
            }
            #expect(!own.isEmpty, "\(name) \(kind) \(hint)")
            for tile in own {
                #expect(
                    Int(tile.requestRows) == rows && Int(tile.lanesPerRow) * Int(tile.laneBytes) == bytes, "\(name)")
                #expect(
                    Int(tile.rows) * Int(tile.rowBytes) == instructions * 4 * rows * bytes && tile.replicas == 1,
                    "\(name)")
            }
        }
        // Decay sums and time steps of a scan trip: 16 of every 32 bytes a pass, in all four warps.
        let vectors = tiles.filter { $0.rows == 1 && $0.rowBytes == 128 && $0.laneBytes == 16 }
        #expect(vectors.count == 2 * 20)
        #expect(vectors.allSatisfy { $0.lanesPerRow == 4 && $0.laneStrideBytes == 32 && $0.replicas == 4 })
    }

    /// Static loads and stores of fused_resources.csv are those of one pass over each section, so their differences
    /// from the compiled shape are differences of sections.
    @Test func `Other sizes change loads and stores as compiled`() throws {
        func accesses(_ change: (inout SSDShape) -> Void, block: Int, _ kinds: [AccessKind]) throws -> Int {
            var shape = Self.compiled
            change(&shape)
            var expander = RequestExpander(geometry: .nvidia)
            return tiles(try program(source(shape), block)).filter { kinds.contains($0.kind) }.reduce(0) {
                count, tile in
                expander.expand(tile)
                return count + expander.requests.filter(\.startsRequest).count
            } / 4
        }
        // Chunk 128: ten loads and eight stores fewer in role 1.
        #expect(try accesses({ $0.chunkSize = 128 }, block: 0, [.load]) == 20 - 10)
        #expect(try accesses({ $0.chunkSize = 128 }, block: 0, [.store]) == 16 - 8)
        // 24 heads, no multiple of 16: 28 loads more in role 1.
        #expect(try accesses({ $0.heads = 24 }, block: 0, [.load]) == 20 + 28)
        // Head dim 128 changes nothing.
        #expect(try accesses({ $0.headDim = 128 }, block: Self.chunk, [.load]) == 351 - 2)
    }

    @Test func `Resources are those of the compiled variants`() throws {
        let launch = try source().launch
        #expect(
            launch.registersPerThread == 128 && launch.sharedMemoryBytesPerBlock == 32768
                && !launch.resourcesAreEstimated)
        var small = Self.compiled
        small.stateDim = 64
        #expect(try source(small).launch.sharedMemoryBytesPerBlock == 24576)
        var large = Self.compiled
        large.stateDim = 256
        #expect(try source(large).launch.sharedMemoryBytesPerBlock == 24576)
        #expect(try source(large).launch.resourcesAreEstimated)
    }

    @Test func `Eight warps and trips of 64 positions do the same products in half the trips`() throws {
        func products(_ operations: [Operation], warps: Int) -> Int { sum(work(operations), \.products) * warps }
        let wide = try source(tiling: FusedBlocks.tilings[1])
        let plain = try source()
        #expect(wide.launch.threadsPerBlock == 256 && wide.launch.grid == plain.launch.grid)
        // Trips of 64 reach from position 0 to the row block's end exactly, as two of 32 do.
        let (own, other) = (try program(plain, Self.chunk), try program(wide, Self.chunk))
        #expect(products(own, warps: 4) == products(other, warps: 8))
        #expect(tiles(own).filter { $0.hint == .evictLast }.count == 2 * 20)
        #expect(tiles(other).filter { $0.hint == .evictLast }.count == 2 * 10)
    }

    @Test func `Tensor work of the launch is the call's matrix products`() throws {
        let source = try source()
        let shape = Self.compiled
        var products = 0
        for block in 0..<source.launch.grid.blockCount {
            products += 4 * sum(work(try program(source, block)), \.products)
        }
        let length = shape.chunkSize
        let chunks = shape.batch * shape.chunkCount
        let cb = chunks * shape.groups * shape.stateDim * length * (length + 64)
        let states = 2 * shape.batch * shape.heads * shape.headDim * shape.stateDim * shape.sequenceLength
        let scan =
            2 * chunks * shape.heads * length * shape.headDim * shape.stateDim
            + chunks * shape.heads * shape.headDim * length * (length + 64)
        #expect(products * Int(ComputeWork.operationsPerProduct) == cb + states + scan)
    }

    @Test func `A pipeline of several stages is refused`() throws {
        #expect(throws: KernelError.self) { try source(tiling: Tiling(k: 32, warps: 4, stages: 2)) }
        #expect(throws: KernelError.self) { try source(tiling: Tiling(m: 64, k: 32, warps: 4, stages: 1)) }
    }
}
