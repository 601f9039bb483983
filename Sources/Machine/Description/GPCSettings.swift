/// How SMs are grouped into graphics processing clusters, and in which order they get blocks.
package struct GPCSettings: Equatable, Sendable {
    /// Number of GPCs.
    package var count = 0
    /// SMs of a cluster (CPC) within a GPC.
    package var clusterSize = 0
    /// Least cycles between two requests of a GPC to the L2; 0 means no limit.
    package var requestCycles: Double = 0
    /// Bytes a cycle that the L2 sends to the SMs of a GPC. An answer that serves several SMs counts once. 0 means no
    /// limit.
    package var fillBytesPerCycle: Double = 0
    /// SM ids of each GPC. If empty, the SMs are divided into contiguous, even runs.
    package var members: [[Int]] = []
    /// L2 partition of each GPC. If empty, the GPCs are divided evenly among the partitions, in order.
    package var partitions: [Int] = []
    /// SM ids in the order in which an empty GPU fills with one block an SM. If empty, it fills GPC after GPC.
    package var dispatchOrder: [Int] = []
}
