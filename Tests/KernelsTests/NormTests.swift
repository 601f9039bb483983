import Kernels
import Testing
import Trace

/// A launch of the gated norm as Nsight Compute counted it on an H200. *Source:* h200_others.csv, rmsnorm_gated_fwd and
/// rmsnorm_gated_bwd: grid_x, grid_y, threads_per_block, registers_per_thread, shared_bytes_per_block less the
/// hardware's 1024, l1_ld_requests, l1_ld_sectors, l1_st_requests, l1_st_sectors, warp_instructions, xu_warp_inst,
/// alu_warp_inst, fma_warp_inst.
private struct MeasuredNorm: CustomStringConvertible, Sendable {
    let kernel: String
    let shape: GatedNormShape
    let grid: Grid
    let threads: Int
    let registers: Int
    let sharedMemoryBytes: Int
    /// Load requests and sectors, store requests and sectors.
    let requests: [Int]
    /// All warp instructions, then those of the XU, ALU and FMA pipes.
    let instructions: [Double]

    init(
        _ kernel: String, _ rows: Int, _ columns: Int, _ group: Int, _ launch: [Int], _ requests: [Int],
        _ instructions: [Double]
    ) {
        self.kernel = kernel
        shape = GatedNormShape(rows: rows, columns: columns, groupSize: group)
        grid = Grid(x: launch[0], y: launch[1])
        (threads, registers, sharedMemoryBytes) = (launch[2], launch[3], launch[4])
        self.requests = requests
        self.instructions = instructions
    }

    var description: String { "\(kernel) \(shape.rows) x \(shape.columns) in groups of \(shape.groupSize)" }

    static let all = [
        MeasuredNorm(
            "ln_gated_fwd", 4096, 8192, 1024, [4096, 8, 128, 31, 16], [393216, 6291456, 163840, 2129920],
            [39059456, 2490368, 13893632, 15204352]),
        MeasuredNorm(
            "ln_gated_bwd", 4096, 8192, 1024, [17, 8, 128, 95, 4096], [524832, 6431232, 263232, 4211712],
            [44507392, 2228224, 13277984, 25306688]),
        MeasuredNorm(
            "ln_gated_fwd", 8192, 5120, 5120, [8192, 1, 256, 50, 32], [491520, 7864320, 172032, 2629632],
            [58392576, 4390912, 22740992, 26804224]),
        MeasuredNorm(
            "ln_gated_bwd", 8192, 5120, 5120, [132, 1, 256, 255, 8192], [559696, 7972096, 332960, 5327360],
            [78106176, 4259840, 22493984, 47316992]),
    ]
}

@Suite struct NormTests {
    private func counts(_ kernel: String, _ shape: GatedNormShape) throws -> RequestCounts {
        try RequestCounts(NormKernels.makeSource(kernel: kernel, shape: shape))
    }

    @Test("Requests and sectors are those that the H200 counted", arguments: MeasuredNorm.all)
    fileprivate func requests(launch: MeasuredNorm) throws {
        let counts = try counts(launch.kernel, launch.shape)
        #expect(
            [counts.loadRequests, counts.loadSectors, counts.storeRequests, counts.storeSectors] == launch.requests)
    }

    @Test("Grid, threads, registers and shared memory are those of the measured launch", arguments: MeasuredNorm.all)
    fileprivate func resources(launch: MeasuredNorm) throws {
        let made = try NormKernels.makeSource(kernel: launch.kernel, shape: launch.shape).launch
        #expect(made.grid == launch.grid && made.threadsPerBlock == launch.threads)
        #expect(made.registersPerThread == launch.registers && !made.resourcesAreEstimated)
        #expect(made.sharedMemoryBytesPerBlock == launch.sharedMemoryBytes)
    }

    @Test(
        "Instructions agree with the counters within 2 %, by pipe within 5 %, special functions exactly",
        arguments: MeasuredNorm.all)
    fileprivate func instructions(launch: MeasuredNorm) throws {
        let work = try Self.work(NormKernels.makeSource(kernel: launch.kernel, shape: launch.shape))
        #expect(abs(work.all / launch.instructions[0] - 1) < 0.02)
        #expect(work.special == launch.instructions[1])
        #expect(abs(work.alu / launch.instructions[2] - 1) < 0.05)
        #expect(abs(work.fp32 / launch.instructions[3] - 1) < 0.05)
    }

    /// Warp instructions of a whole launch.
    private static func work(
        _ source: any KernelGenerator
    ) throws -> (all: Double, special: Double, alu: Double, fp32: Double) {
        var source = source
        var program = BlockProgram()
        var sum = (all: 0.0, special: 0.0, alu: 0.0, fp32: 0.0)
        let warps = Double(source.launch.warpsPerBlock)
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            for case .compute(let work) in program.operations {
                sum.all += warps * Double(work.instructions)
                sum.special += warps * Double(work.special)
                sum.alu += warps * Double(work.alu)
                sum.fp32 += warps * Double(work.fp32)
            }
        }
        return sum
    }

    private typealias Change = @Sendable (inout GatedNormShape) -> Void

    /// Columns, options, and the instructions of one block by disassembly of the compiled kernel (Triton 3.6.0, sm_90):
    /// all in all for the forward kernel; before the loop, a row and after it for the backward one.
    private static let compiled: [(columns: Int, change: Change, forward: Int, backward: [Int])] = [
        (1024, { $0.parameterType = .f32 }, 288, [94, 343, 33]),
        (1024, { ($0.elementType, $0.parameterType) = (.f32, .f32) }, 271, [87, 314, 17]),
        (8192, { ($0.elementType, $0.parameterType) = (.f32, .f32) }, 799, [162, 1176, 35]),
        (1024, { $0.isRMS = false }, 334, [108, 378, 35]),
        (1024, { $0.hasBias = true }, 307, [111, 353, 56]),
        (1024, { $0.hasGate = false }, 163, [89, 146, 33]),
        (1024, { $0.normBeforeGate = true }, 297, [117, 332, 33]),
        (8192, { $0.hasGate = false }, 375, [163, 424, 60]),
        (8192, { $0.isRMS = false }, 950, [178, 1285, 69]),
        (8192, { $0.normBeforeGate = true }, 892, [178, 1156, 60]),
        (8192, { ($0.recomputesOutput, $0.normBeforeGate) = (true, true) }, 892, [181, 1250, 60]),
        // Compiled for sizes that are no multiples of 16: columns move one by one.
        (1023, { _ in }, 369, [132, 454, 36]),
        (4096, { _ in }, 497, [120, 627, 38]),
        (2048, { _ in }, 300, [103, 345, 33]),
        (256, { _ in }, 277, [93, 321, 52]),
        (128, { _ in }, 182, [85, 193, 14]),
    ]

    @Test(
        "Instructions of other sizes and options are within 8 % of the compiled kernel's", arguments: compiled.indices)
    func compiledInstructions(index: Int) throws {
        let entry = Self.compiled[index]
        func works(_ kernel: String, rows: Int) throws -> [Double] {
            var shape = GatedNormShape(rows: rows, columns: entry.columns, groupSize: entry.columns)
            shape.multiprocessorCount = 1
            entry.change(&shape)
            var source = try NormKernels.makeSource(kernel: kernel, shape: shape)
            var program = BlockProgram()
            try source.loadProgram(ofBlock: 0, into: &program)
            return program.operations.compactMap { operation in
                if case .compute(let work) = operation { Double(work.instructions) } else { nil }
            }
        }
        let forward = try works("ln_gated_fwd", rows: 1).reduce(0, +)
        #expect(abs(forward / Double(entry.forward) - 1) < 0.08)
        let backward = try works("ln_gated_bwd", rows: 1)
        let row = backward.dropFirst().dropLast().reduce(0, +)
        #expect(abs(row / Double(entry.backward[1]) - 1) < 0.08)
        #expect(abs(backward.reduce(0, +) / Double(entry.backward.reduce(0, +)) - 1) < 0.08)
    }
}
