import Content
import Foundation
import Machine
import Report
import TestSupport
import Testing
import Validation
import weir

@Suite("Measured time lines of thread blocks")
struct LifetimeTests {
    /// Two slots on SM 0, one on SM 7; the clock runs at two cycles a nanosecond.
    private static let timeline = """
        # shape=m130m_s256_c256 kernel=_chunk_cumsum_fwd_kernel grid=GRID
        block,sm,start_ns,end_ns,lifetime_cycles
        0,0,0,1000,2000
        1,0,32,2032,4000
        2,7,64,1064,2000
        3,0,1320,2320,2000
        4,7,1464,2064,1200
        5,0,2352,2552,400

        """

    /// A measured table's rows for launch 0 of the time line above: forward, and the backward pass's ninth launch.
    private static let table = """
        shape,order,pass,kernel,triton_kernel,batch,seqlen,nheads,headdim,ngroups,dstate,chunk,blocks,num_warps,num_stages,grid_x,\
        grid_y,grid_z,threads_per_block,registers_per_thread,shared_bytes_per_block
        m130m_s256_c256,0,fwd,ch_cumsum_fwd,_chunk_cumsum_fwd_kernel,1,256,24,64,1,128,256,BLOCK_SIZE_H=4,4,3,1,1,6,128,32,2048
        m130m_s256_c256,9,bwd,ch_cumsum_fwd,_chunk_cumsum_fwd_kernel,1,256,24,64,1,128,256,BLOCK_SIZE_H=4,4,3,1,1,6,128,32,2048
        """

    private func timeline(_ file: String = "x/m130m_s256_c256.00.chunk_cumsum_fwd.csv.gz", grid: String = "[1, 1, 6]")
        throws
        -> MeasuredTimeline
    {
        let text = Self.timeline.replacing("GRID", with: grid)
        return try MeasuredTimeline(compressed: gzip(Array(text.utf8)), file: file)
    }

    @Test("A hand-made file gives lifetimes, gaps in slots, residents and duration")
    func statistics() throws {
        let timeline = try timeline()
        #expect(
            timeline.shapeName == "m130m_s256_c256" && timeline.order == 0 && timeline.kernelName == "chunk_cumsum_fwd")
        #expect(timeline.grid?.blockCount == 6)
        let statistics = BlockStatistics(timeline.blocks)
        #expect(statistics.blocks == 6)
        #expect(statistics.lifetimeP50Cycles == 2000)
        #expect(statistics.lifetimeP10Cycles == 400 && statistics.lifetimeP90Cycles == 4000)
        #expect(abs(statistics.lifetimeMeanCycles - 11_600.0 / 6) < 1e-9)
        // Gaps of 320 and 400 ns, and 320 ns where block 5 takes the slot that came free first.
        #expect(statistics.turnaroundP50Cycles == 640)
        #expect(statistics.blocksPerSM == 2)
        #expect(statistics.durationNanoseconds == 2552)
        #expect(BlockStatistics(Array(timeline.blocks.prefix(3))).turnaroundP50Cycles == nil)
    }

    @Test("Predicted stands beside measured, and what cannot be predicted is listed with a reason")
    func comparison() throws {
        let table = try ReferenceTable(text: Self.table, name: "made up")
        let comparison = try LifetimeComparison(
            timelines: [
                try timeline(), try timeline("m130m_s256_c256.09.chunk_cumsum_fwd.csv.gz"),
                try timeline("m130m_s256_c256.10.chunk_fold.csv.gz"), try timeline(grid: "[1, 1, 7]"),
                try timeline("unknown.01.chunk_state_fwd.csv.gz"),
                try timeline("m130m_s256_c256.00.chunk_state_fwd.csv.gz"),
            ], table: table, machine: try MachineDescription(named: "h200"))
        #expect(comparison.launches.map(\.kernel) == ["ch_cumsum_fwd", "ch_cumsum_fwd"])
        #expect(comparison.launches[0].predicted.blocks == 6 && comparison.launches[0].measured.blocks == 6)
        #expect(comparison.launches[0].predicted.turnaroundP50Cycles == nil)
        #expect(comparison.skipped.count == 4)
        let text = LifetimeText().render(comparison)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("skipped ") } == 4)
        #expect(text.contains("there is no generator for chunk_fold\n"))
        #expect(text.contains("m130m_s256_c256      0  ch_cumsum_fwd"))
        let chart = try parsed(ComparisonChart.lifetimes.specification(of: comparison).text)
        let bars = try #require((chart["data"] as? [String: Any])?["values"] as? [[String: Any]])
        #expect(bars.count == 4 && bars[0]["side"] as? String == "measured" && bars[0]["p50_cycles"] as? Double == 2000)
        let median = try #require(bars[1]["p50_cycles"] as? Double)
        #expect(abs(median - comparison.launches[0].predicted.lifetimeP50Cycles) < 1e-6)
        let read = try parsed(LifetimeJSON().render(comparison))
        let launches = try #require(read["launches"] as? [[String: Any]])
        let keys: Set = [
            "lifetime_p50_cycles", "lifetime_p10_cycles", "lifetime_p90_cycles", "lifetime_mean_cycles",
            "turnaround_p50_cycles",
            "blocks_per_sm", "duration_ns", "blocks",
        ]
        for side in ["measured", "predicted"] {
            let figures = try #require(launches[0][side] as? [String: Any])
            #expect(Set(figures.keys) == keys)
        }
        #expect(launches[0]["file"] as? String == "x/m130m_s256_c256.00.chunk_cumsum_fwd.csv.gz")
        let measured = try #require(launches[0]["measured"] as? [String: Any])
        #expect(measured["turnaround_p50_cycles"] as? Int == 640)
        #expect(LifetimeCSV().render(comparison).split(separator: "\n").count == 1 + 2 * keys.count)
    }

    @Test("The command reads files and writes the comparison")
    func command() throws {
        try withFolder { folder in
            let file = folder + "/m130m_s256_c256.00.chunk_cumsum_fwd.csv.gz"
            let text = Self.timeline.replacing("GRID", with: "[1, 1, 6]")
            try Data(gzip(Array(text.utf8))).write(to: URL(fileURLWithPath: file))
            try Self.table.write(toFile: folder + "/table.csv", atomically: true, encoding: .utf8)
            let output = folder + "/lifetimes.json"
            var command = try Weir.parseAsRoot([
                "lifetimes", file, "--reference", folder + "/table.csv", "--format", "json", "--output", output,
                "--quiet",
                "--deterministic",
            ])
            try command.run()
            let read = try parsed(String(contentsOfFile: output, encoding: .utf8))
            #expect((read["launches"] as? [Any])?.count == 1)
            #expect(read["wall_seconds"] is NSNull)
        }
    }

    /// The bytes as a gzip member with one stored block.
    private func gzip(_ plain: [UInt8]) -> [UInt8] {
        var checksum = UInt32.max
        for byte in plain {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
        }
        func little(_ value: UInt32, bytes: Int) -> [UInt8] {
            (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        let length = UInt32(plain.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(length, bytes: 2) + little(~length, bytes: 2) + plain
            + little(~checksum, bytes: 4) + little(length, bytes: 4)
    }
}
