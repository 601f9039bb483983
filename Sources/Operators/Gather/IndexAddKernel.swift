import Kernels
import Trace

/// indexFuncLargeIndex: blocks of 128 threads, eight an SM, go over all elements of the rows in strides of the grid, an
/// element a thread. fp32 is added by reductions. bf16 is added by compare-and-swap of 4-byte words, so that the two
/// elements of a word take turns.
///
/// *Source:* the index_add rows of docs/validation/h200_operators_dev.csv: requests, sectors, and instructions divided
/// by the trips of a thread.
struct IndexAddKernel: BlockProgramSource, Sendable {
    private static let threads = 128
    private static let blocksPerSM = 8

    let launch: KernelLaunch
    private let distribution: IndexDistribution
    private let count: Int
    private let rows: Int
    private let columns: Int
    private let elements: Int
    private let index: Operand
    private let load: Operand
    private let addition: Operand
    private let indexAddress: UInt64
    private let sourceAddress: UInt64
    private let tableAddress: UInt64
    private let offsets: ComputeWork
    private let rest: ComputeWork

    init(
        table: OperatorTensor, indices: OperatorTensor, source: OperatorTensor, columns: Int,
        distribution: IndexDistribution, places: TensorPlaces
    ) {
        self.distribution = distribution
        self.columns = columns
        count = indices.count
        rows = table.shape[0]
        elements = source.count
        let bytes = table.type.byteCount
        var entries = TensorEntries(places)
        index = Operand(
            kind: .load, tensor: entries.index(of: indices), elementBytes: indices.type.byteCount,
            requests: .scalar(elementBytes: indices.type.byteCount, warps: 1))
        load = Operand(
            kind: .load, tensor: entries.index(of: source), elementBytes: bytes, requests: .row(bytes: bytes))
        let target = entries.index(of: table)
        addition =
            table.type == .f32
            ? Operand(kind: .reduction, tensor: target, elementBytes: 4, requests: .row(bytes: 4))
            : Operand(
                kind: .atomic, tensor: target, elementBytes: 2,
                requests: RequestShape(rows: 1, lanesPerRow: 16, laneBytes: 4, laneStrideBytes: 4, replicas: 2))
        indexAddress = places.address(of: indices)
        sourceAddress = places.address(of: source)
        tableAddress = places.address(of: table)
        let trip =
            (table.type == .f32
            ? InstructionMix(fma: 39, alu: 37, special: 12, memory: 3, other: 12)
            : InstructionMix(fma: 48, alu: 43, special: 14, memory: 4, other: 32)).work
        // Most of it divides the element's number into row and column.
        offsets = trip.part(from: 0, to: 50)
        rest = trip.part(from: 50, to: 100)
        launch = KernelLaunch(
            kernel: "index_add",
            grid: Grid(
                x: min(places.multiprocessors * Self.blocksPerSM, elements.dividedRoundingUp(by: Self.threads))),
            threadsPerBlock: Self.threads, registersPerThread: 32, sharedMemoryBytesPerBlock: 0,
            tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let step = launch.grid.x * Self.threads
        var first = block * Self.threads
        while first < elements {
            let end = min(first + Self.threads, elements)
            var place = first
            program.add(offsets)
            while place < end {
                let address = indexAddress &+ UInt64(place / columns &* index.elementBytes)
                program.add(index, TileRegion(address: address, rows: 1, columns: 1))
                place += 32
            }
            // The kernel checks the index before it loads the source.
            program.operations.append(.awaitLoads)
            program.add(
                load,
                TileRegion(
                    address: sourceAddress &+ UInt64(first &* load.elementBytes), rows: 1, columns: end - first))
            program.operations.append(.awaitLoads)
            program.add(rest)
            place = first
            while place < end {
                let (number, column) = place.quotientAndRemainder(dividingBy: columns)
                let row = distribution.row(ofIndex: number, of: count, among: rows)
                program.add(
                    addition,
                    TileRegion(
                        address: tableAddress &+ UInt64((row &* columns &+ column) &* load.elementBytes), rows: 1,
                        columns: min(32, end - place)))
                place += 32
            }
            first += step
        }
    }
}
