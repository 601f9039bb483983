import Trace

/// Which of a trip's loads a software pipeline asks a kernel for.
enum LoopPart {
    /// The loads that became asynchronous copies.
    case copies
    /// The loads that stayed plain loads.
    case loads
    /// All loads, in the order of the source.
    case all
}

/// What a kernel's walk over a block writes to: the block's compiled program, or its operations in source order.
protocol OperationSink {
    /// Whether the sink shows what the compiler does: loads issued twice, spilled registers.
    static var isCompiled: Bool { get }
    mutating func access(_ operand: Operand, _ region: TileRegion)
    /// A load inside a pipelined loop. It is written only in the part that it belongs to.
    mutating func access(_ operand: Operand, _ region: TileRegion, in part: LoopPart)
    /// The store of a tile at the kernel's end. It is divided into parts, and each part follows a part of `work`.
    mutating func store(_ operand: Operand, _ region: TileRegion, behind work: [ComputeWork])
    /// An atomic add as Triton makes it (acquire and release): a fence, the addition, and an invalidation of the L1.
    mutating func atomicAdd(_ operand: Operand, _ region: TileRegion)
    /// Takes a number from a word with an atomic, and waits for the result.
    mutating func ticket(_ operand: Operand, _ region: TileRegion)
    /// Adds to a flag after all earlier stores (a release).
    mutating func signal(_ flag: FlagWord)
    /// Waits until a flag has been signalled `count` times (an acquire).
    mutating func awaitSignals(_ flag: FlagWord, count: Int)
    /// The block's stores of its spilled registers, and the loads that bring them back.
    mutating func spill(_ local: LocalMemory?, block: Int)
    mutating func reload(_ local: LocalMemory?, block: Int)
    /// Moves spilled registers to or from local memory. The source has no such operation.
    mutating func spill(_ operand: Operand, _ region: TileRegion)
    mutating func compute(_ work: ComputeWork)
    mutating func awaitLoads()
    mutating func barrier()
    /// A loop around a matrix product. `load` brings a trip's operands, and `finish` does what follows the trip's
    /// product.
    mutating func loop(
        _ pipeline: SoftwarePipeline, trips: Int, lead: ComputeWork?, hasPendingLoads: Bool,
        load: (_ index: Int, _ part: LoopPart, _ sink: inout Self) -> Void,
        finish: (_ index: Int, _ sink: inout Self) -> Void)
}

extension OperationSink {
    /// A loop whose trips end with their products.
    @inline(__always)
    mutating func loop(
        _ pipeline: SoftwarePipeline, trips: Int, lead: ComputeWork? = nil, hasPendingLoads: Bool = false,
        load: (_ index: Int, _ part: LoopPart, _ sink: inout Self) -> Void
    ) {
        loop(pipeline, trips: trips, lead: lead, hasPendingLoads: hasPendingLoads, load: load, finish: { _, _ in })
    }
}

extension BlockProgram: OperationSink {
    static var isCompiled: Bool { true }

    @inline(__always)
    mutating func access(_ operand: Operand, _ region: TileRegion) { append(operand, region) }

    @inline(__always)
    mutating func access(_ operand: Operand, _ region: TileRegion, in part: LoopPart) {
        append(operand, region, ifAsynchronous: part == .copies)
    }

    mutating func store(_ operand: Operand, _ region: TileRegion, behind work: [ComputeWork]) {
        append(work, storing: operand, region)
    }

    mutating func atomicAdd(_ operand: Operand, _ region: TileRegion) {
        // Where the mask leaves nothing, no warp takes part and none executes the fence.
        guard region.rows > 0, region.columns > 0 else { return }
        append(operand, region)
        operations.append(.invalidateL1)
    }

    mutating func ticket(_ operand: Operand, _ region: TileRegion) {
        append(operand, region)
        operations.append(.awaitLoads)
    }

    mutating func signal(_ flag: FlagWord) { operations.append(.signal(flag: UInt32(flag.word))) }

    mutating func awaitSignals(_ flag: FlagWord, count: Int) {
        operations.append(.awaitFlag(flag: UInt32(flag.word), count: UInt32(count)))
    }

    mutating func spill(_ local: LocalMemory?, block: Int) { local?.appendStores(ofBlock: block, to: &self) }

    @inline(__always)
    mutating func spill(_ operand: Operand, _ region: TileRegion) { append(operand, region) }

    mutating func reload(_ local: LocalMemory?, block: Int) {
        guard let local else { return }
        local.appendLoads(ofBlock: block, to: &self)
        awaitLoads()
    }

    @inline(__always)
    mutating func compute(_ work: ComputeWork) { append(work) }
    @inline(__always)
    mutating func awaitLoads() { operations.append(.awaitLoads) }
    @inline(__always)
    mutating func barrier() { operations.append(.barrier) }

    @inline(__always)
    mutating func loop(
        _ pipeline: SoftwarePipeline, trips: Int, lead: ComputeWork?, hasPendingLoads: Bool,
        load: (_ index: Int, _ part: LoopPart, _ sink: inout BlockProgram) -> Void,
        finish: (_ index: Int, _ sink: inout BlockProgram) -> Void
    ) {
        pipeline.append(
            trips: trips, lead: lead, hasPendingLoads: hasPendingLoads, to: &self, finish: finish
        ) { index, asynchronous, program in load(index, asynchronous ? .copies : .loads, &program) }
    }
}

extension [SourceOperation]: OperationSink {
    static var isCompiled: Bool { false }

    mutating func access(_ operand: Operand, _ region: TileRegion) { append(operand.source(region)) }
    mutating func access(_ operand: Operand, _ region: TileRegion, in part: LoopPart) { append(operand.source(region)) }
    mutating func store(_ operand: Operand, _ region: TileRegion, behind work: [ComputeWork]) {
        append(operand.source(region))
    }
    mutating func atomicAdd(_ operand: Operand, _ region: TileRegion) { append(operand.source(region)) }
    mutating func ticket(_ operand: Operand, _ region: TileRegion) { append(operand.source(region)) }
    mutating func signal(_ flag: FlagWord) { append(flag.operand.source(flag.region)) }
    mutating func awaitSignals(_ flag: FlagWord, count: Int) { append(flag.operand.source(flag.region)) }
    mutating func spill(_ local: LocalMemory?, block: Int) {}
    mutating func reload(_ local: LocalMemory?, block: Int) {}
    mutating func spill(_ operand: Operand, _ region: TileRegion) {}
    mutating func compute(_ work: ComputeWork) {}
    mutating func awaitLoads() {}
    mutating func barrier() {}

    mutating func loop(
        _ pipeline: SoftwarePipeline, trips: Int, lead: ComputeWork?, hasPendingLoads: Bool,
        load: (_ index: Int, _ part: LoopPart, _ sink: inout [SourceOperation]) -> Void,
        finish: (_ index: Int, _ sink: inout [SourceOperation]) -> Void
    ) {
        for index in 0..<Swift.max(0, trips) {
            load(index, .all, &self)
            finish(index, &self)
        }
    }
}

/// A word by which blocks wait for each other. It has a number among the launch's flags, and an atomic access in the
/// source.
struct FlagWord {
    let word: Int
    let operand: Operand
    let region: TileRegion
}

/// A kernel whose compiled program and source operations come from one walk over a block.
protocol WalkedKernel: KernelGenerator {
    /// Writes the operations of linear block `block`.
    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink)
}

extension WalkedKernel {
    package func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        walk(block: block, into: &program)
    }

    package func appendSourceOperations(ofBlock block: Int, to operations: inout [SourceOperation]) {
        walk(block: block, into: &operations)
    }
}
