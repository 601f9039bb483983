extension MachineSettings {
    /// Checks everything that the simulator relies on: first the range of every field, then how the values must fit
    /// each other.
    /// - Throws: `MachineError.impossible` with the first contradiction found.
    package func validate() throws(MachineError) {
        for field in MachineField.all { try field.checkRange(in: self) }
        try validateSM()
        try validateCaches()
        try validateGPCs()
    }

    private func validateSM() throws(MachineError) {
        try require(
            sm.threadsPerBlock <= sm.threads, "sm.threadsPerBlock",
            "\(sm.threadsPerBlock) exceeds sm.threads = \(sm.threads)",
            "lower it, or raise sm.threads")
        try require(
            sm.registers / sm.schedulers >= sm.registerGranularity, "sm.registers",
            "\(sm.registers) over \(sm.schedulers) schedulers leaves no warp its \(sm.registerGranularity) registers",
            "raise it, or lower sm.schedulers or sm.registerGranularity")
        let steps = sm.carveOutBytes
        try require(!steps.isEmpty, "sm.carveOuts", "the list is empty", "give at least one step, such as [0B]")
        try require(
            zip(steps, steps.dropFirst()).allSatisfy(<), "sm.carveOuts", "the steps do not ascend",
            "sort them and drop repeated ones")
        let largest = steps[steps.count - 1]
        try require(
            largest <= sm.unifiedBytes, "sm.carveOuts",
            "the largest step, \(bytes(largest)), exceeds sm.unifiedCapacity = \(bytes(sm.unifiedBytes))",
            "drop that step, or raise sm.unifiedCapacity")
        let block = (sm.sharedPerBlockBytes + sm.sharedReserveBytes).roundedUp(to: sm.sharedGranularityBytes)
        try require(
            block <= largest, "sm.sharedPerBlock",
            "\(bytes(sm.sharedPerBlockBytes)) and the reserve of \(bytes(sm.sharedReserveBytes)) exceed the largest carve-out, \(bytes(largest))",
            "lower it, or add a carve-out step")
        let leastL1 = sm.unifiedBytes - largest
        let set = l1.lineBytes * l1.ways
        try require(
            leastL1 >= l1.reserveBytes, "l1.reserve",
            "\(bytes(l1.reserveBytes)) exceed the \(bytes(leastL1)) of L1 that the largest carve-out leaves",
            "lower it, raise sm.unifiedCapacity, or drop the largest of sm.carveOuts")
        try require(
            leastL1 - l1.reserveBytes >= set, "l1.ways",
            "\(l1.ways) ways of \(bytes(l1.lineBytes)) exceed the \(bytes(leastL1 - l1.reserveBytes)) of L1 that the largest carve-out and l1.reserve leave",
            "lower l1.ways or l1.reserve, raise sm.unifiedCapacity, or drop the largest of sm.carveOuts")
        try require(
            l1.tagBytes == 0 || l1.tagBytes >= set, "l1.tags",
            "\(bytes(l1.tagBytes)) is less than a set of \(l1.ways) ways of \(bytes(l1.lineBytes))",
            "raise it, lower l1.ways, or use 0B for as many as the carve-out leaves")
    }

    private func validateCaches() throws(MachineError) {
        try validateLine("l1", line: l1.lineBytes, sector: l1.sectorBytes)
        try validateLine("l2", line: l2.lineBytes, sector: l2.sectorBytes)
        try require(
            l1.lineBytes == l2.lineBytes && l1.sectorBytes == l2.sectorBytes, "l1.line",
            "L1 lines of \(bytes(l1.lineBytes)) in sectors of \(bytes(l1.sectorBytes)) differ from the L2's \(bytes(l2.lineBytes)) and \(bytes(l2.sectorBytes))",
            "set l1.line = l2.line and l1.sector = l2.sector")
        let unit = l2.partitions * l2.ways * l2.lineBytes
        let below = l2.capacityBytes / unit * unit
        try require(
            l2.capacityBytes % unit == 0, "l2.capacity",
            "\(bytes(l2.capacityBytes)) is no multiple of \(l2.partitions) partitions x \(l2.ways) ways x \(bytes(l2.lineBytes))",
            "use \(below > 0 ? "\(bytes(below)) or " : "")\(bytes(below + unit))")
        try require(
            l2.slices % l2.partitions == 0, "l2.slices",
            "\(l2.slices) slices do not divide into \(l2.partitions) partitions",
            "use an even number, or one partition")
        try require(
            l2.fetchBytes % l2.sectorBytes == 0 && l2.lineBytes % l2.fetchBytes == 0, "l2.fetch",
            "\(bytes(l2.fetchBytes)) is no whole number of \(bytes(l2.sectorBytes)) sectors that divides a line of \(bytes(l2.lineBytes))",
            "use a multiple of l2.sector that divides l2.line")
        try require(
            l2.homeChunkBytes % l2.lineBytes == 0, "l2.homeChunk",
            "\(bytes(l2.homeChunkBytes)) is no multiple of the line, \(bytes(l2.lineBytes)), so one line would have two homes",
            "use a multiple of l2.line")
        try require(
            hbm.interleaveBytes % l2.lineBytes == 0, "hbm.interleave",
            "\(bytes(hbm.interleaveBytes)) is no multiple of the line, \(bytes(l2.lineBytes)), so one line would lie in two channels",
            "use a multiple of l2.line")
        for (name, near, far) in [
            ("l2", l2.nearLatencyCycles, l2.farLatencyCycles), ("hbm", hbm.nearLatencyCycles, hbm.farLatencyCycles),
        ] {
            try require(
                near <= far, "\(name).farLatency", "\(far) cycles are less than \(name).nearLatency = \(near) cycles",
                "raise it to at least that")
        }
        try require(
            l2.nearLatencyCycles <= hbm.nearLatencyCycles && l2.farLatencyCycles <= hbm.farLatencyCycles,
            "hbm.nearLatency",
            "HBM would answer sooner (\(hbm.nearLatencyCycles) near, \(hbm.farLatencyCycles) far) than an L2 hit (\(l2.nearLatencyCycles), \(l2.farLatencyCycles))",
            "raise hbm.nearLatency and hbm.farLatency, or lower the L2's")
    }

    private func validateLine(_ level: String, line: Int, sector: Int) throws(MachineError) {
        try require(
            line % sector == 0 && line / sector <= 8, "\(level).sector",
            "a line of \(bytes(line)) does not divide into 1 to 8 sectors of \(bytes(sector))",
            "use a divisor of \(level).line of at least an eighth of it")
    }

    private func validateGPCs() throws(MachineError) {
        let count = gpcs.count
        let smCount = gpu.smCount
        try require(
            count <= smCount, "gpcs.count", "\(count) GPCs for \(smCount) SMs leave some empty",
            "use at most gpu.smCount")
        if !gpcs.members.isEmpty {
            try require(
                gpcs.members.count == count, "gpcs.members", "\(gpcs.members.count) lists for gpcs.count = \(count)",
                "give one list a GPC, or [] for even runs")
            try require(
                gpcs.members.allSatisfy { !$0.isEmpty }, "gpcs.members", "one list is empty",
                "give every GPC an SM, or lower gpcs.count")
            try validatePermutation("gpcs.members", gpcs.members.flatMap { $0 })
        }
        if !gpcs.dispatchOrder.isEmpty { try validatePermutation("gpcs.dispatchOrder", gpcs.dispatchOrder) }
        if !gpcs.partitions.isEmpty {
            try require(
                gpcs.partitions.count == count, "gpcs.partitions",
                "\(gpcs.partitions.count) entries for gpcs.count = \(count)",
                "give one entry a GPC, or [] for halves")
            try require(
                gpcs.partitions.allSatisfy { $0 < l2.partitions }, "gpcs.partitions",
                "an entry names partition \(gpcs.partitions.max() ?? 0), but l2.partitions = \(l2.partitions)",
                "number partitions from 0, or use []")
        }
    }

    private func validatePermutation(_ name: String, _ ids: [Int]) throws(MachineError) {
        let smCount = gpu.smCount
        var seen = [Bool](repeating: false, count: smCount)
        for id in ids {
            try require(
                id < smCount, name, "SM \(id) does not exist, the last is \(smCount - 1)",
                "name each SM once, or use []")
            try require(!seen[id], name, "SM \(id) is named twice", "name each SM once, or use []")
            seen[id] = true
        }
        if let missing = seen.firstIndex(of: false) {
            throw .impossible(field: name, reason: "SM \(missing) is missing", cure: "name each SM once, or use []")
        }
    }

    /// Requires a condition. The texts are made only where it fails, because a sweep validates a machine for each
    /// point.
    private func require(
        _ holds: Bool, _ field: @autoclosure () -> String, _ reason: @autoclosure () -> String,
        _ cure: @autoclosure () -> String
    ) throws(MachineError) {
        if !holds { throw .impossible(field: field(), reason: reason(), cure: cure()) }
    }

    private func bytes(_ count: Int) -> String { FieldUnit.bytes.text(Double(count)) }
}
