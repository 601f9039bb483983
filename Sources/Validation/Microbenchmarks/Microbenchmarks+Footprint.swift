import Trace

/// Footprints that are read again and again. They show the capacities of L2 and L1.
extension Microbenchmarks {
    /// Instructions of each warp per 32 KiB of a footprint. With 32 warps on an SM and the time of the port they make
    /// 1130 cycles. That is the rate of the measured footprints that hit: 29 bytes per cycle and SM.
    private static let instructionsPerRound = 26

    /// A footprint that one block on each SM reads `passes` times, past L1. With `moving` the parts move from SM to SM
    /// between passes (mode1). Otherwise each SM always reads its own part (mode0).
    package static func footprint(
        bytes: Int, passes: Int, moving: Bool, multiprocessors: Int
    ) -> SyntheticSource {
        let unit = 4 << 10
        let groups = 8
        let units = bytes / unit
        return SyntheticSource(
            launch: launch(moving ? "mode1" : "mode0", blocks: multiprocessors, threads: 1024, bytes: bytes)
        ) { block, program in
            var step = 0
            for pass in 0..<passes {
                let part = moving ? (block + pass * 61) % multiprocessors : block
                for position in (units * part / multiprocessors)..<(units * (part + 1) / multiprocessors) {
                    if step % groups == 0 {
                        program.operations.append(.compute(ComputeWork(instructions: instructionsPerRound)))
                    }
                    program.operations.append(.awaitGroups(pending: UInt32(groups - 1)))
                    program.operations.append(run(.copyBypass, offset: position * unit, bytes: unit))
                    program.operations.append(.commitGroup)
                    step += 1
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
