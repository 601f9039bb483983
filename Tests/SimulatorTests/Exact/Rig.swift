import Machine
import Simulator
import Testing
import Trace

/// Two SMs, each alone in its GPC and in front of an L2 partition of its own, with chunks of a line: block 0 of two
/// runs on SM 0 before partition 0, block 1 on SM 1 before partition 1. Launches read nothing of their own.
func pairMachine(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> MachineDescription {
    try smallMachine {
        $0.gpu.smCount = 2
        $0.gpcs.count = 2
        $0.gpcs.requestCycles = 0
        $0.gpcs.fillBytesPerCycle = 0
        $0.l2.partitions = 2
        $0.l2.capacityBytes = 96 << 10
        $0.l2.slices = 12
        $0.l2.homeChunkBytes = 128
        $0.l2.farSpreadCycles = 0
        $0.l2.dirtyShare = 1
        $0.l2.cleanAge = 1
        $0.hbm.channels = 12
        $0.launch.constantSectors = 0
        $0.launch.constantSectorsPerSM = 0
        $0.launch.constantFabricSectors = 0
        $0.launch.constantFabricSectorsPerSM = 0
        // No block waits for the others.
        $0.launch.blockIntervalCycles = 0
        // A lone warp's instruction takes a cycle, and a millionth.
        $0.sm.issueIntervalCycles = 1
        $0.sm.controlIntervalCycles = 0
        $0.launch.fetchCyclesPerInstruction = 0
        change(&$0)
    }
}

/// The home partition of line `number` below 4096, as docs/validation/h200_home.md has it for chunks: the parity of
/// bits 0, 1, 3, 5, 7, 9 and 10 of the chunk's number, bits 12, 13, 15, 17, 19, 21 and 22 of addresses where chunks
/// have 4 KiB.
func home(ofLine number: Int) -> Int {
    [0, 1, 3, 5, 7, 9, 10].reduce(0) { $0 ^ number >> $1 & 1 }
}

/// The first `count` lines with this home, from line `first` on.
func lines(home wanted: Int, count: Int, from first: Int = 0) -> [Int] {
    Array((first...).lazy.filter { home(ofLine: $0) == wanted }.prefix(count))
}

/// What blocks with these programs do on a machine whose caches are empty.
func result(_ programs: [[Operation]], sharedMemoryBytes: Int = 200 << 10, on machine: MachineDescription) throws
    -> LaunchResult
{
    try Simulation(machine: machine, cacheMode: .cold).run(
        SyntheticSource(launch: launch(blocks: programs.count, sharedMemoryBytes: sharedMemoryBytes)) {
            block, program in
            program.operations = programs[block]
        })
}

extension LaunchResult {
    /// Cycles that all blocks spent on `use`.
    func cycles(_ use: TimeUse) -> Double { useCycles[use.rawValue] }
}

/// A copy of `bytes` bytes past the L1, and the wait for it.
func copy(line: Int, bytes: Int = 128) -> [Operation] {
    [access(.copyBypass, at: line * 128, bytes: bytes), .commitGroup, .awaitGroups(pending: 0)]
}

/// A load of `bytes` bytes past the L1.
func load(line: Int, bytes: Int = 32) -> Operation {
    guard case .tile(var tile) = access(.load, at: line * 128, bytes: bytes) else {
        preconditionFailure("access makes tiles")
    }
    tile.hint = .bypassL1
    return .tile(tile)
}

func store(line: Int, bytes: Int = 128) -> Operation { access(.store, at: line * 128, bytes: bytes) }

/// About `cycles` cycles of instructions.
func pause(_ cycles: Int) -> Operation { .compute(ComputeWork(instructions: cycles)) }
