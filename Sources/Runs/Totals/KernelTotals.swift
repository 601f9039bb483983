import Kernels
import Simulator

/// The totals of the launches of one kernel in one pass.
package struct KernelTotals: Sendable {
    package let kernel: String
    package let pipes: KernelPipes
    package private(set) var launches = 0
    package private(set) var counters = Counters()
    package private(set) var nanoseconds = 0.0
    /// The clock of the launches in Hz.
    package let clockHertz: Double

    init(_ launch: LaunchTotals) {
        kernel = launch.kernel
        pipes = launch.pipes
        clockHertz = launch.clockHertz
    }

    /// Whether a launch is of this kernel, with the same pipes and the same clock.
    func includes(_ launch: LaunchTotals) -> Bool {
        kernel == launch.kernel && pipes == launch.pipes && clockHertz == launch.clockHertz
    }

    mutating func add(_ launch: LaunchTotals) {
        launches += 1
        counters.add(launch.counters)
        nanoseconds += launch.nanoseconds
    }

    /// Bytes read from HBM and written to it.
    package var hbmBytes: UInt64 { counters.hbmReadBytes + counters.hbmWriteBytes }

    /// Tensor operations per vector operation; nil unless there are both.
    package var tensorToVectorRatio: Double? {
        let (tensor, vector) = (counters.tensorOperations, counters.vectorOperations)
        return tensor > 0 && vector > 0 ? Double(tensor) / Double(vector) : nil
    }

    /// Tensor operations per HBM byte; nil without HBM bytes.
    package var tensorIntensity: Double? { hbmBytes > 0 ? Double(counters.tensorOperations) / Double(hbmBytes) : nil }

    /// Vector operations per HBM byte; nil without HBM bytes.
    package var vectorIntensity: Double? { hbmBytes > 0 ? Double(counters.vectorOperations) / Double(hbmBytes) : nil }
}

extension Counters {
    /// Operations of the vector pipes: one per lane of each fp32, ALU and special-function instruction. Instructions
    /// for addresses and masked lanes are included.
    package var vectorOperations: UInt64 {
        UInt64(PeakRates.lanes) &* (fp32Instructions &+ aluInstructions &+ specialInstructions)
    }
}

extension KernelPipes {
    /// The pipes of a launch: those of its kernel if its source is known, and otherwise those of its counters.
    package init(of result: LaunchResult) {
        let counters = result.counters
        self =
            Registry.kernel(named: result.launch.kernel)?.pipes
            ?? KernelPipes(
                tensorOperations: Double(counters.tensorOperations),
                fp32Operations: Double(counters.fp32Instructions) * Double(PeakRates.lanes))
    }
}
