import TestSupport
import Trace

/// A launch with all its programs in memory.
struct SampleLaunch: BlockProgramSource, Equatable {
    var launch: KernelLaunch
    var programs: [BlockProgram]

    mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program = programs[block]
    }
}

/// Traces to write and read in tests.
enum TraceSamples {
    /// A launch of random programs with every kind of operation; some programs repeat with other addresses.
    static func random(_ generator: inout SeededGenerator, blocks: Int = 40) -> SampleLaunch {
        let tensors = (0..<Int.random(in: 1...5, using: &generator)).map { number in
            Tensor(
                name: "tensor_\(number)_é", baseAddress: UInt64(number) << 32,
                byteCount: UInt64.random(in: 0...1 << 40, using: &generator), elementType: "bf16")
        }
        let threads = Int.random(in: 1...1024, using: &generator)
        let launch = KernelLaunch(
            kernel: "kernel ☃", grid: Grid(x: blocks, y: 1, z: 1),
            threadsPerBlock: threads,
            registersPerThread: Int.random(in: 0...LaunchLimit.registersPerThread(threads: threads), using: &generator),
            sharedMemoryBytesPerBlock: Int.random(in: 0...233_472, using: &generator),
            resourcesAreEstimated: Bool.random(using: &generator), tiling: "M=64 N=128", tensors: tensors)
        var programs: [BlockProgram] = []
        for _ in 0..<blocks {
            if let last = programs.randomElement(using: &generator), Bool.random(using: &generator) {
                programs.append(moved(last, &generator))
            } else {
                programs.append(program(&generator, tensors: tensors.count))
            }
        }
        return SampleLaunch(launch: launch, programs: programs)
    }

    static func program(_ generator: inout SeededGenerator, tensors: Int) -> BlockProgram {
        var program = BlockProgram()
        for _ in 0..<Int.random(in: 0...60, using: &generator) {
            program.laneAddresses.append(
                UInt64.random(in: 0...UInt64.max, using: &generator) >> UInt64.random(in: 0...60, using: &generator))
        }
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            program.operations.append(operation(&generator, tensors: tensors, lanes: program.laneAddresses.count))
        }
        return program
    }

    /// The same program with other addresses, mostly shifted by the same step.
    private static func moved(_ program: BlockProgram, _ generator: inout SeededGenerator) -> BlockProgram {
        var result = program
        let step = UInt64.random(in: 0...4096, using: &generator)
        for index in result.operations.indices {
            switch result.operations[index] {
            case .tile(var tile):
                tile.address &+= Int.random(in: 0..<8, using: &generator) == 0 ? step &* 3 : step
                result.operations[index] = .tile(tile)
            case .signal: result.operations[index] = .signal(flag: UInt32.random(in: 0...UInt32.max, using: &generator))
            case .awaitFlag(_, let count):
                result.operations[index] = .awaitFlag(flag: UInt32.random(in: 0...9, using: &generator), count: count)
            default: break
            }
        }
        for index in result.laneAddresses.indices { result.laneAddresses[index] &+= step }
        return result
    }

    static func operation(_ generator: inout SeededGenerator, tensors: Int, lanes: Int) -> Operation {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        func any32() -> UInt32 { UInt32.random(in: 0...UInt32.max, using: &generator) }
        switch number(0...14) {
        case 0, 1, 2: return .tile(tile(&generator, tensors: tensors))
        case 3, 4:
            let first = number(0...lanes)
            return .lanes(
                LaneAccess(
                    kind: AccessKind.allCases.randomElement(using: &generator) ?? .load,
                    tensor: number(0...tensors - 1),
                    laneBytes: number(1...16), firstLane: first, laneCount: number(0...(lanes - first)),
                    hint: CacheHint.allCases.randomElement(using: &generator) ?? .normal))
        case 5: return .awaitLoads
        case 6: return .commitGroup
        case 7: return .awaitGroups(pending: any32())
        case 8: return .barrier
        case 9:
            return .compute(
                ComputeWork(
                    instructions: number(0...100_000), tensor: number(0...99), fp32: number(0...99),
                    alu: number(0...99),
                    special: number(0...99), memory: number(0...99), shuffle: number(0...99),
                    cycles: number(0...1) * number(0...99_999)))
        case 10: return .invalidateL1
        case 11: return .signal(flag: any32())
        case 12: return .beginProducts(any32())
        case 13: return .awaitProducts(pending: UInt32(number(0...3)))
        default: return .awaitFlag(flag: any32(), count: any32())
        }
    }

    static func tile(_ generator: inout SeededGenerator, tensors: Int) -> TileAccess {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        let laneBytes = [1, 2, 4, 8, 16].randomElement(using: &generator) ?? 4
        let requestRows = number(1...4)
        return TileAccess(
            kind: AccessKind.allCases.randomElement(using: &generator) ?? .load, tensor: number(0...tensors - 1),
            elementBytes: 2, address: UInt64.random(in: 0...1 << 47, using: &generator), rows: number(0...40),
            rowBytes: number(0...300), pitchBytes: number(-2000...2000), requestRows: requestRows,
            lanesPerRow: number(1...32 / requestRows), laneBytes: laneBytes, laneStrideBytes: laneBytes * number(1...4),
            replicas: number(1...4), hint: CacheHint.allCases.randomElement(using: &generator) ?? .normal)
    }

    /// A small trace of two launches and several chunks, with every kind of operation.
    static func small() -> [SampleLaunch] {
        let tensors = [Tensor(name: "x", baseAddress: 0x7000_0000, byteCount: 1 << 20, elementType: "bf16")]
        func tile(_ address: Int) -> Operation {
            .tile(
                TileAccess(
                    kind: .load, tensor: 0, elementBytes: 2, address: 0x7000_0000 + UInt64(address), rows: 4,
                    rowBytes: 64,
                    pitchBytes: 256, requestRows: 2, lanesPerRow: 16, laneBytes: 4, laneStrideBytes: 4))
        }
        var first: [BlockProgram] = []
        for block in 0..<4 {
            var program = BlockProgram()
            program.operations = [tile(block * 512), .awaitLoads, tile(block * 512 + 64), .signal(flag: UInt32(block))]
            if block == 2 { program.operations.append(.barrier) }
            first.append(program)
        }
        var second = BlockProgram()
        second.laneAddresses = [64, 96, 4096, 4100]
        second.operations = [
            .lanes(LaneAccess(kind: .atomic, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 3)),
            .lanes(LaneAccess(kind: .store, tensor: 0, laneBytes: 4, firstLane: 2, laneCount: 2, hint: .evictFirst)),
            .commitGroup, .awaitGroups(pending: 1), .compute(ComputeWork(instructions: 9, fp32: 3)), .invalidateL1,
            .awaitFlag(flag: 1, count: 4), .beginProducts(64), .awaitProducts(pending: 1),
        ]
        return [
            SampleLaunch(launch: launch("a", blocks: 4, tensors: tensors), programs: first),
            SampleLaunch(launch: launch("b", blocks: 1, tensors: tensors), programs: [second]),
        ]
    }

    static func launch(_ kernel: String, blocks: Int, tensors: [Tensor] = []) -> KernelLaunch {
        KernelLaunch(
            kernel: kernel, grid: Grid(x: blocks), threadsPerBlock: 128, registersPerThread: 64,
            sharedMemoryBytesPerBlock: 1024, tensors: tensors)
    }
}
