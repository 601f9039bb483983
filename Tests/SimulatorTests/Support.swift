import Machine
import Simulator
import Trace

/// One SM in front of one L2 partition, no coalescer, 32-byte fetches: small enough to reckon by hand.
func smallMachine(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> MachineDescription {
    var settings = MachineSettings.h200
    settings.gpu.smCount = 1
    settings.gpcs.count = 1
    settings.gpcs.members = []
    settings.gpcs.partitions = []
    settings.gpcs.dispatchOrder = []
    settings.coalescer.enabled = false
    settings.launch.firstWaveSpreadCycles = 0
    settings.sm.stepJitter = 0
    settings.l2.nearSpreadCycles = 0
    settings.hbm.jitterCycles = 0
    settings.hbm.slowShare = 0
    settings.l2.partitions = 1
    settings.l2.slices = 6
    settings.l2.capacityBytes = 48 << 10
    settings.l2.ways = 8
    settings.l2.hash = .modulo
    settings.l2.fetchBytes = 32
    settings.hbm.channels = 6
    settings.l1.ways = 4
    settings.l1.tagBytes = 0
    settings.l1.reserveBytes = 0
    settings.l1.replacement = .lru
    settings.l1.hash = .modulo
    settings.l1.allocatesOnWrite = false
    change(&settings)
    return try MachineDescription(settings)
}

/// A launch of one-warp blocks that leave `l1` bytes of L1 on the H200's SM by asking for the rest as shared memory.
func launch(blocks: Int = 1, threads: Int = 32, sharedMemoryBytes: Int = 200 << 10, name: String = "test")
    -> KernelLaunch
{
    KernelLaunch(
        kernel: name, grid: Grid(x: blocks), threadsPerBlock: threads, registersPerThread: 32,
        sharedMemoryBytesPerBlock: sharedMemoryBytes,
        tensors: [Tensor(name: "buffer", baseAddress: 0, byteCount: 1 << 30, elementType: "f32")])
}

/// A load or store of `bytes` contiguous bytes at `address` by one warp or more.
func access(_ kind: AccessKind, at address: Int, bytes: Int) -> Operation {
    .tile(
        TileAccess(
            kind: kind, tensor: 0, elementBytes: 4, address: UInt64(address), rows: 1, rowBytes: bytes,
            pitchBytes: bytes,
            requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4))
}

/// A launch that reads `bytesPerBlock` bytes of its own in each block, past the L1, 4 KiB at a time with five reads in
/// flight.
func readOnce(blocks: Int, bytesPerBlock: Int) -> SyntheticSource {
    let piece = 4096
    return SyntheticSource(launch: launch(blocks: blocks, threads: 256, sharedMemoryBytes: 32 << 10)) {
        block, program in
        for number in 0..<bytesPerBlock / piece {
            program.operations += [
                access(.copyBypass, at: block * bytesPerBlock + number * piece, bytes: piece), .commitGroup,
                .awaitGroups(pending: 4),
            ]
        }
        program.operations.append(.awaitGroups(pending: 0))
    }
}
