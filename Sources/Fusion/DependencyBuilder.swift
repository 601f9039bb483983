import Runs
import Trace

/// Collects `BlockDependencies`: first from all blocks of the producer, then from all blocks of the consumer.
struct DependencyBuilder: ~Copyable {
    private let producer: KernelLaunch
    private let consumer: KernelLaunch
    private var ledger = SectorLedger()
    private var sets = WriterSets()
    private let geometry = LineGeometry.nvidia
    private var expander = RequestExpander(geometry: .nvidia)
    /// The rest of the tile of which the expander holds a piece.
    private var pieces: TilePieces?
    /// The range of lines that the producer touches.
    private var lines = UInt64.max..<UInt64.max

    /// Lists of tensors that blocks write through, and below them the list of each producer block.
    private(set) var writtenTensors: [[UInt16]] = []
    private(set) var writtenLists: [Int32] = []
    /// The number of sectors stored, by the producer's tensor.
    private(set) var storedSectors: [UInt64]
    private(set) var producerTensors: [Bool]
    private(set) var consumerTensors: [Bool]

    private(set) var classes: [Int32] = []
    private(set) var needs: [[Int32]] = []
    private var classOfSets: [[UInt32]: Int32] = [:]
    private var classOfNeeds: [[Int32]: Int32] = [:]
    /// By set of writers, the consumer block that needed it last, plus one.
    private var neededBy: [UInt32] = []
    private var setsOfBlock: [UInt32] = []
    /// The number of sectors that consumers read, by set of writers.
    private var readSectors: [UInt64] = []
    /// The number of the producer's sectors that the consumer reads, by the consumer's tensor.
    private(set) var passedSectors: [UInt64]
    private(set) var mostReadSectors = 0
    /// By the consumer's tensor, an address that the consumer reads and the producer does not write.
    private var strayAddresses: [UInt64?]
    /// A consumer block that writes to the producer's output, and the address of the write.
    private var overwriting: (block: Int, address: UInt64)?

    /// Whether any block uses tensor cores.
    private(set) var usesTensorCores = false
    /// The error of a consumer that writes to the producer's inputs.
    private(set) var hazard: FusionError?

    init(producer: KernelLaunch, consumer: KernelLaunch) {
        self.producer = producer
        self.consumer = consumer
        producerTensors = producer.tensors.map { _ in false }
        storedSectors = producer.tensors.map { _ in 0 }
        consumerTensors = consumer.tensors.map { _ in false }
        passedSectors = consumer.tensors.map { _ in 0 }
        strayAddresses = consumer.tensors.map { _ in nil }
    }

    mutating func addProducer(_ source: any BlockProgramSource, progress: ((RunProgress) -> Void)?) throws {
        var source = source
        var program = BlockProgram()
        var lists: [[UInt16]: Int32] = [:]
        var (low, high) = (UInt64.max, UInt64.min)
        for block in 0..<producer.grid.blockCount {
            progress?(Self.progress(0, producer, block))
            try source.loadProgram(ofBlock: block, into: &program)
            var written: [UInt16] = []
            for operation in program.operations {
                guard let access = try expand(operation, of: program, launch: producer) else { continue }
                if access.writes, !written.contains(access.tensor) { written.append(access.tensor) }
                repeat {
                    for request in expander.requests {
                        guard let place = ledger.place(ofLine: request.line) else {
                            throw FusionError.footprintLimit(pages: SectorLedger.pageLimit)
                        }
                        (low, high) = (min(low, request.line), max(high, request.line))
                        for sector in 0..<4 where request.sectors & 1 << sector != 0 {
                            var state = ledger[place + sector]
                            if access.reads { state.isInput = true }
                            if access.writes {
                                if state.writers == 0 { storedSectors[Int(access.tensor)] += 1 }
                                state.writers = sets.adding(block, to: state.writers)
                                state.tensor = access.tensor
                            }
                            ledger[place + sector] = state
                        }
                    }
                } while expandFurther()
            }
            let list = lists[written] ?? Int32(truncatingIfNeeded: writtenTensors.count)
            if Int(list) == writtenTensors.count {
                writtenTensors.append(written)
                lists[written] = list
            }
            writtenLists.append(list)
        }
        if low <= high { lines = low..<(high + 1) }
        neededBy = Array(repeating: 0, count: sets.count)
        readSectors = Array(repeating: 0, count: sets.count)
    }

    mutating func addConsumer(_ source: any BlockProgramSource, progress: ((RunProgress) -> Void)?) throws {
        var source = source
        var program = BlockProgram()
        for block in 0..<consumer.grid.blockCount {
            progress?(Self.progress(1, consumer, block))
            try source.loadProgram(ofBlock: block, into: &program)
            setsOfBlock.removeAll(keepingCapacity: true)
            var read = 0
            for operation in program.operations {
                guard let access = try expand(operation, of: program, launch: consumer) else { continue }
                repeat {
                    for request in expander.requests { touch(request, access, block: block, read: &read) }
                } while expandFurther()
            }
            mostReadSectors = max(mostReadSectors, read)
            classes.append(classOfBlock())
        }
    }

    /// Processes one line of a consumer's access.
    private mutating func touch(_ request: LineRequest, _ access: Access, block: Int, read: inout Int) {
        let tensor = Int(access.tensor)
        guard lines.contains(request.line), let place = ledger.knownPlace(ofLine: request.line) else {
            if access.reads {
                strayAddresses[tensor] = strayAddresses[tensor] ?? geometry.address(ofLine: request.line)
            }
            return
        }
        let reader = UInt32(truncatingIfNeeded: block + 1)
        for sector in 0..<4 where request.sectors & 1 << sector != 0 {
            var state = ledger[place + sector]
            let address = geometry.address(ofLine: request.line, sector: sector)
            if access.writes, state.isInput, hazard == nil {
                hazard = .overwritten(
                    producer: producer.kernel, consumer: consumer.kernel, block: block, address: address)
            }
            guard state.writers != 0 else {
                if access.reads { strayAddresses[tensor] = strayAddresses[tensor] ?? address }
                continue
            }
            if access.writes, overwriting == nil { overwriting = (block, address) }
            if neededBy[Int(state.writers)] != reader {
                neededBy[Int(state.writers)] = reader
                setsOfBlock.append(state.writers)
            }
            guard access.reads else { continue }
            consumerTensors[tensor] = true
            producerTensors[Int(state.tensor)] = true
            if state.reader == 0 {
                readSectors[Int(state.writers)] += 1
                passedSectors[tensor] += 1
            }
            if state.reader != reader {
                read += 1
                state.reader = reader
                ledger[place + sector] = state
            }
        }
    }

    /// The class of the block whose sets of writers have been collected.
    private mutating func classOfBlock() -> Int32 {
        setsOfBlock.sort()
        if let known = classOfSets[setsOfBlock] { return known }
        var blocks = Set<Int32>()
        for set in setsOfBlock { blocks.formUnion(sets.blocks(of: set)) }
        let list = blocks.sorted()
        let number = classOfNeeds[list] ?? Int32(truncatingIfNeeded: needs.count)
        if Int(number) == needs.count {
            needs.append(list)
            classOfNeeds[list] = number
        }
        classOfSets[setsOfBlock] = number
        return number
    }

    /// Bytes that consumers read, by the producer block that wrote them last.
    var bytesByWriter: [UInt64] {
        var bytes = [UInt64](repeating: 0, count: producer.grid.blockCount)
        for set in 1..<max(1, sets.count) { bytes[sets.lastBlock(of: set)] += geometry.sectorBytes * readSectors[set] }
        return bytes
    }

    /// The reason why the intermediate cannot be left out: the consumer also reads the tensor elsewhere, or writes it.
    var obstacle: FusionError? {
        for (index, address) in strayAddresses.enumerated() where consumerTensors[index] {
            guard let address else { continue }
            return .mixedTensor(
                tensor: consumer.tensors[index].name, producer: producer.kernel, consumer: consumer.kernel,
                address: address)
        }
        guard let overwriting else { return nil }
        return .overwritten(
            producer: producer.kernel, consumer: consumer.kernel, block: overwriting.block, address: overwriting.address
        )
    }

    /// A memory operation, whose requests the expander holds.
    private struct Access {
        let tensor: UInt16
        let reads: Bool
        let writes: Bool

        init(tensor: UInt16, kind: AccessKind) {
            self.tensor = tensor
            reads = kind.isRead
            writes = !kind.isRead || kind == .atomic
        }
    }

    /// Expands an operation; nil for one without accesses to global memory.
    private mutating func expand(
        _ operation: Operation, of program: borrowing BlockProgram, launch: KernelLaunch
    ) throws(FusionError) -> Access? {
        func isLocal(_ kind: AccessKind) -> Bool { kind == .localLoad || kind == .localStore || kind.isOfPlainCaches }
        switch operation {
        case .tile(var tile):
            guard !isLocal(tile.kind) else { return nil }
            tile.replicas = 1
            pieces = TilePieces(tile, geometry: .nvidia)
            _ = expandFurther()
            return Access(tensor: tile.tensor, kind: tile.kind)
        case .lanes(let lanes):
            guard !isLocal(lanes.kind) else { return nil }
            pieces = nil
            expander.expand(lanes, laneAddresses: program.laneAddresses)
            return Access(tensor: lanes.tensor, kind: lanes.kind)
        case .compute(let work):
            if work.tensor > 0 { usesTensorCores = true }
            return nil
        case .signal, .awaitFlag: throw .hasFlags(kernel: launch.kernel)
        default: return nil
        }
    }

    /// Expands the next piece of the last operation. It returns whether there was one.
    private mutating func expandFurther() -> Bool { pieces?.expandNext(with: &expander) ?? false }

    private static func progress(_ order: Int, _ launch: KernelLaunch, _ block: Int) -> RunProgress {
        RunProgress(
            order: order, launchCount: 2, kernel: launch.kernel + " (dependencies)", blocksStarted: block,
            blockCount: launch.grid.blockCount)
    }
}
