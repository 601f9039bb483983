import Machine
import Trace

/// Blocks that do nothing, or only wait. They show the cost of starting and ending blocks.
extension Microbenchmarks {
    /// `blocks` blocks without an operation.
    package static func empty(blocks: Int, threads: Int, sharedMemoryBytes: Int) -> SyntheticSource {
        SyntheticSource(
            launch: launch("empty", blocks: blocks, threads: threads, bytes: 128, sharedMemoryBytes: sharedMemoryBytes)
        ) { _, _ in }
    }

    /// `blocks` blocks that wait once for the machine's fence time, which `spinning` sets.
    ///
    /// A loop on the clock takes its time however many other blocks do the same. Among the waits of a block in the
    /// simulator, only the fence behaves like that.
    package static func spin(blocks: Int, threads: Int, sharedMemoryBytes: Int) -> SyntheticSource {
        SyntheticSource(
            launch: launch("spin", blocks: blocks, threads: threads, bytes: 128, sharedMemoryBytes: sharedMemoryBytes)
        ) { _, program in program.operations.append(.invalidateL1) }
    }

    /// The machine with fences that take `cycles`, for `spin`.
    package static func spinning(cycles: Double, on machine: MachineDescription) throws(MachineError)
        -> MachineDescription
    {
        var settings = machine.settings
        settings.sm.fenceCycles = cycles
        return try MachineDescription(settings)
    }
}
