import Fusion
import Kernels
import Machine
import TestSupport
import Trace

/// A producer and a consumer made at random: the producer stores every row of `mid`, some rows by several blocks, and
/// now and then `side`; the consumer reads rows of `mid` and stores `out`. Rows are 128 bytes; nobody needs some of the
/// producers.
struct RandomPair {
    let producer: SyntheticSource
    let consumer: SyntheticSource
    /// Rows that each producer's block stores, and each consumer's block reads.
    let stored: [[Int]]
    let read: [[Int]]
    /// Producers that store a row of `side`.
    let withSide: Set<Int>

    static let input = 0, mid = 1, side = 2

    init(using generator: inout SeededGenerator) {
        let producers = Int.random(in: 2...24, using: &generator)
        let consumers = Int.random(in: 2...40, using: &generator)
        let rows = Int.random(in: producers...(3 * producers), using: &generator)
        var stored = [[Int]](repeating: [], count: producers)
        for row in 0..<rows {
            stored[row % producers].append(row)
            if Int.random(in: 0..<4, using: &generator) == 0 {
                let other = Int.random(in: 0..<producers, using: &generator)
                if other != row % producers { stored[other].append(row) }
            }
        }
        let hidden = Int.random(in: 0..<rows, using: &generator)
        let read = (0..<consumers).map { _ in
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in Int.random(in: 0..<rows, using: &generator) }
                .filter {
                    $0 != hidden
                }
        }
        let withSide = Set((0..<producers).filter { _ in Bool.random(using: &generator) })
        let base: UInt64 = 1 << 20
        let tensors = ["in", "mid", "side", "out"].enumerated().map { index, name in
            Tensor(name: name, baseAddress: base * UInt64(index + 1), byteCount: base / 2, elementType: "f32")
        }
        let threads = [32, 64, 128, 256]
        func launch(_ kernel: String, blocks: Int, tensors: [Tensor]) -> KernelLaunch {
            KernelLaunch(
                kernel: kernel, grid: Grid(x: blocks), threadsPerBlock: threads.randomElement(using: &generator) ?? 64,
                registersPerThread: Int.random(in: 16...128, using: &generator),
                sharedMemoryBytesPerBlock: Int.random(in: 0...20_000, using: &generator), tensors: tensors)
        }
        func row(_ kind: AccessKind, _ tensor: Int, _ tensors: [Tensor], _ number: Int) -> Trace.Operation {
            .tile(
                TileAccess(
                    kind: kind, tensor: tensor, elementBytes: 4,
                    address: tensors[tensor].baseAddress + UInt64(number * 128),
                    rows: 1,
                    rowBytes: 128, pitchBytes: 128, requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4))
        }
        let own = Array(tensors[0..<3])
        producer = SyntheticSource(launch: launch("make", blocks: producers, tensors: own)) { block, program in
            program.operations.append(row(.load, Self.input, own, block))
            program.operations += [.awaitLoads, .compute(ComputeWork(instructions: 40, fp32: 8))]
            for number in stored[block] { program.operations.append(row(.store, Self.mid, own, number)) }
            if withSide.contains(block) { program.operations.append(row(.store, Self.side, own, block)) }
        }
        // Other numbers for the consumer's tensors than for the producer's.
        let others = [tensors[3], tensors[1], tensors[0]]
        consumer = SyntheticSource(launch: launch("use", blocks: consumers, tensors: others)) { block, program in
            for (index, number) in read[block].enumerated() {
                if index % 2 == 0 {
                    program.operations.append(row(.load, 1, others, number))
                } else {
                    // Lane by lane, as recorded traces have it.
                    let first = program.laneAddresses.count
                    for lane in 0..<32 {
                        program.laneAddresses.append(others[1].baseAddress + UInt64(number * 128 + 4 * lane))
                    }
                    program.operations.append(
                        .lanes(LaneAccess(kind: .load, tensor: 1, laneBytes: 4, firstLane: first, laneCount: 32)))
                }
            }
            program.operations.append(row(.load, 2, others, block))
            program.operations += [.awaitLoads, .compute(ComputeWork(instructions: 30, fp32: 4)), .barrier]
            program.operations.append(row(.store, 0, others, block))
        }
        (self.stored, self.read, self.withSide) = (stored, read, withSide)
    }

    /// The producers that each consumer's block needs, row by row.
    var needs: [Set<Int>] {
        read.map { rows in Set(rows.flatMap { row in stored.indices.filter { stored[$0].contains(row) } }) }
    }
}

/// Sectors by tensor's name and direction.
struct TensorSectors: Equatable {
    var loads: [String: Int] = [:]
    var stores: [String: Int] = [:]

    init() {}

    /// Of all blocks of a launch.
    init(_ source: any BlockProgramSource) throws {
        var source = source
        var program = BlockProgram()
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            add(program, of: source.launch)
        }
    }

    mutating func add(_ program: BlockProgram, of launch: KernelLaunch) {
        var expander = RequestExpander(geometry: .nvidia)
        for operation in program.operations {
            let (tensor, kind): (UInt16, AccessKind)
            switch operation {
            case .tile(let tile):
                expander.expand(tile)
                (tensor, kind) = (tile.tensor, tile.kind)
            case .lanes(let lanes):
                expander.expand(lanes, laneAddresses: program.laneAddresses)
                (tensor, kind) = (lanes.tensor, lanes.kind)
            default: continue
            }
            let sectors = expander.requests.reduce(0) { $0 + $1.sectors.nonzeroBitCount }
            let name = launch.tensors[Int(tensor)].name
            if kind.isRead { loads[name, default: 0] += sectors } else { stores[name, default: 0] += sectors }
        }
    }

    static func + (left: TensorSectors, right: TensorSectors) -> TensorSectors {
        var sum = left
        sum.loads.merge(right.loads, uniquingKeysWith: +)
        sum.stores.merge(right.stores, uniquingKeysWith: +)
        return sum
    }
}

/// All parts of every block, blocks taking turns part by part, as resident blocks do.
func partsInTurn(_ launch: FusedLaunch) throws -> [[BlockProgram]] {
    var launch = launch
    var parts: [[BlockProgram]] = []
    for block in 0..<launch.launch.grid.blockCount {
        var program = BlockProgram()
        try launch.loadProgram(ofBlock: block, into: &program)
        parts.append([program])
    }
    var open = Array(parts.indices)
    while !open.isEmpty {
        open = try open.filter { block in
            var program = BlockProgram()
            guard try launch.loadNextPart(ofBlock: block, into: &program) else { return false }
            parts[block].append(program)
            return true
        }
    }
    return parts
}
