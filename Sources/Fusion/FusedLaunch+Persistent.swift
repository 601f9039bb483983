import Machine
import Trace

extension FusedLaunch {
    /// A launch of which the number of blocks and the registers were measured: block `b` works on the tiles b,
    /// b + blocks, b + 2 blocks, ... of another launch.
    /// - Parameters:
    ///   - blocks: at most one a tile are made.
    ///   - registers: of a thread; what the loop lacks of them is spilled.
    /// - Throws: `FusionError.doesNotFit` where no SM holds a block, `.tooManyTensors` or `.noAddresses`.
    package static func persistent(
        _ tiles: any BlockProgramSource, name: String, blocks: Int, registers: Int, machine: MachineDescription
    ) throws(FusionError) -> FusedLaunch {
        let sequence = try TileSequence(.linear, of: tiles.launch, machine: machine)
        return try persistent(
            tiles, name: name, schedule: PersistentSchedule(tiles: sequence, assignment: .strided, blocks: blocks),
            registers: PersistentRegisters(tiles: tiles.launch, given: registers, machine: machine), machine: machine)
    }

    /// A launch of blocks that loop over the tiles of another launch.
    /// - Parameters:
    ///   - sharedMemoryBytes: shared memory of a block; nil for that of the tile launch.
    /// - Throws: `FusionError.doesNotFit` if no SM holds a block, `.tooManyTensors` or `.noAddresses`.
    static func persistent(
        _ tiles: any BlockProgramSource, name: String, schedule: PersistentSchedule, registers: PersistentRegisters,
        sharedMemoryBytes: Int? = nil, machine: MachineDescription
    ) throws(FusionError) -> FusedLaunch {
        let own = tiles.launch
        var tensors = try JointTensors([own])
        let ticket = schedule.isDynamic ? try tensors.add("ticket", byteCount: 4, elementType: "i32") : nil
        let warps = own.warpsPerBlock
        let bytes = SpilledWords.bytes(words: registers.spilledWords, warps: warps) * schedule.blockCount
        let spilled =
            bytes > 0 ? try tensors.add("spilled", byteCount: bytes, elementType: "b32") : (number: 0, address: 0)
        var launch = try KernelLaunch.fused(
            [own], name: name, grid: Grid(x: schedule.blockCount), tensors: tensors.tensors,
            resources: FusionResources(registers: registers.registers, sharedMemoryBytes: sharedMemoryBytes),
            machine: machine)
        launch.resourcesAreEstimated = own.resourcesAreEstimated
        return FusedLaunch(
            launch: launch, sources: [tiles], writers: [PartWriter(tensors: tensors.numbers[0], warps: (warps, warps))],
            schedule: schedule, ticket: ticket.map { ($0.number, $0.address) },
            spills: SpilledWords(
                words: registers.spilledWords, warps: warps, tensor: spilled.number, address: spilled.address))
    }
}
