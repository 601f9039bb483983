extension MachineSettings {
    /// Resets lists of SM ids that a changed number contradicts, unless they are given themselves:
    ///
    /// - A new number of SMs or GPCs clears the members. There are never more GPCs than SMs.
    /// - New members clear the order and the partitions.
    /// - A new number of L2 partitions clears the partitions.
    package mutating func settle(from original: Self, isGiven: (String) -> Bool) {
        if !isGiven("gpcs.count") { gpcs.count = min(gpcs.count, gpu.smCount) }
        let isOther = gpu.smCount != original.gpu.smCount || gpcs.count != original.gpcs.count
        if isOther, !isGiven("gpcs.members") { gpcs.members = [] }
        if isGiven("gpcs.members"), !isGiven("gpcs.count"), !gpcs.members.isEmpty { gpcs.count = gpcs.members.count }
        if gpcs.members != original.gpcs.members {
            if !isGiven("gpcs.dispatchOrder") { gpcs.dispatchOrder = [] }
            if !isGiven("gpcs.partitions") { gpcs.partitions = [] }
        }
        if l2.partitions != original.l2.partitions, !isGiven("gpcs.partitions") { gpcs.partitions = [] }
    }
}
