import Machine
import Runs
import Trace

/// A variant of one launch or of two.
package enum FusionVariant: Equatable, Sendable {
    /// One launch's blocks in another order.
    case reordered(TileOrder)
    /// One launch's tiles in loops. There are `blocksPerSM` blocks per SM.
    case persistent(blocksPerSM: Int, TileAssignment, TileOrder)
    /// Producer and consumer blocks in one launch, with flags between them. A consumer follows its last producer by
    /// `lag` producers. If `lag` is nil, it is the number of the launch's blocks that all SMs hold at a time.
    case ordered(lag: Int?)
    /// Consumer blocks that compute their part of the intermediate again.
    case recompute
    /// Connected producers and consumers as one block, which keeps the intermediate.
    case keep

    /// The name as a command takes it.
    package var name: String {
        switch self {
        case .reordered: "reordered"
        case .persistent: "persistent"
        case .ordered: "ordered"
        case .recompute: "recompute"
        case .keep: "keep"
        }
    }

    /// The number of launches that the variant needs.
    package var launchCount: Int {
        switch self {
        case .reordered, .persistent: 1
        case .ordered, .recompute, .keep: 2
        }
    }

    /// The variant's launch.
    /// - Parameters:
    ///   - sources: the launches that it is made of, at any block.
    ///   - machine: gives the SMs, their resources and their order.
    ///   - progress: called before each block whose needs are looked up.
    /// - Throws: `FusionError`, or errors of the sources.
    package func made(
        of sources: [any BlockProgramSource], resources: FusionResources = FusionResources(),
        machine: MachineDescription,
        progress: ((RunProgress) -> Void)? = nil
    ) throws -> MadeVariant {
        guard sources.count == launchCount else {
            throw FusionError.launchCount(variant: name, needed: launchCount, found: sources.count)
        }
        switch self {
        case .reordered(let order):
            let launch = try single(
                sources[0], suffix: "reordered", grid: sources[0].launch.grid, resources: resources, machine: machine,
                schedule: ReorderedSchedule(tiles: TileSequence(order, of: sources[0].launch, machine: machine)))
            return MadeVariant(name: name, launch: launch, assumptions: ["Tiles in the order \(order.name)"])
        case .persistent(let blocksPerSM, let assignment, let order):
            let registers = PersistentRegisters(
                tiles: sources[0].launch, given: resources.registers, machine: machine)
            let schedule = PersistentSchedule(
                tiles: try TileSequence(order, of: sources[0].launch, machine: machine), assignment: assignment,
                blocks: blocksPerSM * machine.gpu.smCount)
            let launch = try FusedLaunch.persistent(
                sources[0], name: "\(sources[0].launch.kernel)_persistent", schedule: schedule, registers: registers,
                sharedMemoryBytes: resources.sharedMemoryBytes, machine: machine)
            return MadeVariant(
                name: name, launch: launch,
                assumptions: [
                    "\(blocksPerSM) blocks for each SM loop over tiles in the order \(order.name), "
                        + "assignment \(assignment.rawValue)",
                    registers.assumption(isGiven: resources.registers != nil),
                ])
        case .ordered, .recompute, .keep:
            let dependencies = try BlockDependencies(producer: sources[0], consumer: sources[1], progress: progress)
            return try pair(sources, dependencies: dependencies, resources: resources, machine: machine)
        }
    }

    private func single(
        _ source: any BlockProgramSource, suffix: String, grid: Grid, resources: FusionResources,
        machine: MachineDescription,
        schedule: any PartSchedule
    ) throws(FusionError) -> FusedLaunch {
        let own = source.launch
        let tensors = try JointTensors([own])
        var launch = try KernelLaunch.fused(
            [own], name: "\(own.kernel)_\(suffix)", grid: grid, tensors: tensors.tensors, resources: resources,
            machine: machine)
        launch.resourcesAreEstimated = own.resourcesAreEstimated
        return FusedLaunch(
            launch: launch, sources: [source],
            writers: [PartWriter(tensors: tensors.numbers[0], warps: (own.warpsPerBlock, launch.warpsPerBlock))],
            schedule: schedule)
    }

    /// The variant of a producer and a consumer.
    private func pair(
        _ sources: [any BlockProgramSource], dependencies: BlockDependencies, resources: FusionResources,
        machine: MachineDescription
    ) throws(FusionError) -> MadeVariant {
        let launches = sources.map(\.launch)
        var tensors = try JointTensors(launches)
        func header(blocks: Int, keptBytes: Int = 0) throws(FusionError) -> KernelLaunch {
            try KernelLaunch.fused(
                launches, name: launches.map(\.kernel).joined(separator: "+"), grid: Grid(x: blocks),
                tensors: tensors.tensors,
                resources: resources, keptBytes: keptBytes, machine: machine)
        }
        let schedule: any PartSchedule
        let launch: KernelLaunch
        var waits: [[FlagWait]] = []
        var assumptions: [String] = []
        switch self {
        case .ordered(let lag):
            let blocks = launches[0].grid.blockCount + launches[1].grid.blockCount
            let resident = (try? machine.occupancy(of: try header(blocks: blocks)))?.blocksPerSM ?? 1
            let lag = lag ?? resident * machine.gpu.smCount
            let ordered = OrderedSchedule(dependencies, lag: lag)
            _ = try tensors.add(
                "flags", byteCount: max(1, ordered.flagCount) * OrderedSchedule.wordsPerFlag * 4,
                elementType: Tensor.flagType)
            (schedule, launch, waits) = (ordered, try header(blocks: blocks), ordered.waits)
            assumptions.append(
                "\(ordered.flagCount) flags, a line each, zero at the start; "
                    + "consumers \(lag) producers behind the last that they need")
        case .keep:
            if let obstacle = dependencies.obstacle { throw obstacle }
            let keep = KeepSchedule(dependencies)
            let kept = resources.keptBytes ?? keep.mostKeptBytes
            (schedule, launch) = (keep, try header(blocks: keep.blockCount, keptBytes: kept))
            assumptions.append("Each block keeps up to \(kept) bytes of the intermediate in shared memory")
        default:
            if let obstacle = dependencies.obstacle { throw obstacle }
            let recompute = RecomputeSchedule(dependencies)
            let kept = resources.keptBytes ?? dependencies.mostReadBytes
            (schedule, launch) = (recompute, try header(blocks: recompute.blockCount, keptBytes: kept))
            assumptions.append(
                "Each block computes what it reads of the intermediate again, up to \(kept) bytes in shared memory")
        }
        assumptions.append(resources.assumption(of: launch, from: "the most of both launches"))
        let intermediates = [dependencies.isIntermediate.producer, dependencies.isIntermediate.consumer]
        let writers = launches.indices.map { index in
            PartWriter(
                tensors: tensors.numbers[index], isIntermediate: intermediates[index],
                warps: (launches[index].warpsPerBlock, launch.warpsPerBlock))
        }
        return MadeVariant(
            name: name,
            launch: FusedLaunch(
                launch: launch, sources: sources, writers: writers, schedule: schedule, waits: waits,
                usesTensorCores: dependencies.usesTensorCores),
            assumptions: assumptions, intermediates: dependencies.intermediates, storedBytes: dependencies.storedBytes)
    }
}

/// A variant's launch, and its description for a report.
package struct MadeVariant {
    package let name: String
    package let launch: FusedLaunch
    /// The choices and assumptions, one line each.
    package let assumptions: [String]
    /// The tensors that the producer leaves to the consumer.
    package var intermediates: [Intermediate] = []
    /// Bytes of the sectors that the producer stores in them.
    package var storedBytes: UInt64 = 0
}
