/// Which SM belongs to which GPC and L2 partition, and which SM gets the first blocks. It is `GPCSettings` with its
/// gaps filled.
package struct GPCLayout: Equatable, Sendable {
    /// SM ids of each GPC.
    package let smsOfGPC: [[Int]]
    /// L2 partition of each GPC.
    package let partitionOfGPC: [Int]
    /// GPC of each SM.
    package let gpcOfSM: [Int]
    /// L2 partition of each SM.
    package let partitionOfSM: [Int]
    /// SM ids in the order in which an empty GPU fills with one block an SM.
    package let dispatchOrder: [Int]
    /// `dispatchOrder`, divided into runs of SMs of one GPC. Where a GPC has two runs, the first one gets blocks before
    /// all others.
    package let dispatchRuns: [[Int]]

    /// Fills the gaps of settings that `validate()` has accepted.
    init(_ settings: GPCSettings, smCount: Int, partitions: Int) {
        let count = settings.count
        smsOfGPC =
            settings.members.isEmpty
            ? (0..<count).map { Array(smCount * $0 / count..<smCount * ($0 + 1) / count) } : settings.members
        partitionOfGPC = settings.partitions.isEmpty ? (0..<count).map { $0 * partitions / count } : settings.partitions
        var gpcOfSM = [Int](repeating: 0, count: smCount)
        for (gpc, sms) in smsOfGPC.enumerated() { for sm in sms { gpcOfSM[sm] = gpc } }
        self.gpcOfSM = gpcOfSM
        let partitionOfGPC = partitionOfGPC
        partitionOfSM = gpcOfSM.map { partitionOfGPC[$0] }
        let order = settings.dispatchOrder.isEmpty ? smsOfGPC.flatMap { $0 } : settings.dispatchOrder
        dispatchOrder = order
        var runs: [[Int]] = []
        for sm in order {
            if let last = runs.last?.last, gpcOfSM[last] == gpcOfSM[sm] {
                runs[runs.count - 1].append(sm)
            } else {
                runs.append([sm])
            }
        }
        dispatchRuns = runs
    }
}
