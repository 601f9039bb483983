import Kernels
import Testing

/// One launch as Nsight Compute counted it on an H200.
struct MeasuredRequests {
    let text: String
    let kernel: String
    /// Whose gradient a bmm_ch_bwd makes, from a `:c` behind its name.
    let factor: ProductFactor
    let pass: SSDPass
    let shape: SSDShape
    let tiling: Tiling
    let counts: [Int]

    init(_ line: Substring) throws {
        let fields = line.split(separator: " ")
        text = fields[0...3].joined(separator: " ")
        kernel = String(fields[2].prefix { $0 != ":" })
        factor = fields[2].hasSuffix(":c") ? .c : .b
        pass = fields[1] == "bwd" ? .backward : .forward
        shape = try #require(Self.shapes[String(fields[0])])
        tiling = try Tiling(parsing: String(fields[3]))
        counts = fields[4...].compactMap { Int($0) }
    }

    /// The measured shapes. *Source:* h200_ssd.csv.
    private static let shapes = [
        "m8b_s4096_c128": size(1, 4096, 128, 64, 8, 128, 128), "m8b_b2_s4096_c256": size(2, 4096, 128, 64, 8, 128, 256),
        "m2.7b_s2048_c256": size(1, 2048, 80, 64, 1, 128, 256),
        "m130m_b8_s2048_c256": size(8, 2048, 24, 64, 1, 128, 256),
        "m1.3b_b4_s2048_c64": size(4, 2048, 64, 64, 1, 128, 64),
        "m780m_b2_s1000_c256": size(2, 1000, 48, 64, 1, 128, 256),
        "wide_b2_s4096_c128": size(2, 4096, 32, 128, 4, 64, 128),
    ]

    private static func size(
        _ batch: Int, _ length: Int, _ heads: Int, _ headDim: Int, _ groups: Int, _ stateDim: Int, _ chunk: Int
    ) -> SSDShape {
        SSDShape(
            batch: batch, sequenceLength: length, heads: heads, headDim: headDim, groups: groups, stateDim: stateDim,
            chunkSize: chunk)
    }

    /// Shape, pass, kernel, tiling, then load requests and sectors, store requests and sectors, requests and sectors of
    /// copies past L1, sectors of copies through L1. *Source:* h200_ssd.csv: l1_ld_requests, l1_ld_sectors,
    /// l1_st_requests, l1_st_sectors, l1_ldgsts_bypass_requests, l1_ldgsts_bypass_sectors, l1_ldgsts_access_sectors.
    static let autotuned = """
        m8b_s4096_c128 fwd ch_cumsum_fwd H=16,warps=4,stages=3 10240 40960 8192 131072 0 0 0
        m8b_s4096_c128 fwd ch_state_fwd M=64,N=128,K=32,warps=4,stages=4 933888 6832128 262144 4194304 393216 6291456 524288
        m8b_s4096_c128 fwd state_pass_fwd BLOCK=1024,warps=4,stages=3 393216 4325376 139264 2228224 0 0 0
        m8b_s4096_c128 fwd bmm_ch_fwd M=64,N=128,K=32,warps=4,stages=4 49152 786432 32768 524288 49152 786432 0
        m8b_s4096_c128 fwd ch_scan_fwd M=64,N=64,K=32,warps=2,stages=4 1327104 20201472 131072 2097152 638976 9631236 0
        m8b_s4096_c128 bwd state_pass_fwd BLOCK=1024,warps=4,stages=3 393216 4325376 270336 4325376 0 0 0
        m8b_b2_s4096_c256 fwd ch_cumsum_fwd H=8,warps=4,stages=3 20480 147456 16384 262144 0 0 0
        m8b_b2_s4096_c256 fwd ch_state_fwd M=64,N=128,K=32,warps=4,stages=4 1851392 13647872 262144 4194304 786432 12582912 1048576
        m8b_b2_s4096_c256 fwd state_pass_fwd BLOCK=1024,warps=4,stages=3 393216 4325376 147456 2359296 0 0 0
        m8b_b2_s4096_c256 fwd bmm_ch_fwd M=128,N=256,K=64,warps=8,stages=3 98304 1572864 131072 2097152 98304 1571760 0
        m8b_b2_s4096_c256 fwd ch_scan_fwd M=32,N=64,K=32,warps=2,stages=5 5079040 68878336 262144 4194304 2654208 39406528 0
        m8b_b2_s4096_c256 bwd state_pass_fwd BLOCK=1024,warps=4,stages=3 393216 4325376 278528 4456448 0 0 0
        m2.7b_s2048_c256 fwd ch_cumsum_fwd H=4,warps=4,stages=3 3840 43520 2560 40960 0 0 0
        m2.7b_s2048_c256 fwd ch_state_fwd M=64,N=128,K=32,warps=4,stages=4 289280 2132480 40960 655360 122880 1966080 163840
        m2.7b_s2048_c256 fwd state_pass_fwd BLOCK=1024,warps=4,stages=3 61440 675840 25600 409600 0 0 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=128,N=256,K=64,warps=8,stages=3 3072 49152 4096 65536 3072 49104 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=32,N=64,K=32,warps=2,stages=5 793600 10762240 40960 655360 414720 6082432 0
        m2.7b_s2048_c256 bwd state_pass_fwd BLOCK=1024,warps=4,stages=3 61440 675840 46080 737280 0 0 0
        m130m_b8_s2048_c256 fwd ch_cumsum_fwd H=2,warps=4,stages=3 18432 202752 6144 98304 0 0 0
        m130m_b8_s2048_c256 fwd ch_state_fwd M=64,N=128,K=32,warps=4,stages=4 694272 5117952 98304 1572864 294912 4718592 393216
        m130m_b8_s2048_c256 fwd state_pass_fwd BLOCK=1024,warps=4,stages=3 147456 1622016 61440 983040 0 0 0
        m130m_b8_s2048_c256 fwd bmm_ch_fwd M=128,N=256,K=64,warps=8,stages=3 24576 393216 32768 524288 24576 392688 0
        m130m_b8_s2048_c256 fwd ch_scan_fwd M=32,N=64,K=32,warps=2,stages=5 1904640 25829376 98304 1572864 995328 14777008 0
        m130m_b8_s2048_c256 bwd state_pass_fwd BLOCK=1024,warps=4,stages=3 147456 1622016 110592 1769472 0 0 0
        m1.3b_b4_s2048_c64 fwd ch_cumsum_fwd H=16,warps=4,stages=3 10240 40960 8192 131072 0 0 0
        m1.3b_b4_s2048_c64 fwd ch_state_fwd M=64,N=128,K=32,warps=4,stages=4 950272 6848512 524288 8388608 393216 6291456 524288
        m1.3b_b4_s2048_c64 fwd state_pass_fwd BLOCK=1024,warps=4,stages=3 786432 8650752 278528 4456448 0 0 0
        m1.3b_b4_s2048_c64 fwd bmm_ch_fwd M=64,N=32,K=32,warps=2,stages=5 12288 196608 4096 65536 12288 196608 0
        m1.3b_b4_s2048_c64 fwd ch_scan_fwd M=64,N=64,K=32,warps=2,stages=4 1114112 16990208 131072 2097152 425984 6419692 0
        m1.3b_b4_s2048_c64 bwd state_pass_fwd BLOCK=1024,warps=4,stages=3 786432 8650752 540672 8650752 0 0 0
        m780m_b2_s1000_c256 fwd ch_cumsum_fwd H=2,warps=4,stages=3 3072 49536 1536 24576 0 0 0
        m780m_b2_s1000_c256 fwd ch_state_fwd M=64,N=128,K=32,warps=4,stages=4 169536 1249536 24576 393216 72000 1152000 96000
        m780m_b2_s1000_c256 fwd state_pass_fwd BLOCK=1024,warps=4,stages=3 36864 405504 18432 294912 0 0 0
        m780m_b2_s1000_c256 fwd bmm_ch_fwd M=128,N=256,K=64,warps=8,stages=3 3000 48000 4096 65536 3000 47968 0
        m780m_b2_s1000_c256 fwd ch_scan_fwd M=32,N=64,K=32,warps=2,stages=5 473856 6420480 24000 384000 248256 3640320 0
        m780m_b2_s1000_c256 bwd state_pass_fwd BLOCK=1024,warps=4,stages=3 36864 405504 30720 491520 0 0 0
        wide_b2_s4096_c128 fwd ch_cumsum_fwd H=2,warps=4,stages=3 12288 139264 8192 65536 0 0 0
        wide_b2_s4096_c128 fwd ch_state_fwd M=128,N=64,K=32,warps=4,stages=4 335872 3284992 131072 2097152 196608 3145728 131072
        wide_b2_s4096_c128 fwd state_pass_fwd BLOCK=1024,warps=4,stages=3 196608 2162688 69632 1114112 0 0 0
        wide_b2_s4096_c128 fwd bmm_ch_fwd M=64,N=128,K=32,warps=4,stages=4 24576 393216 32768 524288 24576 393216 0
        wide_b2_s4096_c128 fwd ch_scan_fwd M=64,N=128,K=32,warps=4,stages=4 860160 11747328 131072 2097152 417792 6387008 0
        wide_b2_s4096_c128 bwd state_pass_fwd BLOCK=1024,warps=4,stages=3 196608 2162688 135168 2162688 0 0 0
        """

    /// The same for every tiling of one shape. *Source:* h200_tilings.csv.
    static let tilings = """
        m2.7b_s2048_c256 fwd ch_cumsum_fwd H=1,warps=4,stages=3 10240 168960 5120 40960 0 0 0
        m2.7b_s2048_c256 fwd ch_cumsum_fwd H=2,warps=4,stages=3 5120 84480 2560 40960 0 0 0
        m2.7b_s2048_c256 fwd ch_cumsum_fwd H=4,warps=4,stages=3 3840 43520 2560 40960 0 0 0
        m2.7b_s2048_c256 fwd ch_cumsum_fwd H=8,warps=4,stages=3 3200 23040 2560 40960 0 0 0
        m2.7b_s2048_c256 fwd ch_cumsum_fwd H=16,warps=4,stages=3 3200 12800 2560 40960 0 0 0
        m2.7b_s2048_c256 fwd ch_cumsum_fwd H=32,warps=4,stages=3 3328 12800 2560 40960 0 0 0
        m2.7b_s2048_c256 fwd ch_cumsum_fwd H=64,warps=4,stages=3 3584 12800 2560 40960 0 0 0
        m2.7b_s2048_c256 fwd ch_state_fwd M=128,N=256,K=64,warps=8,stages=3 578560 2298880 40960 655360 245760 1966080 327680
        m2.7b_s2048_c256 fwd ch_state_fwd M=64,N=256,K=32,warps=4,stages=4 535040 2296320 40960 655360 204800 1966080 327680
        m2.7b_s2048_c256 fwd ch_state_fwd M=128,N=128,K=32,warps=4,stages=4 330240 2132480 40960 655360 163840 1966080 163840
        m2.7b_s2048_c256 fwd ch_state_fwd M=128,N=64,K=32,warps=4,stages=4 414720 2790400 40960 655360 245760 2621440 163840
        m2.7b_s2048_c256 fwd ch_state_fwd M=64,N=128,K=32,warps=4,stages=4 289280 2132480 40960 655360 122880 1966080 163840
        m2.7b_s2048_c256 fwd ch_state_fwd M=128,N=32,K=32,warps=4,stages=4 583680 4106240 40960 655360 409600 3932160 163840
        m2.7b_s2048_c256 fwd ch_state_fwd M=64,N=32,K=32,warps=2,stages=5 414720 4101120 40960 655360 245760 3932160 163840
        m2.7b_s2048_c256 fwd ch_state_fwd M=32,N=64,K=32,warps=2,stages=5 578560 4264960 40960 655360 245760 3932160 327680
        m2.7b_s2048_c256 fwd ch_state_fwd M=64,N=64,K=32,warps=2,stages=4 330240 2787840 40960 655360 163840 2621440 163840
        m2.7b_s2048_c256 fwd state_pass_fwd BLOCK=64,warps=4,stages=3 655360 1638400 184320 409600 0 0 0
        m2.7b_s2048_c256 fwd state_pass_fwd BLOCK=128,warps=4,stages=3 327680 819200 184320 409600 0 0 0
        m2.7b_s2048_c256 fwd state_pass_fwd BLOCK=256,warps=4,stages=3 163840 737280 92160 409600 0 0 0
        m2.7b_s2048_c256 fwd state_pass_fwd BLOCK=512,warps=4,stages=3 81920 696320 46080 409600 0 0 0
        m2.7b_s2048_c256 fwd state_pass_fwd BLOCK=1024,warps=4,stages=3 61440 675840 25600 409600 0 0 0
        m2.7b_s2048_c256 fwd state_pass_fwd BLOCK=2048,warps=4,stages=3 51200 665600 25600 409600 0 0 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=128,N=256,K=64,warps=8,stages=3 3072 49152 4096 65536 3072 49104 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=64,N=256,K=32,warps=4,stages=4 5120 81920 4096 65536 5120 81920 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=128,N=128,K=32,warps=4,stages=4 4096 65536 4096 65536 4096 65536 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=128,N=64,K=32,warps=4,stages=4 6144 98304 4096 65536 6144 98304 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=64,N=128,K=32,warps=4,stages=4 6144 98304 4096 65536 6144 98304 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=128,N=32,K=32,warps=4,stages=4 10240 163840 4096 65536 10240 163840 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=64,N=32,K=32,warps=2,stages=5 12288 196608 4096 65536 12288 196608 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=32,N=64,K=32,warps=2,stages=5 12288 196608 4096 65536 12288 196608 0
        m2.7b_s2048_c256 fwd bmm_ch_fwd M=64,N=64,K=32,warps=2,stages=4 8192 131072 4096 65536 8192 131072 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=64,N=256,K=32,warps=4,stages=4 1039360 8366080 163840 655360 640000 5017600 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=128,N=128,K=32,warps=4,stages=4 599040 7623680 81920 655360 384000 4976640 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=128,N=64,K=32,warps=4,stages=4 496640 7623680 40960 655360 322560 4976640 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=64,N=128,K=32,warps=4,stages=4 752640 8366080 81920 655360 435200 5017600 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=128,N=64,K=64,warps=4,stages=4 488960 7623680 40960 655360 314880 4976640 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=64,N=128,K=64,warps=4,stages=4 780800 8407040 81920 655360 422400 5017600 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=128,N=32,K=32,warps=4,stages=4 849920 12953600 40960 655360 583680 8968656 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=64,N=32,K=32,warps=2,stages=5 870400 13035520 40960 655360 563200 8394368 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=32,N=64,K=32,warps=2,stages=5 793600 10762240 40960 655360 414720 6082404 0
        m2.7b_s2048_c256 fwd ch_scan_fwd M=64,N=64,K=32,warps=2,stages=4 547840 8320000 40960 655360 332800 5016732 0
        """

    static func all(_ table: String) throws -> [MeasuredRequests] {
        try table.split(separator: "\n").map { try MeasuredRequests($0) }
    }
}
