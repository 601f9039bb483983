import Trace

/// Buffers that many blocks read or write once or a few times.
extension Microbenchmarks {
    /// Accesses of each thread before it waits for them.
    ///
    /// The number is assumed. 16 blocks of 128 threads read 270 GB/s. Four 16-byte loads per thread reach that with a
    /// latency of 960 cycles. Two or three loads would need latencies below the measured ones.
    static let accessesInFlight = 4

    /// The number of groups of copies in which a block's warps take turns. Blocks move as one in the simulator, but
    /// each warp of a real kernel moves on its own. Each group therefore waits only for the copies that it requested a
    /// round ago. The engine follows at most this many groups of a block.
    private static func groups(threads: Int) -> Int { min(16, max(1, threads / 32)) }

    /// `bytes` bytes read once, 16 bytes per thread, or written once, grid-stride over `blocks` blocks.
    /// - Parameter offset: bytes at the front of the buffer that are skipped.
    package static func stream(
        _ kind: AccessKind, bytes: Int, blocks: Int, threads: Int, offset: Int = 0
    ) -> SyntheticSource {
        let unit = threads * 16
        let units = bytes / unit
        return SyntheticSource(
            launch: launch(kind.isRead ? "read" : "write", blocks: blocks, threads: threads, bytes: offset + bytes)
        ) { block, program in
            guard !kind.isAsynchronous else {
                roll(
                    kind, block: block, blocks: blocks, threads: threads, units: units, offset: offset, storesAt: nil,
                    into: &program)
                return
            }
            var position = block
            while position < units {
                for _ in 0..<accessesInFlight where position < units {
                    program.operations.append(run(kind, offset: offset + position * unit, bytes: unit))
                    position += blocks
                }
                program.operations.append(.awaitLoads)
                program.operations.append(.compute(ComputeWork(instructions: 12)))
            }
        }
    }

    /// `bytes` bytes read and written to a second buffer behind the first, grid-stride over `blocks` blocks.
    package static func copy(bytes: Int, blocks: Int, threads: Int) -> SyntheticSource {
        SyntheticSource(launch: launch("copy", blocks: blocks, threads: threads, bytes: 2 * bytes)) { block, program in
            roll(
                .copyThroughL1, block: block, blocks: blocks, threads: threads, units: bytes / (threads * 16),
                offset: 0,
                storesAt: bytes, into: &program)
        }
    }

    /// Reads of groups of warps in turn. If `storesAt` is given, stores of the read values follow each of them.
    private static func roll(
        _ kind: AccessKind, block: Int, blocks: Int, threads: Int, units: Int, offset: Int, storesAt: Int?,
        into program: inout BlockProgram
    ) {
        let unit = threads * 16
        let count = groups(threads: threads)
        let part = unit / count
        let rounds = Array(Swift.stride(from: block, to: units, by: blocks * accessesInFlight))
        func each(_ round: Int, _ group: Int, _ body: (Int) -> Void) {
            for access in 0..<accessesInFlight {
                let position = rounds[round] + access * blocks
                if position < units { body(offset + position * unit + group * part) }
            }
        }
        for step in 0..<(rounds.count + 1) * count where !rounds.isEmpty {
            let (round, group) = step.quotientAndRemainder(dividingBy: count)
            if round > 0 {
                let pending = round < rounds.count ? count - 1 : count - 1 - group
                program.operations.append(.awaitGroups(pending: UInt32(pending)))
                if let storesAt {
                    each(round - 1, group) {
                        program.operations.append(run(.store, offset: storesAt + $0, bytes: part))
                    }
                }
            }
            guard round < rounds.count else { continue }
            if group == 0 { program.operations.append(.compute(ComputeWork(instructions: 12))) }
            each(round, group) { program.operations.append(run(kind, offset: $0, bytes: part)) }
            program.operations.append(.commitGroup)
        }
    }

    /// `blocks` blocks that read a piece of `bytes` bytes per round and wait for it. All pieces of a round lie side by
    /// side. A block has up to 128 threads with 16 bytes per lane. With `stores`, half as many bytes are stored to a
    /// second buffer before each round.
    package static func rounds(blocks: Int, bytes: Int, rounds: Int, stores: Bool) -> SyntheticSource {
        let all = blocks * bytes * rounds
        return SyntheticSource(
            launch: launch("rounds", blocks: blocks, threads: min(128, bytes / 16), bytes: all + (stores ? all / 2 : 0))
        ) { block, program in
            for round in 0..<rounds {
                let piece = round * blocks + block
                if stores { program.operations.append(run(.store, offset: all + piece * bytes / 2, bytes: bytes / 2)) }
                program.operations.append(run(.load, offset: piece * bytes, bytes: bytes))
                program.operations.append(.awaitLoads)
                program.operations.append(.barrier)
                program.operations.append(.compute(ComputeWork(instructions: 12)))
            }
        }
    }

    /// Four bytes read or written every `stride` bytes of `bytes`. Blocks have 256 threads with eight accesses each.
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
                            rowBytes: 4, pitchBytes: stride, requestRows: 32, lanesPerRow: 1, laneBytes: 4,
                            laneStrideBytes: 4)))
            }
            program.operations.append(.awaitLoads)
        }
    }

    /// Four-byte additions to all of `bytes`, `sweeps` times.
    ///
    /// The launch is assumed: up to 4096 blocks of 256 threads, each sweeping its own part. A quarter of them is
    /// resident. This explains why 64 MiB are read from memory once and 256 MiB nearly four times.
    package static func additions(bytes: Int, sweeps: Int) -> SyntheticSource {
        let threads = 256
        let unit = threads * 4
        let blocks = min(4096, bytes / unit)
        let unitsPerBlock = bytes / unit / blocks
        return SyntheticSource(launch: launch("redadd", blocks: blocks, threads: threads, bytes: bytes)) {
            block, program in
            for _ in 0..<sweeps {
                for position in 0..<unitsPerBlock {
                    let offset = (block * unitsPerBlock + position) * unit
                    program.operations.append(run(.reduction, offset: offset, bytes: unit, laneBytes: 4))
                    program.operations.append(.compute(ComputeWork(instructions: 6)))
                }
            }
        }
    }
}
