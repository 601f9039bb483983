import Fusion
import Machine
import Runs
import Simulator
import TestSupport
import Testing
import Trace
import Workloads

@Suite("Laws of fused launches")
struct FusionLawTests {
    private let machine: MachineDescription

    init() throws { machine = try MachineDescription(named: "h200") }

    private func pairs(_ test: String) -> [RandomPair] {
        var generator = SeededGenerator(seed: SeededGenerator.printedSeed(test))
        return (0..<20).map { _ in RandomPair(using: &generator) }
    }

    private func joined(_ variant: FusionVariant, _ pair: RandomPair) throws -> JoinedParts {
        try JoinedParts(variant.made(of: [pair.producer, pair.consumer], machine: machine).launch)
    }

    @Test("A consumer needs exactly the blocks that store a sector that it reads")
    func needs() throws {
        for pair in pairs("needs") where pair.needs.contains(where: { !$0.isEmpty }) {
            let found = try BlockDependencies(producer: pair.producer, consumer: pair.consumer)
            #expect(found.classes.map { Set(found.needs[Int($0)].map(Int.init)) } == pair.needs)
            #expect(found.needs.allSatisfy { zip($0, $0.dropFirst()).allSatisfy(<) })
            #expect(found.intermediates.map(\.name) == ["mid"])
            #expect(found.intermediates[0].passedBytes == UInt64(128 * Set(pair.read.joined()).count))
            #expect(found.storedBytes == UInt64(128 * Set(pair.stored.joined()).count))
            #expect(found.mostReadBytes == pair.read.map { 128 * Set($0).count }.max())
            #expect(found.writesResults.indices.filter { found.writesResults[$0] } == pair.withSide.sorted())
        }
    }

    @Test("In one launch with flags every sector is asked for as often as in two", arguments: [0, 3, nil, 1000])
    func orderedSectors(lag: Int?) throws {
        for pair in pairs("orderedSectors") where pair.needs.contains(where: { !$0.isEmpty }) {
            let fused = try TensorSectors(joined(.ordered(lag: lag), pair))
            #expect(fused == (try TensorSectors(pair.producer) + TensorSectors(pair.consumer)))
        }
    }

    @Test("Whoever waits was numbered after all those that it needs, and every wait is met", arguments: [0, 2, nil])
    func orderedFlags(lag: Int?) throws {
        for pair in pairs("orderedFlags") where pair.needs.contains(where: { !$0.isEmpty }) {
            var launch = try joined(.ordered(lag: lag), pair)
            var signals: [UInt32: UInt32] = [:]
            var producersOf: [UInt32: Set<Int>] = [:]
            var program = BlockProgram()
            var awaited = 0
            for block in 0..<launch.launch.grid.blockCount {
                try launch.loadProgram(ofBlock: block, into: &program)
                let isConsumer = program.operations.contains { operation in
                    if case .tile(let tile) = operation {
                        return tile.kind == .store && launch.launch.tensors[Int(tile.tensor)].name == "out"
                    }
                    return false
                }
                // A block's own row of `out`, or of `in`, is its number in its launch.
                let number =
                    program.operations.compactMap { operation -> Int? in
                        guard case .tile(let tile) = operation, launch.launch.tensors[Int(tile.tensor)].name == "in"
                        else {
                            return nil
                        }
                        return Int(tile.address - launch.launch.tensors[Int(tile.tensor)].baseAddress) / 128
                    }.last ?? -1
                var met: Set<Int> = []
                for operation in program.operations {
                    switch operation {
                    case .signal(let flag):
                        signals[flag, default: 0] += 1
                        producersOf[flag, default: []].insert(number)
                        #expect(!isConsumer)
                    case .awaitFlag(let flag, let count):
                        #expect(isConsumer && signals[flag] == count)
                        met.formUnion(producersOf[flag] ?? [])
                        awaited += 1
                    default: continue
                    }
                }
                if isConsumer { #expect(met == pair.needs[number]) }
            }
            #expect(awaited > 0)
            let result = try LaunchRunner.run(GeneratedLaunches([launch]), machine: machine, cacheMode: .cold)
            #expect(Int(result.launches[0].lifetimes.count) == launch.launch.grid.blockCount)
        }
    }

    @Test("Computed again, producers run once for each use, and nobody touches the intermediate")
    func recompute() throws {
        for pair in pairs("recompute") where pair.needs.contains(where: { !$0.isEmpty }) {
            let fused = try TensorSectors(joined(.recompute, pair))
            let used = Set(pair.needs.joined())
            // Producers read the row of their number, as consumers do: what a block reads for both it reads once.
            let rows = pair.needs.enumerated().reduce(0) { $0 + $1.element.union([$1.offset]).count }
            #expect(fused.loads == ["in": 4 * (rows + pair.withSide.subtracting(used).count)])
            #expect(fused.stores["mid"] == nil && fused.stores["out"] == 4 * pair.read.count)
            #expect(fused.stores["side"] ?? 0 == 4 * pair.withSide.count)
        }
    }

    @Test("Kept, producers run once, and nobody touches the intermediate")
    func keep() throws {
        for pair in pairs("keep") where pair.needs.contains(where: { !$0.isEmpty }) {
            let launch = try joined(.keep, pair)
            let fused = try TensorSectors(launch)
            let used = Set(pair.needs.joined()).union(pair.withSide)
            // Blocks that share any producer are one.
            let count = fused.loads["in"].map { $0 / 4 }
            #expect(fused.stores["mid"] == nil && fused.loads["mid"] == nil)
            #expect(fused.stores["out"] == 4 * pair.read.count && fused.stores["side"] ?? 0 == 4 * pair.withSide.count)
            let connected = Self.components(pair)
            #expect(count == connected.producers + pair.read.count)
            #expect(launch.launch.grid.blockCount == connected.blocks)
            #expect(connected.producers >= used.count)
        }
    }

    /// Blocks of the kept form, and producers that they run: those connected with a consumer, and those with results.
    private static func components(_ pair: RandomPair) -> (blocks: Int, producers: Int) {
        var groups = pair.needs.filter { !$0.isEmpty }
        var merged = true
        while merged {
            merged = false
            for first in groups.indices {
                guard
                    let second = groups.indices.first(where: {
                        $0 > first && !groups[$0].isDisjoint(with: groups[first])
                    })
                else { continue }
                groups[first].formUnion(groups.remove(at: second))
                merged = true
                break
            }
        }
        let used = Set(groups.joined())
        let alone = pair.withSide.subtracting(used).count
        return (groups.count + pair.needs.count { $0.isEmpty } + alone, used.count + alone)
    }

    @Test("Every order is a permutation")
    func orders() throws {
        var generator = SeededGenerator(seed: SeededGenerator.printedSeed("orders"))
        for _ in 0..<20 {
            let grid = Grid(
                x: Int.random(in: 1...9, using: &generator), y: Int.random(in: 2...9, using: &generator),
                z: Int.random(in: 2...9, using: &generator))
            let launch = KernelLaunch(
                kernel: "ch_scan_fwd", grid: grid, threadsPerBlock: 32, registersPerThread: 32,
                sharedMemoryBytesPerBlock: 0,
                tensors: [])
            let rows = Int.random(in: 1...10, using: &generator)
            for name in TileOrder.names + ["zyx", "yzx", "xzy"] {
                let tiles = try TileSequence(TileOrder(named: name, rows: rows), of: launch, machine: machine)
                let all = (0..<tiles.count).map(tiles.tile)
                #expect(all.sorted() == Array(0..<grid.blockCount), "\(name) of \(grid)")
                if name == "linear" { #expect(all == Array(0..<grid.blockCount)) }
                if name == "head-fastest" {
                    #expect(all.prefix(grid.z).map { grid.coordinates(of: $0).z } == Array(0..<grid.z))
                }
                if name == "chunk-fastest" {
                    #expect(all.prefix(grid.y).map { grid.coordinates(of: $0).y } == Array(0..<grid.y))
                }
                if name == "swizzled", rows <= grid.z {
                    let first = all.prefix(rows * grid.x).map { grid.coordinates(of: $0) }
                    #expect(first.allSatisfy { $0.y == 0 && $0.z < rows })
                }
            }
        }
    }

    @Test("Neighbouring positions of the order per partition lie behind the partition of their SM")
    func partitions() throws {
        let launch = KernelLaunch(
            kernel: "ch_scan_fwd", grid: Grid(x: 2, y: 16, z: 40), threadsPerBlock: 32, registersPerThread: 32,
            sharedMemoryBytesPerBlock: 0, tensors: [])
        let tiles = try TileSequence(.perPartition, of: launch, machine: machine)
        let layout = machine.gpcs
        for position in 0..<(launch.grid.blockCount * 9 / 10) {
            let sm = layout.dispatchOrder[position % layout.dispatchOrder.count]
            #expect(launch.grid.coordinates(of: tiles.tile(at: position)).y / 8 == layout.partitionOfSM[sm])
        }
    }

    @Test("Persistent blocks run every tile once", arguments: TileAssignment.allCases, [1, 2])
    func persistent(assignment: TileAssignment, blocksPerSM: Int) throws {
        var generator = SeededGenerator(seed: SeededGenerator.printedSeed("persistent"))
        for _ in 0..<10 {
            let blocks = Int.random(in: 1...700, using: &generator)
            let tensor = Tensor(name: "a", baseAddress: 1 << 20, byteCount: 1 << 18, elementType: "f32")
            let launch = KernelLaunch(
                kernel: "plain", grid: Grid(x: blocks), threadsPerBlock: 64, registersPerThread: 32,
                sharedMemoryBytesPerBlock: 0,
                tensors: [tensor])
            let source = SyntheticSource(launch: launch) { block, program in
                program.operations.append(
                    .tile(
                        TileAccess(
                            kind: .load, tensor: 0, elementBytes: 4, address: 1 << 20 + UInt64(block * 128), rows: 1,
                            rowBytes: 128,
                            pitchBytes: 128, requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4)))
                program.operations.append(.awaitLoads)
            }
            let made = try FusionVariant.persistent(blocksPerSM: blocksPerSM, assignment, .linear).made(
                of: [source], machine: machine)
            let wanted = min(blocks, 132 * blocksPerSM)
            let share = (blocks + wanted - 1) / wanted
            #expect(
                made.launch.launch.grid.blockCount
                    == (assignment == .contiguous ? (blocks + share - 1) / share : wanted))
            let parts = try partsInTurn(made.launch)
            let tiles = parts.joined().flatMap(\.operations).compactMap { operation -> Int? in
                guard case .tile(let tile) = operation else { return nil }
                return Int(tile.address - 1 << 20) / 128
            }
            #expect(tiles.sorted() == Array(0..<blocks))
            if assignment == .ticket {
                // Each tile is fetched for, and each block once more in vain.
                let fetches = parts.joined().flatMap(\.operations).count { if case .lanes = $0 { true } else { false } }
                #expect(fetches == blocks + parts.count)
                #expect(throws: FusionError.noOrder(kernel: "plain_persistent")) { try JoinedParts(made.launch) }
            } else {
                var whole = try JoinedParts(made.launch)
                var program = BlockProgram()
                for block in parts.indices {
                    try whole.loadProgram(ofBlock: block, into: &program)
                    #expect(program.operations == parts[block].flatMap(\.operations))
                }
            }
        }
    }

    @Test("A launch runs at the tensor cores' clock also where its first blocks do not use them", arguments: [0, 1])
    func clock(tensor: Int) throws {
        let tensors = [Tensor(name: "a", baseAddress: 1 << 20, byteCount: 1 << 20, elementType: "f32")]
        func source(_ kernel: String, blocks: Int, kind: AccessKind, tensor: Int) -> SyntheticSource {
            let launch = KernelLaunch(
                kernel: kernel, grid: Grid(x: blocks), threadsPerBlock: 1024, registersPerThread: 16,
                sharedMemoryBytesPerBlock: 0,
                tensors: tensors)
            return SyntheticSource(launch: launch) { block, program in
                program.operations += [
                    .compute(ComputeWork(instructions: 20, tensor: tensor)),
                    .tile(
                        TileAccess(
                            kind: kind, tensor: 0, elementBytes: 4, address: 1 << 20 + UInt64(block * 128), rows: 1,
                            rowBytes: 128,
                            pitchBytes: 128, requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4)),
                ]
            }
        }
        let pair = [
            source("p", blocks: 300, kind: .store, tensor: 0), source("c", blocks: 300, kind: .load, tensor: tensor),
        ]
        let made = try FusionVariant.ordered(lag: 200).made(of: pair, machine: machine)
        let comparison = try FusionComparison(baseline: pair, variant: made, machine: machine)
        #expect(comparison.variant.launches[0].clockHertz == machine.clockHertz(usesTensorCores: tensor > 0))
        let ticket = try FusionVariant.persistent(blocksPerSM: 1, .ticket, .linear).made(
            of: [pair[1]], machine: machine)
        let persistent = try FusionComparison(baseline: [pair[1]], variant: ticket, machine: machine)
        #expect(persistent.variant.launches[0].clockHertz == machine.clockHertz(usesTensorCores: tensor > 0))
    }

    @Test("Work spread over more warps stays the same, up to rounding")
    func warps() throws {
        for pair in pairs("warps") where pair.needs.contains(where: { !$0.isEmpty }) {
            func instructions(_ source: any BlockProgramSource) throws -> Int {
                var source = source
                var program = BlockProgram()
                var sum = 0
                for block in 0..<source.launch.grid.blockCount {
                    try source.loadProgram(ofBlock: block, into: &program)
                    for case .compute(let work) in program.operations {
                        sum += Int(work.instructions) * source.launch.warpsPerBlock
                    }
                }
                return sum
            }
            let fused = try joined(.ordered(lag: nil), pair)
            let before = try instructions(pair.producer) + instructions(pair.consumer)
            let after = try instructions(fused)
            // Rounded up: less than one instruction a warp and step more.
            #expect(after >= before && after < before + fused.launch.grid.blockCount * fused.launch.warpsPerBlock)
            #expect(
                fused.launch.threadsPerBlock
                    == max(pair.producer.launch.threadsPerBlock, pair.consumer.launch.threadsPerBlock))
        }
    }
}
