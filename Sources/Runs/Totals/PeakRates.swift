import Machine
import Trace

/// The peak rates of a machine's pipes and its memory per second at one clock, and the ridges between them. A ridge is
/// the number of operations per HBM byte from which on the peak of the pipes, and not that of the memory, bounds a
/// kernel.
package struct PeakRates: Equatable, Sendable {
    /// Operations of the tensor cores on two-byte elements. A multiply-add is two operations. Infinite if products cost
    /// nothing.
    package let tensorOperationsPerSecond: Double
    /// Lanes of fp32 instructions. The pipe takes an instruction as often as a scheduler issues one. The other vector
    /// pipes therefore cannot add to the rate.
    package let vectorOperationsPerSecond: Double
    /// HBM bytes at the pins.
    package let hbmBytesPerSecond: Double

    /// Threads of a warp. A vector instruction has this many operations.
    package static let lanes = 32

    /// - Parameter clockHertz: the launch's clock; nil for that of launches with tensor instructions.
    package init(machine: MachineDescription, clockHertz: Double? = nil) {
        let clock = clockHertz ?? machine.clockHertz(usesTensorCores: true)
        let schedulerCycles = clock * Double(machine.gpu.smCount * machine.sm.schedulers)
        tensorOperationsPerSecond =
            schedulerCycles * Double(ComputeWork.operationsPerProduct) / machine.sm.productCycles
        vectorOperationsPerSecond = schedulerCycles * Double(Self.lanes) / max(1, machine.sm.fp32InstructionCycles)
        hbmBytesPerSecond = machine.hbm.bytesPerSecond
    }

    /// Tensor operations per HBM byte at the ridge.
    package var tensorRidge: Double { tensorOperationsPerSecond / hbmBytesPerSecond }
    /// Vector operations per HBM byte at the ridge.
    package var vectorRidge: Double { vectorOperationsPerSecond / hbmBytesPerSecond }
}
