import Trace

/// cuBLAS's `splitKreduce_kernel<32, 16>`: adds the partial products of a divided depth. A thread makes one output and
/// loads a value of each part.
package struct SplitReduction: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: GEMMShape
    private let splits: Int
    private let tensors: GEMMTensors
    private let load: Operand
    private let store: Operand
    /// What the output holds already.
    private let sum: Operand
    private let work: ComputeWork

    private static let block = (x: 32, y: 16)
    /// Loads of a thread that are on their way together. *Source:* fitted on two launches, with 5 and 33 parts.
    private static let batch = 16

    /// - Parameter splits: parts of the depth.
    init(_ shape: GEMMShape, splits: Int, tensors: GEMMTensors) {
        self.shape = shape
        self.splits = splits
        self.tensors = tensors
        let bytes = shape.elementType.byteCount
        load = Operand(
            kind: .load, tensor: 0, elementBytes: 4,
            requests: RequestShape(rows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4, replicas: 1),
            pitchBytes: shape.columns * 4)
        let outputs = RequestShape(rows: 1, lanesPerRow: 32, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1)
        let pitch = tensors.output.rowStride * bytes
        store = .store(tensor: 1, elementBytes: bytes, requests: outputs, pitchBytes: pitch)
        sum = Operand(kind: .load, tensor: 1, elementBytes: bytes, requests: outputs, pitchBytes: pitch)
        var mix = GEMMPrices.reduction
        mix.add(GEMMPrices.reductionPart, times: Double(splits))
        mix.memory += Double(splits + 1)
        work = mix.work
        launch = KernelLaunch(
            kernel: GEMM.reductionKernel,
            grid: Grid(
                x: shape.columns.dividedRoundingUp(by: Self.block.x),
                y: shape.rows.dividedRoundingUp(by: Self.block.y)),
            threadsPerBlock: Self.block.x * Self.block.y, registersPerThread: 32, sharedMemoryBytesPerBlock: 0,
            tensors: [
                GEMM.partials(of: shape, splits: splits, tensors: tensors), tensors.output.tensor(named: "output"),
            ])
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let (x, y, _) = launch.grid.coordinates(of: block)
        let (row, column) = (y * Self.block.y, x * Self.block.x)
        let (rows, columns) = (min(Self.block.y, shape.rows - row), min(Self.block.x, shape.columns - column))
        for split in 0..<splits {
            let element = (split * shape.rows + row) * shape.columns + column
            sink.access(
                load, TileRegion(address: tensors.partials + UInt64(element * 4), rows: rows, columns: columns))
            if split % Self.batch == Self.batch - 1 { sink.awaitLoads() }
        }
        let result = tensors.output.region(row: row, column: column, rows: rows, columns: columns)
        if shape.accumulates { sink.access(sum, result) }
        sink.awaitLoads()
        sink.compute(work)
        sink.access(store, result)
    }
}
