import Kernels
import Trace

/// One measured launch: counters per warp, averaged over its blocks (*Source:* h200_tilings.csv and h200_ssd.csv).
struct MeasuredLaunch: Sendable {
    var kernel: String
    var recomputing: Bool
    var shape: SSDShape
    var tiling: Tiling
    var instructions: Double
    var special: Double
    var alu: Double
    var fma: Double
    /// Without the hardware's reserve of 1024 bytes a block.
    var sharedMemoryBytes: Int
    var registers: Int

    init(
        _ kernel: String, _ shape: SSDShape, _ tiling: Tiling, _ instructions: Double, _ special: Double, _ alu: Double,
        _ fma: Double, _ sharedMemoryBytes: Int, _ registers: Int
    ) {
        self.kernel = String(kernel.prefix { $0 != "/" })
        self.recomputing = kernel.hasSuffix("/recomputing")
        self.shape = shape
        self.tiling = tiling
        self.instructions = instructions
        self.special = special
        self.alu = alu
        self.fma = fma
        self.sharedMemoryBytes = sharedMemoryBytes
        self.registers = registers
    }

    /// Trips of the main loop of each block that has work; the launch's blocks are equal but for these.
    var trips: [Double] {
        let lengths = (0..<shape.chunkCount).map { shape.validLength(ofChunk: $0) }
        let rowTiles = tiling.m > 0 ? (shape.chunkSize + tiling.m - 1) / tiling.m : 0
        switch kernel {
        case "ch_state_fwd", "ch_scan_bwd_dstates", "bmm_ch_bwd":
            return lengths.map { ceiling($0, tiling.k) }
        case "bmm_ch_fwd":
            return [ceiling(shape.stateDim, tiling.k)]
        case "ch_scan_fwd":
            return lengths.flatMap { length in
                (0..<rowTiles).map { ceiling(min(($0 + 1) * tiling.m, length), tiling.k) }
            }
        case "ch_scan_ch_state_bwd_dx":
            return lengths.flatMap { length in
                (0..<rowTiles).map { ceiling(max(0, length - $0 * tiling.m), tiling.k) }
            }
        case "ch_scan_bwd_ddacs":
            return (1...rowTiles).map { Double($0 * tiling.m / tiling.n) }
        case "ch_state_bwd_db", "ch_scan_bwd_dc", "ch_scan_bwd_dcb":
            return [headsPerBlock]
        case "state_pass_fwd":
            return [Double(shape.chunkCount)]
        case "state_pass_bwd":
            return [Double(shape.chunkCount - 1)]
        default:
            return [0]
        }
    }

    /// Heads of a block of the kernels that loop over them, averaged over the splits (docs/kernels.md, Backward
    /// kernels).
    private var headsPerBlock: Double {
        let programs = ceiling(shape.batch * shape.chunkCount * shape.heads, shape.multiprocessorCount)
        let heads = max(1, min(Int(programs), shape.headsPerGroup))
        return Double(shape.headsPerGroup) / ceiling(shape.headsPerGroup, heads)
    }

    /// Share of the blocks that have work; those of ch_scan_bwd_dcb above the diagonal have none.
    private var workingShare: Double {
        guard kernel == "ch_scan_bwd_dcb" else { return 1 }
        let (rows, columns) = (shape.chunkSize / tiling.m, shape.chunkSize / tiling.n)
        let working = (0..<rows).map { min(columns, (($0 + 1) * tiling.m + tiling.n - 1) / tiling.n) }
        return Double(working.reduce(0, +)) / Double(rows * columns)
    }

    /// A class of the predicted instructions per warp, averaged over the launch's blocks.
    func predicted(_ part: (ComputeWork) -> UInt32) -> Double {
        let costs = ssdKernel(kernel).stageCosts(tiling: tiling, shape: shape, recomputing: recomputing)
        let meanTrips = trips.reduce(0, +) / Double(trips.count)
        let working = Double(part(costs.prologue)) + meanTrips * Double(part(costs.trip)) + Double(part(costs.epilogue))
        let skipped = Double(part(CostModel.skippedTile(tiling: tiling, shape: shape)))
        return workingShare * working + (1 - workingShare) * skipped
    }

    /// What the model gives the launch's tiling for `shape`.
    func resources(of shape: SSDShape) -> CompiledResources {
        ssdKernel(kernel).resources(tiling: tiling, shape: shape, recomputing: recomputing)
    }

    /// The estimate without the table, which holds no launch with sequence indices.
    var estimatedResources: CompiledResources {
        var indexed = shape
        indexed.hasSequenceIndex = true
        return resources(of: indexed)
    }

    private func ceiling(_ length: Int, _ step: Int) -> Double { Double((length + step - 1) / step) }
}

extension SSDShape {
    static let m27b = SSDShape(
        batch: 1, sequenceLength: 2048, heads: 80, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256)
    static let m8b = SSDShape(
        batch: 1, sequenceLength: 4096, heads: 128, headDim: 64, groups: 8, stateDim: 128, chunkSize: 128)
    static let m8bTwo = SSDShape(
        batch: 2, sequenceLength: 4096, heads: 128, headDim: 64, groups: 8, stateDim: 128, chunkSize: 256)
    static let m130m = SSDShape(
        batch: 8, sequenceLength: 2048, heads: 24, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256)
    static let m13b = SSDShape(
        batch: 4, sequenceLength: 2048, heads: 64, headDim: 64, groups: 1, stateDim: 128, chunkSize: 64)
    static let m780m = SSDShape(
        batch: 2, sequenceLength: 1000, heads: 48, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256)
    static let wide = SSDShape(
        batch: 2, sequenceLength: 4096, heads: 32, headDim: 128, groups: 4, stateDim: 64, chunkSize: 128)
}

/// Kernel, shape, tiling, then per warp: instructions, XU, ALU, FMA; shared memory; registers.
let launches: [MeasuredLaunch] = [
    MeasuredLaunch("ch_cumsum_fwd", .m27b, Tiling(heads: 1, warps: 4, stages: 3), 204, 2, 73, 72, 512, 21),
    MeasuredLaunch("ch_cumsum_fwd", .m27b, Tiling(heads: 2, warps: 4, stages: 3), 279, 4, 106, 108, 1024, 28),
    MeasuredLaunch("ch_cumsum_fwd", .m27b, Tiling(heads: 4, warps: 4, stages: 3), 461, 8, 188, 190, 2048, 31),
    MeasuredLaunch("ch_cumsum_fwd", .m27b, Tiling(heads: 8, warps: 4, stages: 3), 825, 16, 338, 367, 2048, 46),
    MeasuredLaunch("ch_cumsum_fwd", .m27b, Tiling(heads: 16, warps: 4, stages: 3), 1632, 32, 702, 723, 4096, 79),
    MeasuredLaunch("ch_cumsum_fwd", .m27b, Tiling(heads: 32, warps: 4, stages: 3), 3227.33, 64, 1421, 1436, 8192, 166),
    MeasuredLaunch("ch_cumsum_fwd", .m27b, Tiling(heads: 64, warps: 4, stages: 3), 6146.5, 128, 2498, 2859, 8192, 255),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 3095, 38, 1254, 1045, 148480, 249),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 4568, 70, 1508, 1739, 82688, 246),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 3109, 38, 1109, 1081, 66304, 226),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 2217, 22, 808, 575, 49920, 124),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2824, 38, 979, 988, 49920, 128),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 1663, 14, 572, 437, 41728, 72),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 2114, 22, 794, 538, 27648, 121),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 2795, 38, 1005, 872, 29696, 114),
    MeasuredLaunch(
        "ch_state_fwd", .m27b, Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 2988, 38, 970, 959, 29440, 168),
    MeasuredLaunch("state_pass_fwd", .m27b, Tiling(block: 64, warps: 4, stages: 3), 269.5, 8, 59.5, 69, 0, 20),
    MeasuredLaunch("state_pass_fwd", .m27b, Tiling(block: 128, warps: 4, stages: 3), 293, 8, 69, 75, 0, 20),
    MeasuredLaunch("state_pass_fwd", .m27b, Tiling(block: 256, warps: 4, stages: 3), 301, 8, 77, 76, 0, 22),
    MeasuredLaunch("state_pass_fwd", .m27b, Tiling(block: 512, warps: 4, stages: 3), 334, 8, 93, 92, 0, 25),
    MeasuredLaunch("state_pass_fwd", .m27b, Tiling(block: 1024, warps: 4, stages: 3), 475, 8, 121, 131, 2048, 32),
    MeasuredLaunch("state_pass_fwd", .m27b, Tiling(block: 2048, warps: 4, stages: 3), 684, 8, 191, 243, 4096, 48),
    MeasuredLaunch(
        "bmm_ch_fwd", .m27b, Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 1159, 3, 613, 252, 147456, 187),
    MeasuredLaunch(
        "bmm_ch_fwd", .m27b, Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 1335, 3, 716, 237, 81920, 181),
    MeasuredLaunch(
        "bmm_ch_fwd", .m27b, Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 1237, 3, 619, 232, 65536, 168),
    MeasuredLaunch("bmm_ch_fwd", .m27b, Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 915, 3, 423, 156, 49152, 96),
    MeasuredLaunch(
        "bmm_ch_fwd", .m27b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 882, 3, 420, 160, 49152, 105),
    MeasuredLaunch("bmm_ch_fwd", .m27b, Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 800, 3, 322, 146, 40960, 60),
    MeasuredLaunch("bmm_ch_fwd", .m27b, Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 904, 3, 421, 129, 24576, 80),
    MeasuredLaunch("bmm_ch_fwd", .m27b, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 894, 3, 417, 123, 24576, 80),
    MeasuredLaunch(
        "bmm_ch_fwd", .m27b, Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 1078, 3, 486, 171, 24576, 140),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 3628, 88, 1464, 1230, 176896, 235),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 5487, 199, 2404, 1851, 156416, 255),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 4837, 199, 2115, 1612, 123648, 180),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2893, 88, 1211, 932, 111360, 162),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 128, n: 64, k: 64, warps: 4, stages: 4), 4756, 199, 2074, 1715, 198144, 254),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 64, n: 128, k: 64, warps: 4, stages: 4), 2861.5, 88, 1245, 907, 173568, 225),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 4492, 199, 1984, 1544, 107264, 140),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 3900, 167, 1707, 1315, 46080, 199),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 2544, 82, 1046.5, 743.5, 35840, 145),
    MeasuredLaunch(
        "ch_scan_fwd", .m27b, Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 4424, 167, 1773, 1422, 41728, 255),
    MeasuredLaunch("ch_cumsum_fwd", .m8b, Tiling(heads: 16, warps: 4, stages: 3), 784, 16, 323, 363, 4096, 43),
    MeasuredLaunch(
        "ch_state_fwd", .m8b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1732, 22, 627, 592, 49920, 128),
    MeasuredLaunch("state_pass_fwd", .m8b, Tiling(block: 1024, warps: 4, stages: 3), 1675, 32, 433, 467, 2048, 32),
    MeasuredLaunch("bmm_ch_fwd", .m8b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 907, 6, 430, 174, 49152, 108),
    MeasuredLaunch(
        "ch_scan_fwd", .m8b, Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 3248, 103, 1283, 1020, 41728, 255),
    MeasuredLaunch(
        "state_pass_fwd/recomputing", .m8b, Tiling(block: 1024, warps: 4, stages: 3), 1461, 32, 459, 518, 0, 32),
    MeasuredLaunch("ch_cumsum_fwd", .m8bTwo, Tiling(heads: 8, warps: 4, stages: 3), 821, 16, 335, 368, 2048, 44),
    MeasuredLaunch(
        "ch_state_fwd", .m8bTwo, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2860, 41, 992, 1005, 49920, 128),
    MeasuredLaunch("state_pass_fwd", .m8bTwo, Tiling(block: 1024, warps: 4, stages: 3), 875, 16, 225, 243, 2048, 32),
    MeasuredLaunch(
        "bmm_ch_fwd", .m8bTwo, Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 1188, 6, 623, 270, 147456, 189),
    MeasuredLaunch(
        "ch_scan_fwd", .m8bTwo, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 2595, 85, 1043.5, 734.5, 35840, 138),
    MeasuredLaunch(
        "state_pass_fwd/recomputing", .m8bTwo, Tiling(block: 1024, warps: 4, stages: 3), 777, 16, 239, 262, 0, 32),
    MeasuredLaunch(
        "state_pass_fwd/recomputing", .m27b, Tiling(block: 1024, warps: 4, stages: 3), 435, 8, 129, 134, 0, 32),
    MeasuredLaunch("ch_cumsum_fwd", .m130m, Tiling(heads: 2, warps: 4, stages: 3), 309, 4, 125, 125, 1024, 27),
    MeasuredLaunch(
        "ch_state_fwd", .m130m, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2860, 41, 992, 1005, 49920, 128),
    MeasuredLaunch("state_pass_fwd", .m130m, Tiling(block: 1024, warps: 4, stages: 3), 475, 8, 121, 131, 2048, 32),
    MeasuredLaunch(
        "bmm_ch_fwd", .m130m, Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 1159, 3, 613, 252, 147456, 187),
    MeasuredLaunch(
        "ch_scan_fwd", .m130m, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 2595, 85, 1043.5, 734.5, 35840, 138),
    MeasuredLaunch(
        "state_pass_fwd/recomputing", .m130m, Tiling(block: 1024, warps: 4, stages: 3), 435, 8, 129, 134, 0, 32),
    MeasuredLaunch("ch_cumsum_fwd", .m13b, Tiling(heads: 16, warps: 4, stages: 3), 423, 8, 173, 180, 2048, 32),
    MeasuredLaunch(
        "ch_state_fwd", .m13b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1222, 17, 464, 411, 49920, 128),
    MeasuredLaunch("state_pass_fwd", .m13b, Tiling(block: 1024, warps: 4, stages: 3), 1675, 32, 433, 467, 2048, 32),
    MeasuredLaunch("bmm_ch_fwd", .m13b, Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 904, 3, 421, 129, 24576, 80),
    MeasuredLaunch(
        "ch_scan_fwd", .m13b, Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 2722, 74, 1039, 816, 41728, 255),
    MeasuredLaunch(
        "state_pass_fwd/recomputing", .m13b, Tiling(block: 1024, warps: 4, stages: 3), 1461, 32, 459, 518, 0, 32),
    MeasuredLaunch("ch_cumsum_fwd", .m780m, Tiling(heads: 2, warps: 4, stages: 3), 288, 4, 110, 113, 1024, 28),
    MeasuredLaunch(
        "ch_state_fwd", .m780m, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 3127, 41, 1246, 973, 49920, 159),
    MeasuredLaunch("state_pass_fwd", .m780m, Tiling(block: 1024, warps: 4, stages: 3), 275, 4, 69, 75, 2048, 32),
    MeasuredLaunch(
        "bmm_ch_fwd", .m780m, Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 1159, 3, 613, 252, 147456, 187),
    MeasuredLaunch(
        "ch_scan_fwd", .m780m, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 2746.41, 85, 1147, 742.5, 35840, 124),
    MeasuredLaunch(
        "state_pass_fwd/recomputing", .m780m, Tiling(block: 1024, warps: 4, stages: 3), 264, 4, 74, 70, 0, 32),
    MeasuredLaunch("ch_cumsum_fwd", .wide, Tiling(heads: 2, warps: 4, stages: 3), 194, 2, 71, 69, 512, 20),
    MeasuredLaunch(
        "ch_state_fwd", .wide, Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 1512, 17, 554, 371, 49920, 121),
    MeasuredLaunch("state_pass_fwd", .wide, Tiling(block: 1024, warps: 4, stages: 3), 1675, 32, 433, 467, 2048, 32),
    MeasuredLaunch(
        "bmm_ch_fwd", .wide, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 741, 6, 360, 168, 49152, 108),
    MeasuredLaunch(
        "ch_scan_fwd", .wide, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2147, 59, 888, 735, 86784, 163),
    MeasuredLaunch(
        "state_pass_fwd/recomputing", .wide, Tiling(block: 1024, warps: 4, stages: 3), 1461, 32, 459, 518, 0, 32),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 2506, 70, 1016, 846, 131584,
        219),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 2620, 70, 993, 897, 78208, 202),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 2943, 70, 1056, 1123, 57728,
        204),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 2721, 70, 953, 1028, 41344, 127
    ),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2284, 70, 793, 756, 45440, 116),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 2558, 70, 857, 948, 33152, 86),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 2616, 70, 934, 988, 25088, 125),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 2555, 70, 899, 986, 25088, 122),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m27b, Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 3619, 70, 1190, 1487, 24960, 150
    ),
    MeasuredLaunch("state_pass_bwd", .m27b, Tiling(block: 64, warps: 4, stages: 3), 612.5, 7, 141, 194, 8, 32),
    MeasuredLaunch("state_pass_bwd", .m27b, Tiling(block: 128, warps: 4, stages: 3), 637.5, 7, 158, 199, 16, 32),
    MeasuredLaunch("state_pass_bwd", .m27b, Tiling(block: 256, warps: 4, stages: 3), 625.5, 7, 146, 193, 16, 32),
    MeasuredLaunch("state_pass_bwd", .m27b, Tiling(block: 512, warps: 4, stages: 3), 763.5, 7, 210, 239, 16, 32),
    MeasuredLaunch("state_pass_bwd", .m27b, Tiling(block: 1024, warps: 4, stages: 3), 1109.5, 7, 307, 377, 8192, 48),
    MeasuredLaunch("state_pass_bwd", .m27b, Tiling(block: 2048, warps: 4, stages: 3), 1725.5, 7, 528, 659, 16384, 80),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m27b, Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 5534.75, 88, 2202.25,
        1868.25, 176512, 255),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m27b, Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 7710.25, 199, 3207.25,
        2414.25, 156032, 255),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m27b, Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 6138.25, 199, 2580, 1916.5,
        123264, 182),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m27b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 3818.25, 88, 1568, 1270,
        110976, 168),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m27b, Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 5422.75, 199, 2308, 1647,
        106880, 168),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m27b, Tiling(m: 64, n: 32, k: 32, warps: 4, stages: 5), 2839.25, 88, 1192, 834,
        72192, 108),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m27b, Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5), 1992, 46, 755, 545, 35328,
        78),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m27b, Tiling(m: 64, n: 64, k: 32, warps: 4, stages: 4), 3192.25, 88, 1321, 1016,
        78208, 127),
    MeasuredLaunch(
        "ch_state_bwd_db", .m27b, Tiling(m: 32, n: 128, warps: 4, stages: 3), 2304.66, 23, 568, 989, 41472, 218),
    MeasuredLaunch(
        "ch_state_bwd_db", .m27b, Tiling(m: 128, n: 32, warps: 4, stages: 3), 1956.62, 8, 477, 857, 61952, 165),
    MeasuredLaunch(
        "ch_state_bwd_db", .m27b, Tiling(m: 64, n: 128, warps: 4, stages: 3), 2725.31, 13, 688, 1364, 73984, 246),
    MeasuredLaunch(
        "ch_state_bwd_db", .m27b, Tiling(m: 128, n: 64, warps: 4, stages: 3), 2872.62, 8, 704, 1393, 74240, 247),
    MeasuredLaunch(
        "ch_state_bwd_db", .m27b, Tiling(m: 64, n: 64, warps: 4, stages: 3), 1871.31, 13, 478, 823, 49408, 135),
    MeasuredLaunch(
        "ch_state_bwd_db", .m27b, Tiling(m: 64, n: 32, warps: 4, stages: 3), 1330.31, 13, 336, 511, 37120, 96),
    MeasuredLaunch(
        "ch_state_bwd_db", .m27b, Tiling(m: 32, n: 64, warps: 4, stages: 3), 1790.66, 23, 448, 613, 25088, 103),
    MeasuredLaunch(
        "ch_state_bwd_db", .m27b, Tiling(m: 32, n: 32, warps: 4, stages: 3), 1315.66, 13, 321, 423, 16640, 78),
    MeasuredLaunch(
        "ch_scan_bwd_dc", .m27b, Tiling(m: 32, n: 128, warps: 4, stages: 3), 2155.5, 23, 515, 921, 41472, 210),
    MeasuredLaunch("ch_scan_bwd_dc", .m27b, Tiling(m: 128, n: 32, warps: 4, stages: 3), 1935, 8, 471, 818, 61952, 154),
    MeasuredLaunch(
        "ch_scan_bwd_dc", .m27b, Tiling(m: 64, n: 128, warps: 4, stages: 3), 2622, 13, 662, 1327, 73984, 246),
    MeasuredLaunch("ch_scan_bwd_dc", .m27b, Tiling(m: 128, n: 64, warps: 4, stages: 3), 2819, 8, 680, 1370, 74240, 246),
    MeasuredLaunch("ch_scan_bwd_dc", .m27b, Tiling(m: 64, n: 64, warps: 4, stages: 3), 1731, 13, 452, 823, 49408, 152),
    MeasuredLaunch("ch_scan_bwd_dc", .m27b, Tiling(m: 64, n: 32, warps: 4, stages: 3), 1289, 13, 304, 493, 37120, 86),
    MeasuredLaunch(
        "ch_scan_bwd_dc", .m27b, Tiling(m: 32, n: 64, warps: 4, stages: 3), 1633.5, 23, 400, 571, 25088, 100),
    MeasuredLaunch("ch_scan_bwd_dc", .m27b, Tiling(m: 32, n: 32, warps: 4, stages: 3), 1208.5, 13, 302, 403, 16640, 72),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m27b, Tiling(m: 32, n: 128, warps: 4, stages: 3), 2117, 123, 608, 936.25, 41472, 184),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m27b, Tiling(m: 128, n: 32, warps: 4, stages: 3), 2086.5, 123, 615.25, 920, 61952, 135),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m27b, Tiling(m: 64, n: 64, warps: 4, stages: 3), 1716.38, 103, 520.62, 768.38, 49152, 144),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m27b, Tiling(m: 64, n: 32, warps: 4, stages: 3), 1077.88, 53, 306.25, 425.75, 36864, 80),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m27b, Tiling(m: 32, n: 64, warps: 4, stages: 3), 1158.25, 53, 338.88, 448.5, 24576, 80),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m27b, Tiling(m: 32, n: 32, warps: 4, stages: 3), 670.62, 25.5, 185.69, 226.75, 16384, 60),
    MeasuredLaunch(
        "bmm_ch_bwd", .m27b, Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 2468, 3, 954, 741, 163840, 255),
    MeasuredLaunch(
        "bmm_ch_bwd", .m27b, Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 2557, 3, 938, 739, 90112, 255),
    MeasuredLaunch(
        "bmm_ch_bwd", .m27b, Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 2741, 3, 996, 679, 81920, 255),
    MeasuredLaunch(
        "bmm_ch_bwd", .m27b, Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 2087, 3, 752, 379, 65536, 162),
    MeasuredLaunch(
        "bmm_ch_bwd", .m27b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1708, 3, 639, 398, 57344, 162),
    MeasuredLaunch(
        "bmm_ch_bwd", .m27b, Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 1770, 3, 598, 324, 57344, 93),
    MeasuredLaunch(
        "bmm_ch_bwd", .m27b, Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 1846, 3, 667, 315, 40960, 121),
    MeasuredLaunch("bmm_ch_bwd", .m27b, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 1706, 3, 624, 210, 32768, 94),
    MeasuredLaunch(
        "bmm_ch_bwd", .m27b, Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 2575, 3, 873, 432, 36864, 167),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m27b, Tiling(m: 32, n: 32, warps: 4, stages: 3), 1975.75, 39, 664, 589.88, 16384, 72),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m27b, Tiling(m: 64, n: 32, warps: 4, stages: 3), 3482.5, 83, 1216, 1267.25, 28672, 96),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m27b, Tiling(m: 64, n: 64, warps: 4, stages: 3), 3090.75, 83, 1155.25, 1252.5, 49152, 200),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m27b, Tiling(m: 128, n: 32, warps: 4, stages: 3), 7191, 195, 2658, 2980, 45056, 168),
    MeasuredLaunch("ch_cumsum_bwd", .m27b, Tiling(heads: 1, warps: 4, stages: 3), 304.5, 6, 97, 98, 1024, 30),
    MeasuredLaunch("ch_cumsum_bwd", .m27b, Tiling(heads: 2, warps: 4, stages: 3), 465.25, 12, 167, 168.25, 2048, 32),
    MeasuredLaunch("ch_cumsum_bwd", .m27b, Tiling(heads: 4, warps: 4, stages: 3), 750.25, 24, 270, 290.25, 2048, 48),
    MeasuredLaunch("ch_cumsum_bwd", .m27b, Tiling(heads: 8, warps: 4, stages: 3), 1343.25, 48, 481, 566.25, 2048, 72),
    MeasuredLaunch(
        "ch_cumsum_bwd", .m27b, Tiling(heads: 16, warps: 4, stages: 3), 2395.25, 96, 1003, 1034.25, 4096, 144),
    MeasuredLaunch(
        "ch_cumsum_bwd", .m27b, Tiling(heads: 32, warps: 4, stages: 3), 4972.08, 192, 2064, 2070.25, 8192, 255),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m8b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1472, 38, 537, 480, 45440, 116),
    MeasuredLaunch("state_pass_bwd", .m8b, Tiling(block: 512, warps: 4, stages: 3), 2899.5, 31, 810, 959, 16, 32),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m8b, Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5), 1592, 30, 579, 447, 35328, 78
    ),
    MeasuredLaunch(
        "ch_state_bwd_db", .m8b, Tiling(m: 64, n: 128, warps: 4, stages: 3), 6910, 38, 1369, 3859, 73984, 246),
    MeasuredLaunch(
        "ch_scan_bwd_dc", .m8b, Tiling(m: 128, n: 64, warps: 4, stages: 3), 7146, 22, 1269, 3861, 74240, 246),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m8b, Tiling(m: 64, n: 32, warps: 4, stages: 3), 3465, 198, 841.25, 1508.25, 36864, 80),
    MeasuredLaunch(
        "bmm_ch_bwd", .m8b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1286, 6, 496, 371, 57344, 166),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m8b, Tiling(m: 64, n: 32, warps: 4, stages: 3), 2219.5, 51, 784, 791.5, 28672, 96),
    MeasuredLaunch("ch_cumsum_bwd", .m8b, Tiling(heads: 16, warps: 4, stages: 3), 1331.25, 48, 511, 551.25, 4096, 76),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m8bTwo, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2339, 73, 803, 757, 45440,
        116),
    MeasuredLaunch("state_pass_bwd", .m8bTwo, Tiling(block: 512, warps: 4, stages: 3), 1475.5, 15, 410, 479, 16, 32),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m8bTwo, Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5), 2036, 49, 753, 546, 35328,
        78),
    MeasuredLaunch(
        "ch_state_bwd_db", .m8bTwo, Tiling(m: 64, n: 128, warps: 4, stages: 3), 6915, 41, 1373, 3862, 73984, 246),
    MeasuredLaunch(
        "ch_scan_bwd_dc", .m8bTwo, Tiling(m: 128, n: 64, warps: 4, stages: 3), 7155, 25, 1273, 3866, 74240, 246),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m8bTwo, Tiling(m: 64, n: 32, warps: 4, stages: 3), 2974.62, 169, 702.5, 1252, 36864, 80),
    MeasuredLaunch(
        "bmm_ch_bwd", .m8bTwo, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1750, 6, 648, 431, 57344, 166),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m8bTwo, Tiling(m: 64, n: 32, warps: 4, stages: 3), 3348.75, 86, 1241.25, 1198, 28672, 118),
    MeasuredLaunch("ch_cumsum_bwd", .m8bTwo, Tiling(heads: 8, warps: 4, stages: 3), 1337.25, 48, 483, 569.25, 2048, 72),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m130m, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2339, 73, 803, 757, 45440, 116
    ),
    MeasuredLaunch("state_pass_bwd", .m130m, Tiling(block: 512, warps: 4, stages: 3), 763.5, 7, 210, 239, 16, 32),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m130m, Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5), 2036, 49, 753, 546, 35328,
        78),
    MeasuredLaunch(
        "ch_state_bwd_db", .m130m, Tiling(m: 64, n: 128, warps: 4, stages: 3), 5370.75, 30, 1124, 2948, 73984, 244),
    MeasuredLaunch(
        "ch_scan_bwd_dc", .m130m, Tiling(m: 128, n: 64, warps: 4, stages: 3), 5565, 18, 1052, 2974, 74240, 246),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m130m, Tiling(m: 64, n: 32, warps: 4, stages: 3), 2254, 126, 580, 964.38, 36864, 96),
    MeasuredLaunch(
        "bmm_ch_bwd", .m130m, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1708, 3, 639, 398, 57344, 162),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m130m, Tiling(m: 64, n: 32, warps: 4, stages: 3), 3348.75, 86, 1241.25, 1198, 28672, 118),
    MeasuredLaunch("ch_cumsum_bwd", .m130m, Tiling(heads: 2, warps: 4, stages: 3), 468.5, 12, 174, 172, 2048, 32),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m13b, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1109, 25, 419, 343, 45440, 116),
    MeasuredLaunch("state_pass_bwd", .m13b, Tiling(block: 512, warps: 4, stages: 3), 2899.5, 31, 810, 959, 16, 32),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m13b, Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5), 1436, 25, 489, 399, 35328,
        78),
    MeasuredLaunch(
        "ch_state_bwd_db", .m13b, Tiling(m: 64, n: 64, warps: 4, stages: 3), 8717, 70, 1694, 4391, 49408, 135),
    MeasuredLaunch(
        "ch_scan_bwd_dc", .m13b, Tiling(m: 128, n: 64, warps: 4, stages: 3), 13105, 38, 2092, 7512, 74240, 246),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m13b, Tiling(m: 32, n: 32, warps: 4, stages: 3), 4343.25, 198, 1053.5, 1640.5, 16384, 72),
    MeasuredLaunch("bmm_ch_bwd", .m13b, Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 884, 3, 324, 198, 32768, 94),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m13b, Tiling(m: 64, n: 32, warps: 4, stages: 3), 1535, 38, 585, 539, 28672, 118),
    MeasuredLaunch("ch_cumsum_bwd", .m13b, Tiling(heads: 16, warps: 4, stages: 3), 833.25, 24, 300, 310.25, 4096, 43),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .m780m, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 2530, 73, 977, 781, 45440, 118
    ),
    MeasuredLaunch("state_pass_bwd", .m780m, Tiling(block: 512, warps: 4, stages: 3), 407.5, 3, 110, 119, 16, 32),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .m780m, Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5), 2089.5, 49, 810, 528,
        35328, 80),
    MeasuredLaunch(
        "ch_state_bwd_db", .m780m, Tiling(m: 64, n: 128, warps: 4, stages: 3), 2037.94, 12, 569, 929.88, 73984, 246),
    MeasuredLaunch(
        "ch_scan_bwd_dc", .m780m, Tiling(m: 128, n: 64, warps: 4, stages: 3), 2094.59, 9, 586, 932.75, 74240, 246),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .m780m, Tiling(m: 64, n: 32, warps: 4, stages: 3), 819, 36, 250, 318.75, 36864, 96),
    MeasuredLaunch(
        "bmm_ch_bwd", .m780m, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 1888.88, 3, 821, 397, 57344, 168),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .m780m, Tiling(m: 64, n: 32, warps: 4, stages: 3), 3348.75, 86, 1241.25, 1198, 28672, 118),
    MeasuredLaunch("ch_cumsum_bwd", .m780m, Tiling(heads: 1, warps: 4, stages: 3), 298.5, 6, 95, 97, 1024, 31),
    MeasuredLaunch(
        "ch_scan_bwd_dstates", .wide, Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 1704, 41, 630, 634, 41344, 126),
    MeasuredLaunch("state_pass_bwd", .wide, Tiling(block: 512, warps: 4, stages: 3), 2899.5, 31, 810, 959, 16, 32),
    MeasuredLaunch(
        "ch_scan_ch_state_bwd_dx", .wide, Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 3053.25, 59, 1233, 1078,
        86400, 168),
    MeasuredLaunch(
        "ch_state_bwd_db", .wide, Tiling(m: 64, n: 64, warps: 4, stages: 3), 3156, 25, 844, 1437, 98560, 168),
    MeasuredLaunch("ch_scan_bwd_dc", .wide, Tiling(m: 64, n: 64, warps: 4, stages: 3), 3044, 25, 816, 1387, 98560, 168),
    MeasuredLaunch(
        "ch_scan_bwd_dcb", .wide, Tiling(m: 32, n: 64, warps: 4, stages: 3), 2402.5, 105, 563, 907.25, 49152, 108),
    MeasuredLaunch(
        "bmm_ch_bwd", .wide, Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 1745, 6, 617, 387, 36864, 164),
    MeasuredLaunch(
        "ch_scan_bwd_ddacs", .wide, Tiling(m: 64, n: 32, warps: 4, stages: 3), 2218, 54, 822, 772, 49152, 128),
    MeasuredLaunch("ch_cumsum_bwd", .wide, Tiling(heads: 4, warps: 4, stages: 3), 492.25, 12, 155, 170.25, 2048, 32),
]

/// One trip of a compiled loop, in warp instructions per warp (*Source:* compiled/resources.csv, sm_90, loop columns).
struct LoopBody: Sendable {
    var kernel: String
    var tiling: Tiling
    var instructions: Int
    var tensor: Int
    var special: Int
    var memory: Int
    /// Memory instructions outside the loop.
    var outsideMemory: Int

    init(
        _ kernel: String, _ tiling: Tiling, _ instructions: Int, _ tensor: Int, _ special: Int, _ memory: Int,
        _ outsideMemory: Int
    ) {
        self.kernel = kernel
        self.tiling = tiling
        self.instructions = instructions
        self.tensor = tensor
        self.special = special
        self.memory = memory
        self.outsideMemory = outsideMemory
    }
}

/// Kernel, tiling, then per trip: instructions, tensor instructions, MUFU, memory; outside the loop: memory.
let loopBodies: [LoopBody] = [
    LoopBody("ch_state_fwd", Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 510, 4, 8, 67, 159),
    LoopBody("ch_state_fwd", Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 449, 2, 8, 65, 184),
    LoopBody("ch_state_fwd", Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 274, 4, 4, 39, 154),
    LoopBody("ch_state_fwd", Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 193, 4, 2, 25, 88),
    LoopBody("ch_state_fwd", Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 273, 2, 4, 37, 100),
    LoopBody("ch_state_fwd", Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 145, 4, 1, 18, 55),
    LoopBody("ch_state_fwd", Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 188, 16, 2, 29, 77),
    LoopBody("ch_state_fwd", Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 270, 16, 4, 41, 93),
    LoopBody("ch_state_fwd", Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 290, 32, 4, 47, 106),
    LoopBody("bmm_ch_fwd", Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 136, 4, 0, 15, 126),
    LoopBody("bmm_ch_fwd", Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 113, 2, 0, 13, 135),
    LoopBody("bmm_ch_fwd", Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 101, 4, 0, 11, 129),
    LoopBody("bmm_ch_fwd", Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 91, 4, 0, 9, 75),
    LoopBody("bmm_ch_fwd", Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 83, 2, 0, 9, 75),
    LoopBody("bmm_ch_fwd", Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 84, 4, 0, 8, 48),
    LoopBody("bmm_ch_fwd", Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 97, 16, 0, 17, 60),
    LoopBody("bmm_ch_fwd", Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 99, 16, 0, 17, 60),
    LoopBody("bmm_ch_fwd", Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 123, 32, 0, 23, 81),
    LoopBody("ch_scan_fwd", Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), 667, 4, 32, 66, 201),
    LoopBody("ch_scan_fwd", Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4), 366, 2, 16, 42, 238),
    LoopBody("ch_scan_fwd", Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), 621, 4, 32, 46, 225),
    LoopBody("ch_scan_fwd", Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4), 591, 4, 32, 44, 155),
    LoopBody("ch_scan_fwd", Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), 348, 2, 16, 38, 146),
    LoopBody("ch_scan_fwd", Tiling(m: 128, n: 64, k: 64, warps: 4, stages: 4), 1085, 8, 64, 62, 185),
    LoopBody("ch_scan_fwd", Tiling(m: 64, n: 128, k: 64, warps: 4, stages: 4), 607, 4, 32, 50, 174),
    LoopBody("ch_scan_fwd", Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4), 583, 4, 32, 43, 120),
    LoopBody("ch_scan_fwd", Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), 559, 16, 32, 44, 172),
    LoopBody("ch_scan_fwd", Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5), 328, 16, 16, 34, 165),
    LoopBody("ch_scan_fwd", Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4), 589, 32, 32, 50, 219),
]

let forwardKernels = ["ch_cumsum_fwd", "ch_state_fwd", "state_pass_fwd", "bmm_ch_fwd", "ch_scan_fwd"]
let backwardKernels = [
    "ch_scan_bwd_dstates", "state_pass_bwd", "ch_scan_ch_state_bwd_dx", "ch_state_bwd_db", "ch_scan_bwd_dc",
    "ch_scan_bwd_dcb", "bmm_ch_bwd", "ch_scan_bwd_ddacs", "ch_cumsum_bwd",
]

/// Mean and worst absolute error in percent over the launches of `kernel`.
func errors(
    of kernel: String, measured: (MeasuredLaunch) -> Double, predicted: (ComputeWork) -> UInt32
) -> (mean: Double, worst: Double) {
    let percentages = launches.filter { $0.kernel == kernel }.map {
        100 * abs($0.predicted(predicted) / measured($0) - 1)
    }
    return (percentages.reduce(0, +) / Double(percentages.count), percentages.max() ?? 0)
}
