import Machine
import Trace

/// Blocks that do nothing, or nothing but wait: what starting and ending blocks costs.
extension Microbenchmarks {
    /// `blocks` blocks without an operation.
    package static func empty(blocks: Int, threads: Int, sharedMemoryBytes: Int) -> SyntheticSource {
        SyntheticSource(
            launch: launch("empty", blocks: blocks, threads: threads, bytes: 128, sharedMemoryBytes: sharedMemoryBytes)
        ) { _, _ in }
    }

    /// `blocks` blocks that wait once for the machine's fence time, which `spinning` sets.
    ///
    /// A loop on the clock takes its time however many others do the same; of all that a block can wait for here, that
    /// is true of the fence alone.
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
