import Trace

/// Buffers that are read or written once, or a few times, by many blocks.
extension Microbenchmarks {
    /// Accesses of each thread before it waits for them.
    ///
    /// Assumed: 16 blocks of 128 threads read 270 GB/s, which four 16-byte loads per thread reach with a latency of 960
    /// cycles; two or three would need latencies below the measured ones.
    static let accessesInFlight = 4

    /// `bytes` read or written once in tiles of one 16-byte access a thread, grid-stride over `blocks` blocks.
    /// - Parameter offset: bytes of the buffer that are left out in front.
    package static func stream(
        _ kind: AccessKind, bytes: Int, blocks: Int, threads: Int, offset: Int = 0
    ) -> SyntheticSource {
        let unit = threads * 16
        let units = bytes / unit
        return SyntheticSource(
            launch: launch(kind.isRead ? "read" : "write", blocks: blocks, threads: threads, bytes: offset + bytes)
        ) { block, program in
            var position = block
            while position < units {
                for _ in 0..<accessesInFlight where position < units {
                    program.operations.append(run(kind, offset: offset + position * unit, bytes: unit))
                    position += blocks
                }
                if kind.isAsynchronous {
                    program.operations.append(.commitGroup)
                    program.operations.append(.awaitGroups(pending: 0))
                } else {
                    program.operations.append(.awaitLoads)
                }
                program.operations.append(.compute(ComputeWork(instructions: 12)))
            }
        }
    }

    /// `bytes` read and written to a second buffer behind the first, grid-stride over `blocks` blocks.
    package static func copy(bytes: Int, blocks: Int, threads: Int) -> SyntheticSource {
        let unit = threads * 16
        let units = bytes / unit
        return SyntheticSource(
            launch: launch("copy", blocks: blocks, threads: threads, bytes: 2 * bytes)
        ) { block, program in
            var position = block
            while position < units {
                let first = position
                for _ in 0..<accessesInFlight where position < units {
                    program.operations.append(run(.load, offset: position * unit, bytes: unit))
                    position += blocks
                }
                program.operations.append(.awaitLoads)
                for place in Swift.stride(from: first, to: position, by: blocks) {
                    program.operations.append(run(.store, offset: bytes + place * unit, bytes: unit))
                }
                program.operations.append(.compute(ComputeWork(instructions: 16)))
            }
        }
    }

    /// Four bytes read or written every `stride` bytes of `bytes`: blocks of 256 threads with eight accesses each.
    package static func strided(_ kind: AccessKind, stride: Int, bytes: Int) -> SyntheticSource {
        let threads = 256
        let lanes = bytes / stride
        let perBlock = threads * 8
        let blocks = (lanes + perBlock - 1) / perBlock
        return SyntheticSource(
            launch: launch("stride\(stride)", blocks: blocks, threads: threads, bytes: bytes)
        ) { block, program in
            for step in 0..<8 {
                let first = block * perBlock + step * threads
                guard first < lanes else { break }
                let count = min(threads, lanes - first)
                program.operations.append(
                    .tile(
                        TileAccess(
                            kind: kind, tensor: 0, elementBytes: 4, address: base + UInt64(first * stride), rows: count,
                            rowBytes: 4, pitchBytes: stride, requestRows: 32, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4)))
            }
            program.operations.append(.awaitLoads)
        }
    }

    /// Four-byte additions to all of `bytes`, `sweeps` times from front to back without a barrier between the sweeps.
    ///
    /// Assumed: one block of 1024 threads per SM, two at a time, grid-stride. That the sweep is the outer loop follows from
    /// `redadd_256MB_x4`, which reads the buffer nearly four times.
    package static func additions(bytes: Int, sweeps: Int, multiprocessors: Int) -> SyntheticSource {
        let threads = 1024
        let unit = threads * 4
        let units = bytes / unit
        let blocks = 2 * multiprocessors
        return SyntheticSource(
            launch: launch("redadd", blocks: blocks, threads: threads, bytes: bytes)
        ) { block, program in
            for _ in 0..<sweeps {
                for position in Swift.stride(from: block, to: units, by: blocks) {
                    program.operations.append(run(.reduction, offset: position * unit, bytes: unit, laneBytes: 4))
                    program.operations.append(.compute(ComputeWork(instructions: 6)))
                }
            }
        }
    }
}
