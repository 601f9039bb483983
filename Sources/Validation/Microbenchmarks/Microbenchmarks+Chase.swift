import Trace

/// Pointer chases of one thread.
extension Microbenchmarks {
    /// `count` different lines of a footprint in random order, or all lines if there are fewer. Equal arguments give
    /// equal lines.
    package static func randomLines(of bytes: Int, count: Int) -> [Int] {
        let lines = bytes / Int(LineGeometry.nvidia.lineBytes)
        var state = UInt64(bytes)
        func next(below limit: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((value ^ (value >> 31)) % UInt64(limit))
        }
        guard count < lines else {
            var all = Array(0..<lines)
            for place in stride(from: lines - 1, to: 0, by: -1) { all.swapAt(place, next(below: place + 1)) }
            return all
        }
        var seen = Set<Int>()
        var result: [Int] = []
        while result.count < count {
            let line = next(below: lines)
            if seen.insert(line).inserted { result.append(line) }
        }
        return result
    }

    /// One thread that reads eight bytes of each of `lines` past L1. Each read starts after the one before.
    package static func chase(lines: [Int], footprintBytes: Int) -> SyntheticSource {
        SyntheticSource(
            launch: launch("chase", blocks: 1, threads: 32, bytes: footprintBytes, sharedMemoryBytes: 200 << 10)
        ) { _, program in
            for line in lines {
                program.laneAddresses.append(base + LineGeometry.nvidia.address(ofLine: UInt64(line)))
                program.operations.append(
                    .lanes(
                        LaneAccess(
                            kind: .copyBypass, tensor: 0, laneBytes: 8, firstLane: program.laneAddresses.count - 1,
                            laneCount: 1)))
                program.operations.append(.commitGroup)
                program.operations.append(.awaitGroups(pending: 0))
            }
        }
    }
}
