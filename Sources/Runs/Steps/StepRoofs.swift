import Machine

/// The roofs over a training step in floating-point operations, two for a multiply-add, and the ridges between them
/// and the memory's bandwidth.
package struct StepRoofs: Equatable, Sendable {
    /// The tensor cores on two-byte elements. Infinite if products cost nothing.
    package let tensorOperationsPerSecond: Double
    /// The fp32 pipes at the clock of launches without tensor cores. Each lane does a multiply-add.
    package let fp32OperationsPerSecond: Double
    /// HBM bytes at the pins.
    package let hbmBytesPerSecond: Double

    package init(machine: MachineDescription) {
        let rates = PeakRates(machine: machine)
        let fp32 = PeakRates(machine: machine, clockHertz: machine.clockHertz(usesTensorCores: false))
        self.init(
            tensorOperationsPerSecond: rates.tensorOperationsPerSecond,
            fp32OperationsPerSecond: 2 * fp32.vectorOperationsPerSecond, hbmBytesPerSecond: rates.hbmBytesPerSecond)
    }

    package init(tensorOperationsPerSecond: Double, fp32OperationsPerSecond: Double, hbmBytesPerSecond: Double) {
        self.tensorOperationsPerSecond = tensorOperationsPerSecond
        self.fp32OperationsPerSecond = fp32OperationsPerSecond
        self.hbmBytesPerSecond = hbmBytesPerSecond
    }

    /// Operations for each HBM byte from which on the tensor cores' peak, and not the memory's, bounds a step.
    package var tensorRidge: Double { tensorOperationsPerSecond / hbmBytesPerSecond }
    /// The same of the fp32 pipes.
    package var fp32Ridge: Double { fp32OperationsPerSecond / hbmBytesPerSecond }

    /// Whether the memory alone would take longer than the tensor cores alone.
    package func isMemoryBound(_ sums: StepSums) -> Bool { sums.operations < tensorRidge * sums.hbmBytes }

    /// The share of the memory's bandwidth that a step uses on average, in percent.
    package func hbmPercent(_ sums: StepSums) -> Double { 100 * sums.bytesPerSecond / hbmBytesPerSecond }
}
