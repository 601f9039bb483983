import Kernels
import Testing
import Trace

/// Mamba-1's kernels against the counters of one H200. *Source:* docs/validation/h200_others.csv, cold counters.
@Suite struct Mamba1MeasuredTests {
    /// One launch of the table.
    struct Row: Sendable {
        var kernel: String
        var shape: Mamba1Shape
        /// Blocks that ask for what all others ask for, or whose like repeat evenly: rows of channels change their
        /// place within a sector every other channel, tiles at the sequence's start lack what is before it.
        var blocks: Int
        var grid: Grid
        var threads: Int
        var registers: Int
        /// Without the hardware's 1,024 bytes.
        var shared: Int
        /// Load requests and sectors, store requests and sectors, sectors of reductions, local loads and local stores.
        var counts: [Int]
        /// Warp instructions, and those of the XU, ALU and FMA pipes.
        var instructions: [Double]
    }

    private static func scan(_ batch: Int, _ dim: Int, _ length: Int, gate: Bool) -> Mamba1Shape {
        var shape = Mamba1Shape(batch: batch, dim: dim, sequenceLength: length)
        shape.hasGate = gate
        return shape
    }

    private static func convolution(_ batch: Int, _ dim: Int, _ length: Int, isChannelLast: Bool) -> Mamba1Shape {
        var shape = Mamba1Shape(batch: batch, dim: dim, sequenceLength: length)
        shape.isChannelLast = isChannelLast
        return shape
    }

    static let rows = [
        Row(
            kernel: "sel_scn_fwd", shape: scan(2, 5120, 2048, gate: true), blocks: 4, grid: Grid(x: 2, y: 5120),
            threads: 128,
            registers: 128, shared: 10560, counts: [3_604_480, 46_612_480, 327_680, 2_785_280, 0, 0, 0],
            instructions: [227_491_840, 12_574_720, 75_284_480, 102_031_360]),
        Row(
            kernel: "sel_scn_bwd", shape: scan(2, 5120, 2048, gate: true), blocks: 4, grid: Grid(x: 2, y: 5120),
            threads: 128,
            registers: 168, shared: 34640,
            counts: [3_850_240, 50_544_640, 245_760, 3_932_160, 83_927_040, 105_676_800, 47_677_440],
            instructions: [676_372_480, 13_885_440, 161_832_960, 270_878_720]),
        Row(
            kernel: "sel_scn_fwd", shape: scan(1, 4096, 1000, gate: false), blocks: 2, grid: Grid(x: 1, y: 4096),
            threads: 64,
            registers: 166, shared: 6304, counts: [4_603_904, 11_079_680, 196_608, 387_072, 0, 0, 0],
            instructions: [78_872_576, 2_252_800, 30_900_224, 23_871_488]),
        Row(
            kernel: "sel_scn_bwd", shape: scan(1, 4096, 1000, gate: false), blocks: 2, grid: Grid(x: 1, y: 4096),
            threads: 64,
            registers: 254, shared: 20160, counts: [4_866_048, 11_722_752, 262_144, 643_072, 16_400_384, 0, 0],
            instructions: [155_877_376, 2_514_944, 41_246_720, 62_832_640]),
        Row(
            kernel: "conv1d_fwd", shape: convolution(1, 10240, 4096, isChannelLast: true), blocks: 64,
            grid: Grid(x: 1, y: 64, z: 160), threads: 128, registers: 48, shared: 9648,
            counts: [378_720, 3_438_720, 163_840, 2_621_440, 0, 0, 0],
            instructions: [25_763_680, 2_621_440, 7_710_720, 9_625_600]),
        Row(
            kernel: "conv1d_bwd", shape: convolution(1, 10240, 4096, isChannelLast: true), blocks: 32,
            grid: Grid(x: 1, y: 32, z: 160), threads: 128, registers: 168, shared: 38160,
            counts: [444_960, 5_769_600, 163_840, 2_621_440, 696_320, 0, 0],
            instructions: [46_648_320, 2_744_320, 9_717_920, 26_398_720]),
        Row(
            kernel: "conv1d_fwd", shape: convolution(2, 5120, 2048, isChannelLast: false), blocks: 2,
            grid: Grid(x: 2, y: 5120), threads: 128, registers: 32, shared: 2048,
            counts: [286_720, 1_515_520, 81_920, 1_310_720, 0, 0, 0],
            instructions: [13_516_800, 1_310_720, 4_096_000, 4_997_120]),
        Row(
            kernel: "conv1d_bwd", shape: convolution(2, 5120, 2048, isChannelLast: false), blocks: 2,
            grid: Grid(x: 2, y: 5120), threads: 128, registers: 40, shared: 6144,
            counts: [378_880, 2_836_480, 81_920, 1_310_720, 51_200, 0, 0],
            instructions: [30_126_080, 1_310_720, 5_918_720, 14_028_800]),
    ]

    @Test(arguments: rows.indices)
    func `Every launch asks for what the H200 counted`(_ index: Int) throws {
        let row = Self.rows[index]
        let counts = try RequestCounts(
            try Mamba1Kernels.makeSource(kernel: row.kernel, shape: row.shape), blocks: row.blocks)
        #expect(
            [
                counts.loadRequests, counts.loadSectors, counts.storeRequests, counts.storeSectors,
                counts.reductionSectors,
                counts.localLoadSectors, counts.localStoreSectors,
            ] == row.counts)
    }

    @Test(arguments: rows.indices)
    func `Grid, threads, registers and shared memory are the launched ones`(_ index: Int) throws {
        let row = Self.rows[index]
        let launch = try Mamba1Kernels.makeSource(kernel: row.kernel, shape: row.shape).launch
        #expect(launch.grid == row.grid)
        #expect(launch.threadsPerBlock == row.threads)
        #expect(launch.registersPerThread == row.registers)
        #expect(launch.sharedMemoryBytesPerBlock == row.shared)
        #expect(!launch.resourcesAreEstimated)
    }

    /// Percent that a launch's instructions may be off: all, XU, ALU, FMA.
    private static let tolerances = [5.0, 1, 12, 8]

    @Test(arguments: rows.indices)
    func `Instructions are near the measured ones`(_ index: Int) throws {
        let row = Self.rows[index]
        var source = try Mamba1Kernels.makeSource(kernel: row.kernel, shape: row.shape)
        var program = BlockProgram()
        var sums = [0.0, 0, 0, 0]
        for block in 0..<row.blocks {
            try source.loadProgram(ofBlock: block, into: &program)
            for case .compute(let work) in program.operations {
                for (place, count) in [work.instructions, work.special, work.alu, work.fp32].enumerated() {
                    sums[place] += Double(count)
                }
            }
        }
        let scale = Double(source.launch.grid.blockCount / row.blocks * source.launch.warpsPerBlock)
        for (place, tolerance) in Self.tolerances.enumerated() {
            let error = 100 * (sums[place] * scale / row.instructions[place] - 1)
            #expect(abs(error) < tolerance, "class \(place) of \(row.kernel) off by \(error) %")
        }
    }
}
