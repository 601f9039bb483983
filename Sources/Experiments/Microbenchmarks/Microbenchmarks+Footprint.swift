import Trace

/// Footprints that are read again and again: the capacities of L2 and L1.
extension Microbenchmarks {
    /// A footprint read `passes` times by one block on each SM, past L1. With `moving`, the parts move from SM to SM from pass
    /// to pass (mode1); otherwise each SM always reads its own part (mode0).
    package static func footprint(
        bytes: Int, passes: Int, moving: Bool, multiprocessors: Int
    ) -> SyntheticSource {
        let unit = 16 << 10
        let units = bytes / unit
        return SyntheticSource(
            launch: launch(moving ? "mode1" : "mode0", blocks: multiprocessors, threads: 1024, bytes: bytes)
        ) { block, program in
            for pass in 0..<passes {
                let part = moving ? (block + pass * 61) % multiprocessors : block
                var position = units * part / multiprocessors
                let end = units * (part + 1) / multiprocessors
                while position < end {
                    for _ in 0..<2 where position < end {
                        program.operations.append(run(.copyBypass, offset: position * unit, bytes: unit))
                        position += 1
                    }
                    program.operations.append(.commitGroup)
                    program.operations.append(.awaitGroups(pending: 0))
                    program.operations.append(.compute(ComputeWork(instructions: 24)))
                }
            }
        }
    }

    /// Every SM reads the same `bytes` through L1, `passes` times.
    package static func l1Footprint(bytes: Int, passes: Int, multiprocessors: Int) -> SyntheticSource {
        let unit = 16 << 10
        return SyntheticSource(
            launch: launch("l1foot", blocks: multiprocessors, threads: 1024, bytes: bytes)
        ) { _, program in
            for _ in 0..<passes {
                var offset = 0
                while offset < bytes {
                    program.operations.append(run(.load, offset: offset, bytes: min(unit, bytes - offset)))
                    program.operations.append(.awaitLoads)
                    offset += unit
                }
            }
        }
    }
}
