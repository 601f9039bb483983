import Kernels
import Trace

/// vectorized_gather_kernel: a block copies a piece of one row, 16 bytes a thread. Grid (indices, pieces of a row).
///
/// *Source:* the gather rows of docs/validation/h200_operators_dev.csv: grids, requests, and 59 instructions a warp
/// (22 of them ALU, 15 FMA).
struct GatherKernel: BlockProgramSource, Sendable {
    private static let mostThreads = 256
    private static let laneBytes = 16

    let launch: KernelLaunch
    private let distribution: IndexDistribution
    private let count: Int
    private let rows: Int
    private let rowBytes: Int
    private let index: Operand
    private let load: Operand
    private let store: Operand
    private let indexAddress: UInt64
    private let tableAddress: UInt64
    private let outputAddress: UInt64
    private let addresses: ComputeWork
    private let rest: ComputeWork

    init(
        table: OperatorTensor, indices: OperatorTensor, output: OperatorTensor, rowBytes: Int,
        distribution: IndexDistribution, places: TensorPlaces
    ) {
        self.distribution = distribution
        self.rowBytes = rowBytes
        count = indices.count
        rows = table.shape[0]
        let lanes = rowBytes / Self.laneBytes
        let threads = min(Self.mostThreads, lanes.dividedRoundingUp(by: 32) * 32)
        var entries = TensorEntries(places)
        func operand(_ kind: AccessKind, _ tensor: OperatorTensor) -> Operand {
            Operand(
                kind: kind, tensor: entries.index(of: tensor), elementBytes: tensor.type.byteCount,
                requests: RequestShape(
                    rows: 1, lanesPerRow: 32, laneBytes: Self.laneBytes, laneStrideBytes: Self.laneBytes, replicas: 1))
        }
        index = Operand(
            kind: .load, tensor: entries.index(of: indices), elementBytes: indices.type.byteCount,
            requests: .scalar(elementBytes: indices.type.byteCount, warps: threads / 32))
        load = operand(.load, table)
        store = operand(.store, output)
        indexAddress = places.address(of: indices)
        tableAddress = places.address(of: table)
        outputAddress = places.address(of: output)
        let work = InstructionMix(fma: 15, alu: 22, memory: 3, other: 19).work
        addresses = work.part(from: 0, to: 50)
        rest = work.part(from: 50, to: 100)
        launch = KernelLaunch(
            kernel: "gather", grid: Grid(x: count, y: lanes.dividedRoundingUp(by: threads)), threadsPerBlock: threads,
            registersPerThread: 32, sharedMemoryBytesPerBlock: 0, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let (number, piece, _) = launch.grid.coordinates(of: block)
        let start = piece * launch.threadsPerBlock * Self.laneBytes
        let bytes = min(launch.threadsPerBlock * Self.laneBytes, rowBytes - start)
        program.add(addresses)
        program.add(
            index, TileRegion(address: indexAddress &+ UInt64(number &* index.elementBytes), rows: 1, columns: 1))
        program.operations.append(.awaitLoads)
        let row = distribution.row(ofIndex: number, of: count, among: rows)
        program.add(
            load,
            TileRegion(
                address: tableAddress &+ UInt64(row &* rowBytes &+ start), rows: 1,
                columns: bytes / load.elementBytes))
        program.operations.append(.awaitLoads)
        program.add(rest)
        program.add(
            store,
            TileRegion(
                address: outputAddress &+ UInt64(number &* rowBytes &+ start), rows: 1,
                columns: bytes / store.elementBytes))
    }
}
