import Machine
import Simulator

/// The most bytes that a machine's L2 slices deliver: slices times bytes a cycle (`l2.slices`, `l2.sliceBandwidth`), at
/// the clock of a launch.
package struct L2Limit: Equatable, Sendable {
    /// Bytes of all slices together in a cycle.
    package let bytesPerCycle: Double
    private let sectorBytes: Double

    package init(machine: MachineDescription) {
        bytesPerCycle = Double(machine.l2.slices) * machine.l2.sliceBytesPerCycle
        sectorBytes = Double(machine.l2.sectorBytes)
    }

    /// Bytes of the sectors that the slices look up. A sector that crosses between partitions counts in both.
    package func bytes(_ counters: Counters) -> Double { Double(counters.l2Sectors) * sectorBytes }

    /// Bytes that the slices could deliver over a launch's duration.
    package func mostBytes(of result: LaunchResult) -> Double {
        bytesPerCycle * result.durationNanoseconds * 1e-9 * result.meanClockHertz
    }
}
