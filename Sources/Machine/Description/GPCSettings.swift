/// How SMs are grouped into graphics processing clusters, and in which order they get blocks.
package struct GPCSettings: Equatable, Sendable {
    /// Number of GPCs.
    package var count = 0
    /// SMs of a cluster (CPC) within a GPC.
    package var clusterSize = 0
    /// Least cycles between two requests of a GPC to the L2; 0: no limit.
    package var requestCycles: Double = 0
    /// SM ids of each GPC; empty: SMs are dealt in contiguous, even runs.
    package var members: [[Int]] = []
    /// L2 partition of each GPC; empty: the first half of the GPCs belongs to partition 0, the rest to the last one.
    package var partitions: [Int] = []
    /// SM ids in the order in which an empty GPU fills with one block an SM; empty: GPC after GPC.
    package var dispatchOrder: [Int] = []
}
