import Trace

/// cumsum: running sums along rows of an fp32 tensor, in place or into another.
///
/// A row of a block's threads handles a row of the tensor. A trip takes two elements a thread: it loads them, adds them
/// up and down a tree in shared memory, and stores them. *Source:* scan_innermost_dim of PyTorch's
/// ATen/native/cuda/ScanUtils.cuh, and docs/validation/h200_glue.csv.
package struct CumulativeSumKernel: WalkedKernel {
    package let launch: KernelLaunch
    private let rows: Int
    private let rowElements: Int
    private let threadsPerRow: Int
    private let rowsPerBlock: Int
    private let input: Operand
    private let output: Operand
    private let inputAddress: UInt64
    private let outputAddress: UInt64
    private let entry: ComputeWork
    private let trip: ComputeWork

    private static let threads = 512

    package init(_ input: (String, TensorView), rowElements: Int, into output: (String, TensorView)) {
        let rows = input.1.allocationByteCount / 4 / rowElements
        self.rows = rows
        self.rowElements = rowElements
        // The threads of a row: half of the logarithm of the 512 threads, and half of the difference between the
        // logarithms of a row's length and the number of rows.
        let balance =
            rowElements.roundedUpToPowerOfTwo.trailingZeroBitCount - rows.roundedUpToPowerOfTwo.trailingZeroBitCount
        threadsPerRow = 1 << min(max(4, (9 + balance) / 2), 9)
        rowsPerBlock = Self.threads / threadsPerRow
        let lanes = min(threadsPerRow, 32)
        let requests = RequestShape.lanes(lanes, bytes: 4, rows: 32 / lanes)
        let isInPlace = input.1.address == output.1.address
        self.input = Operand(kind: .load, tensor: 0, elementBytes: 4, requests: requests, pitchBytes: rowElements * 4)
        self.output = .store(
            tensor: isInPlace ? 0 : 1, elementBytes: 4, requests: requests, pitchBytes: rowElements * 4)
        inputAddress = input.1.address
        outputAddress = output.1.address
        entry = GluePrices.scan.work
        var mix = GluePrices.scanTrip
        mix.memory += 4
        mix.add(GluePrices.scanStep, times: Double(2 * (2 * threadsPerRow).trailingZeroBitCount))
        trip = mix.work
        var tensors = [input.1.tensor(named: input.0)]
        if !isInPlace { tensors.append(output.1.tensor(named: output.0)) }
        launch = KernelLaunch(
            kernel: "cumsum", grid: Grid(x: rows.dividedRoundingUp(by: rowsPerBlock)), threadsPerBlock: Self.threads,
            registersPerThread: 32, sharedMemoryBytesPerBlock: 8 * Self.threads, tensors: tensors)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let first = block * rowsPerBlock
        let count = min(rowsPerBlock, rows - first)
        sink.compute(entry)
        for column in stride(from: 0, to: rowElements, by: 2 * threadsPerRow) {
            let columns = min(2 * threadsPerRow, rowElements - column)
            let offset = UInt64((first * rowElements + column) * 4)
            sink.access(input, TileRegion(address: inputAddress + offset, rows: count, columns: columns))
            sink.awaitLoads()
            sink.barrier()
            sink.compute(trip)
            sink.barrier()
            sink.access(output, TileRegion(address: outputAddress + offset, rows: count, columns: columns))
        }
    }
}
