import Machine
import Trace

/// Registers and shared memory of a variant. A value that is nil follows from its launches.
package struct FusionResources: Equatable, Sendable {
    /// Registers of a thread.
    package var registers: Int?
    /// Shared memory of a block in bytes, including the kept part of the intermediate.
    package var sharedMemoryBytes: Int?
    /// Bytes of the intermediate that a block keeps.
    package var keptBytes: Int?

    package init(registers: Int? = nil, sharedMemoryBytes: Int? = nil, keptBytes: Int? = nil) {
        self.registers = registers
        self.sharedMemoryBytes = sharedMemoryBytes
        self.keptBytes = keptBytes
    }

    /// A line for reports on the launch's resources and their origin.
    func assumption(of launch: KernelLaunch, from origin: String) -> String {
        func source(_ isGiven: Bool) -> String { isGiven ? "as given" : origin }
        return "\(launch.registersPerThread) registers a thread (\(source(registers != nil))), "
            + "\(launch.sharedMemoryBytesPerBlock) bytes of shared memory a block "
            + "(\(source(sharedMemoryBytes != nil))"
            + (sharedMemoryBytes == nil && keptBytes != nil ? ", and kept bytes as given)" : ")")
    }
}

extension KernelLaunch {
    /// The resources of one launch of the blocks of several launches. They are the most threads, registers and shared
    /// memory of any of them, and `keptBytes` on top.
    ///
    /// - Throws: `FusionError.doesNotFit` if no SM of the machine holds a block.
    static func fused(
        _ launches: [KernelLaunch], name: String, grid: Grid, tensors: [Tensor], resources: FusionResources,
        keptBytes: Int = 0,
        machine: MachineDescription
    ) throws(FusionError) -> KernelLaunch {
        func most(_ value: (KernelLaunch) -> Int) -> Int { launches.map(value).max() ?? 0 }
        let kept = resources.keptBytes ?? keptBytes
        let launch = KernelLaunch(
            kernel: name, grid: grid, threadsPerBlock: most(\.threadsPerBlock),
            registersPerThread: resources.registers ?? most(\.registersPerThread),
            sharedMemoryBytesPerBlock: resources.sharedMemoryBytes ?? most(\.sharedMemoryBytesPerBlock) + kept,
            resourcesAreEstimated: resources.registers == nil || resources.sharedMemoryBytes == nil
                || launches.contains(where: \.resourcesAreEstimated),
            tiling: launches.map(\.tiling).filter { !$0.isEmpty }.joined(separator: " / "), tensors: tensors)
        do {
            _ = try machine.occupancy(of: launch)
        } catch {
            throw .doesNotFit(
                kernel: name, registers: launch.registersPerThread, threads: launch.threadsPerBlock,
                sharedBytes: launch.sharedMemoryBytesPerBlock, keptBytes: resources.sharedMemoryBytes == nil ? kept : 0,
                reason: "\(error)")
        }
        return launch
    }
}

extension MachineDescription {
    /// The occupancy of a launch on this machine's SMs.
    func occupancy(of launch: KernelLaunch) throws(MachineError) -> Occupancy {
        try occupancy(
            threadsPerBlock: launch.threadsPerBlock, registersPerThread: launch.registersPerThread,
            sharedMemoryBytesPerBlock: launch.sharedMemoryBytesPerBlock)
    }
}
