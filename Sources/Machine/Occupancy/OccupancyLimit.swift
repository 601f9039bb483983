/// The resources of an SM that limit its resident blocks.
package enum OccupancyLimit: String, CaseIterable, Sendable {
    case blocks, warps, registers, sharedMemory = "shared memory"

    /// The unit in which messages count the resource.
    package var unit: String {
        switch self {
        case .blocks: "blocks"
        case .warps: "threads"
        case .registers: "registers"
        case .sharedMemory: "bytes of shared memory"
        }
    }
}
