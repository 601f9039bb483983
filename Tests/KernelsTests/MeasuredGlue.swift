import Kernels
import Testing

/// The framework's launches of two training steps as an H200 counted them (docs/validation/h200_glue.csv): order,
/// kernel, blocks, threads, registers, shared memory without the reserve, load requests and sectors, store requests and
/// sectors, warp instructions.
enum MeasuredGlue {
    static let steps = [
        MeasuredStep(
            shape: SSDShape(
                batch: 1, sequenceLength: 4096, heads: 128, headDim: 64, groups: 8, stateDim: 128, chunkSize: 128),
            decayRows: 64,
            rows: """
                11 sum_inner 128 512 32 16 2048 8192 2048 2048 374784
                12 fill 16 128 16 0 0 0 128 2048 1472
                13 fill 512 128 16 0 0 0 4096 65536 47104
                14 fill 16 128 16 0 0 0 128 2048 1472
                16 sum 1 128 54 2064 128 2048 4 64 2296
                17 sum 1 32 54 16 1 16 4 64 247
                18 fill 512 128 16 0 0 0 4096 65536 47104
                20 sum 8192 128 54 16 32768 524288 131072 2097152 8093696
                21 cumsum 128 512 32 4096 16384 65536 16384 65536 1556480
                22 fill 512 128 16 0 0 0 4096 65536 47104
                24 sum 8192 128 54 16 32768 524288 131072 2097152 8093696
                26 sum 8192 128 54 16 32768 524288 131072 2097152 8093696
                29 add_strided 16 128 18 0 256 4608 128 4096 5312
                30 flip 1024 128 18 0 16384 65536 16384 65536 757760
                31 cumsum 128 512 32 4096 16384 65536 16384 65536 1556480
                32 flip 1024 128 18 0 16384 65536 16384 65536 757760
                34 sum 1024 128 54 16 8192 131072 16384 262144 1277952
                35 add 512 128 32 0 8192 131072 4096 65536 69632
                36 add 512 128 32 0 8192 131072 4096 65536 69632
                37 fill 1 128 16 0 0 0 4 16 120
                38 fill 1 128 16 0 0 0 4 16 120
                """),
        MeasuredStep(
            shape: SSDShape(
                batch: 4, sequenceLength: 2048, heads: 64, headDim: 64, groups: 1, stateDim: 128, chunkSize: 64),
            decayRows: 64,
            rows: """
                11 sum_inner 256 512 32 16 4096 16384 4096 4096 749568
                12 fill 16 128 16 0 0 0 128 2048 1472
                13 fill 512 128 16 0 0 0 4096 65536 47104
                14 fill 16 128 16 0 0 0 128 2048 1472
                16 sum 1 128 54 2064 128 2048 4 32 2360
                17 sum 1 16 54 16 1 8 4 32 247
                18 fill 512 128 16 0 0 0 4096 65536 47104
                20 sum 2048 128 54 16 16384 262144 32768 524288 2555904
                21 cumsum 256 512 32 4096 16384 65536 16384 65536 1654784
                22 fill 512 128 16 0 0 0 4096 65536 47104
                24 sum 2048 128 54 16 16384 262144 32768 524288 2555904
                26 sum 1024 128 54 16 8192 131072 16384 262144 1277952
                29 add_strided 32 128 18 0 512 9216 256 8192 10624
                30 flip 1024 128 18 0 16384 65536 16384 65536 757760
                31 cumsum 256 512 32 4096 16384 65536 16384 65536 1654784
                32 flip 1024 128 18 0 16384 65536 16384 65536 757760
                34 sum 1024 128 54 16 4096 65536 16384 262144 1236992
                35 add 512 128 32 0 8192 131072 4096 65536 69632
                36 add 512 128 32 0 8192 131072 4096 65536 69632
                37 fill 1 128 16 0 0 0 2 8 120
                38 fill 1 128 16 0 0 0 2 8 120
                """),
    ]
}

/// One measured step.
struct MeasuredStep: Sendable, CustomTestStringConvertible {
    let shape: SSDShape
    /// Rows of a tile of ch_scan_bwd_ddacs.
    let decayRows: Int
    let rows: String

    var testDescription: String { "\(shape.heads) heads, chunks of \(shape.chunkSize)" }

    /// Tilings that decide what the sums read; the other launches have their defaults.
    func tiling(_ kernel: String) -> Tiling? {
        switch kernel {
        case "state_pass_bwd": Tiling(block: 512, warps: 4, stages: 3)
        case "ch_scan_ch_state_bwd_dx": Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5)
        case "ch_scan_bwd_ddacs": Tiling(m: decayRows, n: 32, warps: 4, stages: 3)
        default: nil
        }
    }

    struct Row {
        let kernel: String
        /// Blocks, threads, registers, shared memory, load requests and sectors, store requests and sectors.
        let counts: [Int]
        let instructions: Int
    }

    var launches: [Row] {
        rows.split(separator: "\n").map { line in
            let fields = line.split(separator: " ")
            let numbers = fields.dropFirst(2).compactMap { Int($0) }
            return Row(
                kernel: String(fields[1]), counts: Array(numbers.dropLast()), instructions: numbers[numbers.count - 1])
        }
    }
}
