import Trace

/// The launches of the microbenchmarks that were run on a real H200, as programs for the simulator.
///
/// *Source:* hardware/README.md describes them; their counters are in docs/validation.
package enum Microbenchmarks {
    private static let base: UInt64 = 1 << 30

    private static func launch(
        _ name: String, blocks: Int, threads: Int, bytes: Int, sharedMemoryBytes: Int = 0, registers: Int = 32
    ) -> KernelLaunch {
        KernelLaunch(
            kernel: name, grid: Grid(x: blocks), threadsPerBlock: threads, registersPerThread: registers,
            sharedMemoryBytesPerBlock: sharedMemoryBytes,
            tensors: [Tensor(name: "buffer", baseAddress: base, byteCount: UInt64(bytes), elementType: "f32")])
    }

    /// `bytes` contiguous bytes from `offset`, each lane taking 16.
    private static func run(_ kind: AccessKind, offset: Int, bytes: Int) -> Operation {
        .tile(
            TileAccess(
                kind: kind, tensor: 0, elementBytes: 4, address: base + UInt64(offset), rows: 1, rowBytes: bytes, pitchBytes: bytes,
                requestRows: 1, lanesPerRow: 32, laneBytes: 16, laneStrideBytes: 16))
    }

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

    /// `bytes` read or written once in tiles of one 16-byte access a thread, grid-stride over `blocks` blocks.
    package static func stream(_ kind: AccessKind, bytes: Int, blocks: Int, threads: Int) -> SyntheticSource {
        let unit = threads * 16
        let units = bytes / unit
        return SyntheticSource(
            launch: launch(kind.isRead ? "read" : "write", blocks: blocks, threads: threads, bytes: bytes)
        ) { block, program in
            var position = block
            while position < units {
                for _ in 0..<4 where position < units {
                    program.operations.append(run(kind, offset: position * unit, bytes: unit))
                    position += blocks
                }
                program.operations.append(.awaitLoads)
                program.operations.append(.compute(ComputeWork(instructions: 12)))
            }
        }
    }

    /// Four bytes read or written every `stride` bytes of `bytes`.
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
