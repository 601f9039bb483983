import Content
import Foundation
import Kernels
import Machine
import Testing
import Trace
import Validation

@Suite("Validation of tables without shape names, orders and tilings")
struct UnstatedTilingTests {
    private static let header =
        "batch,seqlen,nheads,headdim,ngroups,dstate,chunk,kernel,grid,threads,registers,shared_bytes,cold_duration_ns,l1_sectors"

    private func validation(_ rows: String...) throws -> Validation {
        let text = ([Self.header] + rows).joined(separator: "\n")
        return try Validation(
            table: try ReferenceTable(text: text, name: "made up"), machine: try MachineDescription(named: "h200"))
    }

    @Test("Sizes name the shape, rows are counted within it, and grid, threads and resources tell the tiling")
    func launches() throws {
        let validation = try validation(
            "1,512,8,64,1,64,128,ch_cumsum_fwd,1x4x2,128,27,2048,4000,1",
            "1,512,8,64,1,64,128,bmm_ch_fwd,4x1x4,64,140,25600,4000,1",
            "2,512,8,64,1,64,128,ch_cumsum_fwd,2x4x1,128,43,3072,4000,1",
            "1,512,8,64,1,64,128,mystery_fwd,2x4x1,128,43,3072,4000,1")
        let launches = validation.launches.map(\.launch)
        #expect(launches.map(\.shapeName) == ["b1", "b1", "b2"].map { $0 + "_s512_h8_p64_g1_n64_c128" })
        #expect(launches.map(\.order) == [0, 1, 0])
        #expect(
            launches.map(\.subject.tilingDescription)
                == ["H=4 warps=4 stages=3", "M=64 N=64 K=32 warps=2 stages=4", "H=8 warps=4 stages=3"])
        #expect(launches.map(\.resources.sharedMemoryBytesPerBlock) == [1024, 24576, 2048])
        #expect(try launches[1].source(on: MachineDescription(named: "h200")).launch.registersPerThread == 140)
        #expect(
            validation.launches.allSatisfy { $0.columns.map(\.name).sorted() == ["cold_duration_ns", "l1_sectors"] })
        #expect(validation.skipped.map(\.kernel) == ["mystery_fwd"])
    }

    @Test("Hit rates follow from sectors where a table has no column for them")
    func hitRates() throws {
        let text =
            Self.header + ",l1_hit_sectors,cold_l2_sectors,cold_l2_hit_sectors,cold_l2_hit_pct\n"
            + "1,512,8,64,1,64,128,ch_cumsum_fwd,1x4x2,128,27,2048,4000,800,100,50,40,70"
        let validation = try Validation(
            table: try ReferenceTable(text: text, name: "made up"), machine: try MachineDescription(named: "h200"))
        let measured = Dictionary(uniqueKeysWithValues: validation.launches[0].columns.map { ($0.name, $0.measured) })
        #expect(measured["l1_hit_pct"] == 12.5 && measured["cold_l2_hit_pct"] == 70)
        #expect(measured["cold_l2_tex_hit_pct"] == nil)
    }

    @Test("Of two tilings with one grid the nearer resources decide")
    func nearestResources() throws {
        // Four heads' rows of 128 positions in tiles of 64 by 32 or of 32 by 64: four blocks of two warps either way.
        let low = try validation("1,128,4,64,1,128,128,ch_scan_fwd,4x1x4,64,145,36864,4000,1")
        let tall = try validation("1,128,4,64,1,128,128,ch_scan_fwd,4x1x4,64,199,47104,4000,1")
        #expect(low.launches[0].launch.subject.tilingDescription == "M=32 N=64 K=32 warps=2 stages=5")
        #expect(tall.launches[0].launch.subject.tilingDescription == "M=64 N=32 K=32 warps=2 stages=5")
    }

    @Test(
        "A grid that cannot be read, or that no tiling makes, is refused with its line",
        arguments: ["1x4", "1x4x0", "ax4x2", "1x4x2x1", "3x5x7"])
    func refusals(grid: String) {
        let error = #expect(throws: ReferenceError.self) {
            try validation("1,512,8,64,1,64,128,ch_cumsum_fwd,\(grid),128,27,2048,4000,1")
        }
        #expect(error?.line == 2)
    }

    @Test(
        "A grid of more blocks than can be counted is refused with its line",
        arguments: ["ch_scan_fwd", "ch_scan_fwd_persistent"])
    func hugeGrid(kernel: String) {
        let error = #expect(throws: ReferenceError.self) {
            try validation("1,256,4,64,1,128,128,\(kernel),2147483647x2147483647x2147483647,64,255,42752,4000,1")
        }
        #expect(error?.line == 2 && error?.cause.contains("2147483647 x 2147483647") == true)
    }

    @Test("Persistent blocks run all tiles of the kernel in as many blocks as the grid has")
    func persistent() throws {
        let row = "1,256,4,64,1,128,128,ch_scan_fwd"
        let plain = try validation(row + ",2x2x4,64,255,42752,4000,1")
        let persistent = try validation(row + "_persistent,5x1x1,64,255,42752,4000,1")
        let launch = persistent.launches[0].launch
        #expect(launch.subject.tilingDescription == "M=64 N=64 K=32 warps=2 stages=4")
        let source = try launch.source(on: MachineDescription(named: "h200"))
        #expect(source is any PartedProgramSource && source.launch.grid == Grid(x: 5))
        let sectors = [plain, persistent].map { $0.launches[0].columns.first { $0.name == "l1_sectors" }?.predicted }
        // Of 45 registers too few half are spilled: half of these loaded before, half stored before and loaded behind
        // each of 16 tiles.
        let plainSectors = try #require(sectors[0])
        #expect(sectors[1] == plainSectors + Double(16 * 2 * 4 * (11 + 11 + 11)))
    }

    @Test("The measured table's plain launches have the tilings that its notes give")
    func measuredTable() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "docs/validation/h200_hypotheses.csv").path
        let rows = try ReferenceTable(path: path).rows.filter {
            SSDKernels.ssdForward.contains($0.text("kernel") ?? "")
        }
        let launches = try MeasuredLaunch.launches(rows: rows, sharedReserveBytes: 1024)
        #expect(launches.count == 15 && Set(launches.map(\.shapeName)).count == 3)
        for scan in launches where scan.kernel == "ch_scan_fwd" {
            #expect(scan.order == 4 && scan.subject.tilingDescription == "M=32 N=64 K=32 warps=2 stages=5")
        }
        for launch in launches {
            #expect(try launch.source(on: MachineDescription(named: "h200")).launch.grid == launch.resources.grid)
        }
    }
}
