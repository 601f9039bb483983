import Trace

/// Takes a block's steps in order: a program takes all, a list of source operations the accesses to tensors alone.
///
/// The Mamba-1 kernels are compiled in the order of their source, so one walk through a block serves both views.
protocol OperationSink {
    mutating func access(_ operand: Operand, _ region: TileRegion)
    mutating func compute(_ work: ComputeWork)
    mutating func awaitLoads()
    mutating func barrier()
    /// Moves spilled registers to or from local memory.
    mutating func spill(_ operand: Operand, _ region: TileRegion)
}

extension BlockProgram: OperationSink {
    @inline(__always) mutating func access(_ operand: Operand, _ region: TileRegion) { append(operand, region) }
    @inline(__always) mutating func compute(_ work: ComputeWork) { append(work) }
    @inline(__always) mutating func awaitLoads() { operations.append(.awaitLoads) }
    @inline(__always) mutating func barrier() { operations.append(.barrier) }
    @inline(__always) mutating func spill(_ operand: Operand, _ region: TileRegion) { append(operand, region) }
}

extension [SourceOperation]: OperationSink {
    mutating func access(_ operand: Operand, _ region: TileRegion) {
        append(
            SourceOperation(
                kind: operand.kind, elementBytes: operand.elementBytes, tensor: operand.tensor, region: region,
                pitchBytes: operand.pitchBytes))
    }
    mutating func compute(_ work: ComputeWork) {}
    mutating func awaitLoads() {}
    mutating func barrier() {}
    mutating func spill(_ operand: Operand, _ region: TileRegion) {}
}
