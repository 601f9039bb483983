import Kernels
import Simulator

/// What the launches of one kernel in one pass add up to.
package struct KernelTotals: Sendable {
    package let kernel: String
    package let pipes: KernelPipes
    package private(set) var launches = 0
    package private(set) var counters = Counters()
    package private(set) var nanoseconds = 0.0
    /// The clock that the launches ran at, in Hz.
    package let clockHertz: Double

    init(_ launch: LaunchTotals) {
        kernel = launch.kernel
        pipes = launch.pipes
        clockHertz = launch.clockHertz
    }

    /// Whether a launch is of this kernel, on the same pipes at the same clock.
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

    /// Tensor operations per vector operation; nil without either.
    package var tensorToVectorRatio: Double? {
        let (tensor, vector) = (counters.tensorOperations, counters.vectorOperations)
        return tensor > 0 && vector > 0 ? Double(tensor) / Double(vector) : nil
    }

    /// Tensor operations per HBM byte; nil without any byte.
    package var tensorIntensity: Double? { hbmBytes > 0 ? Double(counters.tensorOperations) / Double(hbmBytes) : nil }

    /// Vector operations per HBM byte; nil without any byte.
    package var vectorIntensity: Double? { hbmBytes > 0 ? Double(counters.vectorOperations) / Double(hbmBytes) : nil }
}

extension Counters {
    /// Operations of the vector pipes: a lane of each fp32, ALU and special-function instruction, those for addresses
    /// and masked lanes included.
    package var vectorOperations: UInt64 {
        UInt64(PeakRates.lanes) &* (fp32Instructions &+ aluInstructions &+ specialInstructions)
    }
}

extension KernelPipes {
    /// The pipes of a launch: of its kernel where its source is known, else from its counters.
    package init(of result: LaunchResult) {
        let counters = result.counters
        self =
            Registry.kernel(named: result.launch.kernel)?.pipes
            ?? KernelPipes(
                tensorOperations: Double(counters.tensorOperations),
                fp32Operations: Double(counters.fp32Instructions) * Double(PeakRates.lanes))
    }
}
