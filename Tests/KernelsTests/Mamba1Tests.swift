import Kernels
import TestSupport
import Testing
import Trace

/// Laws of Mamba-1's generators on random shapes.
@Suite struct Mamba1Tests {
    /// A shape with odd sizes; lengths lie around every change of threads and items, or anywhere.
    private static func shape(_ random: inout SeededGenerator) -> Mamba1Shape {
        let edges = [1, 7, 64, 100, 128, 129, 256, 257, 512, 513, 1000, 1024, 1025, 2048, 2049, 4096]
        let length = random.chance() ? edges.randomElement(using: &random)! : Int.random(in: 1...4500, using: &random)
        let groups = Int.random(in: 1...3, using: &random)
        let dim = groups * Int.random(in: 1...5, using: &random)
        var shape = Mamba1Shape(batch: Int.random(in: 1...3, using: &random), dim: dim, sequenceLength: length)
        shape.groups = groups
        shape.stateDim = Int.random(in: 1...20, using: &random)
        shape.hasGate = random.chance()
        shape.hasSkip = random.chance()
        shape.hasTimeStepBias = random.chance()
        shape.hasSoftplus = random.chance()
        shape.recomputesOutput = random.chance()
        shape.width = Int.random(in: 2...4, using: &random)
        shape.isChannelLast = random.chance()
        if shape.isChannelLast { shape.dim = 8 * Int.random(in: 1...20, using: &random) * groups }
        shape.hasBias = random.chance()
        shape.hasSiLU = random.chance()
        shape.elementType = random.chance() ? .bf16 : .f32
        return shape
    }

    private func elements(of source: any KernelGenerator) -> [String: Int] {
        var sums: [String: Int] = [:]
        var operations: [SourceOperation] = []
        for block in 0..<source.launch.grid.blockCount {
            operations.removeAll()
            source.appendSourceOperations(ofBlock: block, to: &operations)
            for operation in operations {
                sums[source.launch.tensors[operation.tensor].name + (operation.kind == .load ? "" : "="), default: 0] +=
                    operation.elementCount
            }
        }
        return sums.filter { $0.value > 0 }
    }

    /// The closed forms of what each tensor is asked for; a name with `=` is written or added to.
    private func expected(_ kernel: String, _ s: Mamba1Shape) -> [String: Int] {
        let (length, rows) = (s.sequenceLength, s.batch * s.dim)
        let positions = rows * length
        let (states, perState) = (rows * s.stateDim, positions * s.stateDim)
        var sums: [String: Int] = [:]
        switch kernel {
        case "sel_scn_fwd":
            let chunks = length.dividedRoundingUp(by: 2048)
            sums = [
                "u": positions, "delta": positions, "A": states * chunks, "B": perState, "C": perState,
                "out=": positions,
                "x=": 2 * states * chunks, "D": s.hasSkip ? rows : 0, "delta_bias": s.hasTimeStepBias ? rows : 0,
                "z": s.hasGate ? positions : 0, "out_z=": s.hasGate ? positions : 0,
            ]
        case "sel_scn_bwd":
            let chunks = length.dividedRoundingUp(by: 2048)
            let gated = s.hasGate ? positions : 0
            sums = [
                "u": positions, "dout": positions, "delta": (s.hasSoftplus ? 2 : 1) * positions, "A": states * chunks,
                "B": perState, "C": perState, "dB=": perState, "dC=": perState, "x": 2 * states * (chunks - 1),
                "du=": positions, "ddelta=": positions, "dA=": states, "D": s.hasSkip ? rows : 0,
                "dD=": s.hasSkip ? rows : 0, "delta_bias": s.hasTimeStepBias ? rows : 0,
                "ddelta_bias=": s.hasTimeStepBias ? rows : 0, "z": gated, "out": gated, "dz=": gated,
                "out_z=": s.recomputesOutput ? gated : 0,
            ]
        default:
            let isForward = kernel == "conv1d_fwd"
            let halo = s.width - 1
            let chunk = !s.isChannelLast ? 2048 / s.elementType.byteCount : isForward || length <= 128 ? 64 : 128
            let tiles = length.dividedRoundingUp(by: chunk)
            // Positions before and behind each tile, as far as there are any.
            let before = halo * (tiles - 1)
            let behind = (1..<max(2, tiles)).reduce(0) { $0 + (tiles > 1 ? min(halo, length - $1 * chunk) : 0) }
            // A vector of thread 0 before each chunk but the first; element by element no more than the chunk has.
            let vector = 16 / s.elementType.byteCount
            let edges = (1..<max(2, tiles)).reduce(0) {
                $0 + (tiles > 1 ? (length % vector == 0 ? vector : min(vector, length - $1 * chunk)) : 0)
            }
            let times = s.isChannelLast ? tiles : 1
            sums = ["weight": rows * times * s.width, "bias": s.hasBias ? rows * times : 0]
            if isForward {
                sums["x"] = positions + (s.isChannelLast ? rows * before : 0)
                sums["out="] = positions
            } else {
                sums["dout"] = positions + (s.isChannelLast ? rows * behind : 0)
                let around = s.isChannelLast ? before + (s.hasSiLU ? behind : 0) : s.hasSiLU ? edges : 0
                sums["x"] = positions + rows * around
                sums["dx="] = positions
                sums["dweight="] = rows * times * s.width
                sums["dbias="] = s.hasBias ? rows * times : 0
            }
        }
        return sums.filter { $0.value > 0 }
    }

    @Test func `Totals are the closed forms, and programs move the same bytes within their tensors`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<24 {
            let shape = Self.shape(&random)
            try shape.validate()
            for kernel in Mamba1Kernels.kernels {
                let source = try Mamba1Kernels.makeSource(kernel: kernel, shape: shape)
                let sums = elements(of: source)
                #expect(sums == expected(kernel, shape), "seed \(seed), \(kernel), \(shape)")
                #expect(try bytes(of: source) == sourceBytes(of: source), "seed \(seed), \(kernel), \(shape)")
            }
        }
    }

    /// Bytes of each tensor that the programs ask for; local memory is none of the source's.
    private func bytes(of source: any KernelGenerator) throws -> [Int] {
        var source = source
        let tensors = source.launch.tensors
        var sums = Array(repeating: 0, count: tensors.count)
        var program = BlockProgram()
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            for case .tile(let tile) in program.operations {
                let tensor = tensors[Int(tile.tensor)]
                let end = tile.address + UInt64(Int(tile.rows) - 1) * UInt64(tile.pitchBytes) + UInt64(tile.rowBytes)
                #expect(tile.address >= tensor.baseAddress && end <= tensor.baseAddress + tensor.byteCount)
                if tensor.name != LocalMemory.tensorName { sums[Int(tile.tensor)] += Int(tile.rows * tile.rowBytes) }
            }
        }
        return sums
    }

    private func sourceBytes(of source: any KernelGenerator) -> [Int] {
        var sums = Array(repeating: 0, count: source.launch.tensors.count)
        var operations: [SourceOperation] = []
        for block in 0..<source.launch.grid.blockCount {
            operations.removeAll()
            source.appendSourceOperations(ofBlock: block, to: &operations)
            for operation in operations { sums[operation.tensor] += operation.elementCount * operation.elementBytes }
        }
        return sums
    }

    @Test func `Requests are vectors where rows are whole chunks, else elements`() throws {
        for (length, lane) in [(128, 8), (256, 16), (512, 16), (1024, 16), (2048, 16), (4096, 16), (130, 2), (2000, 2)]
        {
            let shape = Mamba1Shape(batch: 1, dim: 1, sequenceLength: length)
            var source = try Mamba1Kernels.makeSource(kernel: "sel_scn_fwd", shape: shape)
            var program = BlockProgram()
            try source.loadProgram(ofBlock: 0, into: &program)
            let lanes = program.operations.compactMap { operation -> Int? in
                guard case .tile(let tile) = operation, tile.lanesPerRow == 32 else { return nil }
                return Int(tile.laneBytes)
            }
            #expect(Set(lanes) == [lane], "length \(length)")
        }
        var shape = Mamba1Shape(batch: 1, dim: 1, sequenceLength: 1004)
        let elements = try RequestCounts(try Mamba1Kernels.makeSource(kernel: "conv1d_fwd", shape: shape))
        shape.sequenceLength = 1008
        let vectors = try RequestCounts(try Mamba1Kernels.makeSource(kernel: "conv1d_fwd", shape: shape))
        #expect(elements.storeRequests == 32)
        #expect(vectors.storeRequests == 4)
    }

    @Test func `Only backward scans of 128 threads keep registers in local memory`() throws {
        for length in [128, 256, 512, 1024, 1025, 2048] {
            let source = try Mamba1Kernels.makeSource(
                kernel: "sel_scn_bwd", shape: Mamba1Shape(batch: 1, dim: 1, sequenceLength: length))
            let counts = try RequestCounts(source)
            #expect((counts.localLoadSectors > 0) == (length > 1024))
            #expect((counts.localStoreSectors > 0) == (length > 1024))
        }
    }

    @Test func `Impossible sizes are refused by field`() {
        let changes: [(inout Mamba1Shape) -> Void] = [
            { $0.batch = 0 }, { $0.dim = -1 }, { $0.dim = 65536 }, { $0.sequenceLength = 1 << 40 },
            { $0.stateDim = 257 }, { $0.groups = 3 },
            { $0.width = 5 }, { $0.elementType = .i32 },
            {
                $0.isChannelLast = true
                $0.dim = 20
            },
        ]
        for change in changes {
            var shape = Mamba1Shape(batch: 2, dim: 64, sequenceLength: 100)
            change(&shape)
            #expect(throws: KernelError.self) { try Mamba1Kernels.makeSource(kernel: "conv1d_fwd", shape: shape) }
        }
        #expect(throws: KernelError.unknownKernel(name: "scan", known: Mamba1Kernels.kernels)) {
            try Mamba1Kernels.makeSource(kernel: "scan", shape: Mamba1Shape(batch: 1, dim: 1, sequenceLength: 1))
        }
    }

    @Test func `Presets have twice the model's width`() throws {
        #expect(try Mamba1Preset.named("Mamba-2.8B").shape(batch: 1, sequenceLength: 2048).dim == 5120)
        #expect(Mamba1Preset.all.map(\.dim) == [1536, 2048, 3072, 4096, 5120])
        #expect(throws: KernelError.self) { try Mamba1Preset.named("mamba-3b") }
    }
}

extension SeededGenerator {
    fileprivate mutating func chance() -> Bool { Bool.random(using: &self) }
}
