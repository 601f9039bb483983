import Machine
import Trace

/// The most that a machine's pipes and its memory do in a second at one clock, and the ridges between them: from so
/// many operations per HBM byte on, the pipes' peak and not the memory's bounds a kernel.
package struct PeakRates: Equatable, Sendable {
    /// Operations of the tensor cores on two-byte elements, two a multiply-add; infinite where products cost nothing.
    package let tensorOperationsPerSecond: Double
    /// Lanes of fp32 instructions. The pipe takes an instruction as often as a scheduler issues one, so that
    /// the other vector pipes cannot add to it.
    package let vectorOperationsPerSecond: Double
    /// HBM bytes at the pins.
    package let hbmBytesPerSecond: Double

    /// Threads of a warp: operations of a vector instruction.
    package static let lanes = 32

    /// - Parameter clockHertz: the launch's clock; nil takes that of launches with tensor instructions.
    package init(machine: MachineDescription, clockHertz: Double? = nil) {
        let clock = clockHertz ?? machine.clockHertz(usesTensorCores: true)
        let schedulerCycles = clock * Double(machine.gpu.smCount * machine.sm.schedulers)
        tensorOperationsPerSecond =
            schedulerCycles * Double(ComputeWork.operationsPerProduct) / machine.sm.productCycles
        vectorOperationsPerSecond = schedulerCycles * Double(Self.lanes) / max(1, machine.sm.fp32InstructionCycles)
        hbmBytesPerSecond = machine.hbm.bytesPerSecond
    }

    /// Tensor operations per HBM byte.
    package var tensorRidge: Double { tensorOperationsPerSecond / hbmBytesPerSecond }
    /// Vector operations per HBM byte.
    package var vectorRidge: Double { vectorOperationsPerSecond / hbmBytesPerSecond }
}
