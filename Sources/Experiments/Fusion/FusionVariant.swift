import Machine
import Trace

/// A variant of one launch or of two.
package enum FusionVariant: Equatable, Sendable {
    /// One launch's blocks in another order.
    case reordered(TileOrder)
    /// One launch's tiles in the loops of `blocksPerSM` blocks an SM.
    case persistent(blocksPerSM: Int, TileAssignment, TileOrder)

    /// The name as a command takes it.
    package var name: String {
        switch self {
        case .reordered: "reordered"
        case .persistent: "persistent"
        }
    }

    /// Launches that the variant is made of.
    package var launchCount: Int {
        switch self {
        case .reordered, .persistent: 1
        }
    }

    /// The variant's launch.
    /// - Parameters:
    ///   - sources: the launches that it is made of, at any block.
    ///   - machine: SMs, their resources and their order.
    /// - Throws: `FusionError`, or what the sources throw.
    package func launch(
        of sources: [any BlockProgramSource], resources: FusionResources = FusionResources(), machine: MachineDescription
    ) throws -> FusedLaunch {
        guard sources.count == launchCount else {
            throw FusionError.launchCount(variant: name, needed: launchCount, found: sources.count)
        }
        switch self {
        case .reordered(let order):
            return try single(
                sources[0], suffix: "reordered", grid: sources[0].launch.grid, resources: resources, machine: machine,
                schedule: ReorderedSchedule(tiles: TileSequence(order, of: sources[0].launch, machine: machine)))
        case .persistent(let blocksPerSM, let assignment, let order):
            let schedule = PersistentSchedule(
                tiles: try TileSequence(order, of: sources[0].launch, machine: machine), assignment: assignment,
                blocks: blocksPerSM * machine.gpu.smCount)
            return try single(
                sources[0], suffix: "persistent", grid: Grid(x: schedule.blockCount), resources: resources, machine: machine,
                schedule: schedule)
        }
    }

    private func single(
        _ source: any BlockProgramSource, suffix: String, grid: Grid, resources: FusionResources, machine: MachineDescription,
        schedule: any PartSchedule
    ) throws(FusionError) -> FusedLaunch {
        let own = source.launch
        var tensors = try FusedTensors([own])
        let ticket = schedule.isDynamic ? tensors.add("ticket", byteCount: 4, elementType: "i32") : nil
        var launch = try KernelLaunch.fused(
            [own], name: "\(own.kernel)_\(suffix)", grid: grid, tensors: tensors.tensors, resources: resources, machine: machine)
        launch.resourcesAreEstimated = own.resourcesAreEstimated
        return FusedLaunch(
            launch: launch, sources: [source],
            writers: [PartWriter(tensors: tensors.numbers[0], warps: (own.warpsPerBlock, launch.warpsPerBlock))],
            schedule: schedule, ticket: ticket.map { ($0.number, $0.address) })
    }
}
