import Trace

/// Reads blocks' programs from a source, each once and in order, and refuses programs that the engine cannot run.
///
/// The loader holds the source from the first block to the last as one value. The source's own changes therefore cost
/// one copy.
final class ProgramLoader {
    private let launch: KernelLaunch
    private var source: any BlockProgramSource
    /// The source, if its programs come in parts.
    private var parted: (any PartedProgramSource)?
    private let addresses: Range<UInt64>?
    private let flags: Tensor?
    private(set) var blocksLoaded = 0
    /// Bytes of the programs of resident blocks. Their storage stays when blocks end.
    private var programBytes = 0

    /// - Parameter addresses: the addresses that the L2 can tell apart; nil for all.
    init(_ source: any BlockProgramSource, addresses: Range<UInt64>?) {
        launch = source.launch
        self.source = source
        parted = source as? any PartedProgramSource
        self.addresses = addresses
        flags = launch.flags
    }

    /// Whether blocks' programs come in parts.
    var hasParts: Bool { parted != nil }

    /// Replaces `program` by the next part of `block`.
    /// - Returns: false if no part is left.
    func loadNextPart(ofBlock block: Int, into program: inout BlockProgram) throws -> Bool {
        let before = program.storageBytes
        guard try parted?.loadNextPart(ofBlock: block, into: &program) == true else { return false }
        try account(program, before: before)
        try check(program)
        return true
    }

    /// Replaces `program` by the program of `block`, or by its first part.
    func load(block: Int, into program: inout BlockProgram) throws {
        let before = program.storageBytes
        if parted != nil {
            try parted?.loadProgram(ofBlock: block, into: &program)
        } else {
            try source.loadProgram(ofBlock: block, into: &program)
        }
        blocksLoaded += 1
        try account(program, before: before)
        try check(program)
    }

    /// - Parameter before: bytes of the program's storage before the load.
    private func account(_ program: borrowing BlockProgram, before: Int) throws(SimulatorError) {
        programBytes += program.storageBytes - before
        guard programBytes <= MemoryBudget.programBytes else {
            throw .programsTooLarge(
                kernel: launch.kernel, blocks: blocksLoaded, bytes: programBytes, limit: MemoryBudget.programBytes)
        }
    }

    private func check(_ program: BlockProgram) throws {
        for operation in program.operations {
            switch operation {
            case .signal(let flag), .awaitFlag(let flag, _):
                guard let flags else { throw SimulatorError.noFlags(kernel: launch.kernel) }
                guard UInt64(flag) < flags.byteCount / 4 else {
                    throw SimulatorError.flagOutside(kernel: launch.kernel, flag: flag, flags: flags.byteCount / 4)
                }
            case .tile(let tile): try check(tile)
            case .lanes(let lanes): try check(lanes, addresses: program.laneAddresses)
            case .awaitLoads, .commitGroup, .awaitGroups, .barrier, .compute, .invalidateL1, .beginProducts,
                .awaitProducts:
                continue
            }
        }
    }

    /// Operations may leave the launch's tensors. The check therefore uses their own addresses.
    private func check(_ tile: TileAccess) throws {
        guard let addresses, !tile.kind.isOfPlainCaches, tile.rows > 0, tile.rowBytes > 0 else { return }
        let (reach, isTooFar) = Int64(tile.rows - 1).multipliedReportingOverflow(by: tile.pitchBytes)
        let (end, wraps) = tile.address.addingReportingOverflow(UInt64(max(reach, 0)) + UInt64(tile.rowBytes))
        let (start, wrapsBelow) = tile.address.subtractingReportingOverflow(min(reach, 0).magnitude)
        guard !isTooFar, !wraps, !wrapsBelow, end <= addresses.upperBound, start >= addresses.lowerBound else {
            throw tooLarge(
                tensor: tile.tensor, address: tile.address, limit: addresses.upperBound - addresses.lowerBound)
        }
    }

    private func check(_ lanes: LaneAccess, addresses lanesOfBlock: [UInt64]) throws {
        guard let addresses, !lanes.kind.isOfPlainCaches else { return }
        let last = addresses.upperBound - UInt64(lanes.laneBytes)
        let first = Int(lanes.firstLane)
        for lane in first..<(first + Int(lanes.laneCount)) {
            let address = lanesOfBlock[lane]
            guard address <= last, address >= addresses.lowerBound else {
                throw tooLarge(
                    tensor: lanes.tensor, address: address, limit: addresses.upperBound - addresses.lowerBound)
            }
        }
    }

    private func tooLarge(tensor: UInt16, address: UInt64, limit: UInt64) -> SimulatorError {
        let name = Int(tensor) < launch.tensors.count ? launch.tensors[Int(tensor)].name : "\(tensor)"
        return .addressTooLarge(kernel: launch.kernel, tensor: name, address: address, limit: limit)
    }
}

extension BlockProgram {
    /// Bytes of its operations and lane addresses.
    var storageBytes: Int {
        operations.capacity * MemoryLayout<Operation>.stride + laneAddresses.capacity * MemoryLayout<UInt64>.stride
    }

    /// Whether any compute step uses tensor cores. Such launches run at the lower clock.
    var usesTensorCores: Bool {
        operations.contains { operation in
            if case .compute(let work) = operation { return work.tensor > 0 }
            return false
        }
    }

    /// Instructions of the code, as far as the program shows it. Equal compute steps count as trips of one loop.
    var codeInstructions: Int {
        var seen: Set<ComputeWork> = []
        for operation in operations {
            if case .compute(let work) = operation { seen.insert(work) }
        }
        return seen.reduce(0) { $0 + Int($1.instructions) }
    }
}
