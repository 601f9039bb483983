import Machine
import Runs

/// A validation with its machine and its cost.
package struct ValidationResult: Sendable {
    package let validation: Validation
    package let machine: MachineDescription
    /// The cost of the run; nil if reports must compare byte for byte.
    package let cost: RunCost?

    package init(validation: Validation, machine: MachineDescription, cost: RunCost?) {
        self.validation = validation
        self.machine = machine
        self.cost = cost
    }

    /// The 32-byte sectors that the launches' warp requests ask for. Each launch counts once.
    package var sectorRequests: UInt64 {
        validation.launches.reduce(0) { sum, launch in
            sum + UInt64(launch.columns.first { $0.name == "l1_sectors" }?.predicted ?? 0)
        }
    }
}
