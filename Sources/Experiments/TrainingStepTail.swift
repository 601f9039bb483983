import Kernels
import Trace

/// What stands in the L2 when a training step begins: the tail of the step before it.
///
/// The last large launch of a backward pass, ch_scan_bwd_ddacs, reads x and the output's gradient of every head, the products
/// and the decay sums, and writes its workspace. This launch does so tile by tile in the same order, without its instructions;
/// the small launch behind it, ch_cumsum_bwd, is left out.
/// *Source:* measured chains (h200_ssd.csv): the first launches of a step find x and neither dt, B nor C.
package enum TrainingStepTail {
    /// Rows of a tile.
    private static let rows = 64
    private static let threads = 128

    /// The launch over the tensors of `allocation`; the gradient and the workspace lie behind them.
    package static func source(allocation: SSDAllocation) -> SyntheticSource {
        let shape = allocation.shape
        let x = allocation.x
        var gradient = x
        gradient.allocationAddress = allocation.localMemoryAddress
        let tiles = shape.chunkSize.dividedRoundingUp(by: rows)
        let workspaceAddress = gradient.allocationAddress + UInt64(x.allocationByteCount.dividedRoundingUp(by: 512) * 512)
        let rowBytes = shape.chunkSize * 4
        let blocks = tiles * shape.batch * shape.chunkCount * shape.heads
        let workspace = Tensor(
            name: "ddA_cumsum", baseAddress: workspaceAddress, byteCount: UInt64(blocks * rowBytes), elementType: "f32")
        let views = [("x", x), ("dout", gradient), ("cb", allocation.products), ("dA_cumsum", allocation.decaySums)]
        let launch = KernelLaunch(
            kernel: "training step's tail", grid: Grid(x: tiles, y: shape.batch * shape.chunkCount, z: shape.heads),
            threadsPerBlock: threads, registersPerThread: 96, sharedMemoryBytesPerBlock: 28 << 10,
            tensors: views.map { $0.1.tensor(named: $0.0) } + [workspace])
        return SyntheticSource(launch: launch) { block, program in
            let (tile, batchAndChunk, head) = launch.grid.coordinates(of: block)
            let (chunk, batch) = batchAndChunk.quotientAndRemainder(dividingBy: shape.batch)
            let valid = shape.validLength(ofChunk: chunk)
            let first = tile * rows
            func read(_ tensor: Int, _ view: TensorView, _ region: TileRegion) {
                let bytes = region.columns * view.elementType.byteCount
                guard region.rows > 0, bytes > 0 else { return }
                program.operations.append(
                    .tile(
                        TileAccess(
                            kind: .load, tensor: tensor, elementBytes: view.elementType.byteCount, address: region.address,
                            rows: region.rows, rowBytes: bytes, pitchBytes: view.rowStride * view.elementType.byteCount,
                            requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4)))
            }
            let ahead = min(valid, first + rows)
            read(1, gradient, gradient.region(
                batch: batch, chunk: chunk, head: head, row: first, rows: min(rows, valid - first), columns: shape.headDim))
            read(0, x, x.region(batch: batch, chunk: chunk, head: head, rows: ahead, columns: shape.headDim))
            read(2, allocation.products, allocation.products.region(
                batch: batch, chunk: chunk, head: head / (shape.heads / shape.groups), row: first,
                rows: min(rows, shape.chunkSize - first), columns: min(shape.chunkSize, first + rows)))
            read(3, allocation.decaySums, allocation.decaySums.region(
                batch: batch, chunk: chunk, head: head, rows: 1, columns: shape.chunkSize))
            program.operations.append(.awaitLoads)
            program.operations.append(
                .tile(
                    TileAccess(
                        kind: .store, tensor: 4, elementBytes: 4, address: workspaceAddress + UInt64(block * rowBytes), rows: 1,
                        rowBytes: rowBytes, pitchBytes: rowBytes, requestRows: 1, lanesPerRow: 32, laneBytes: 4,
                        laneStrideBytes: 4)))
        }
    }
}
