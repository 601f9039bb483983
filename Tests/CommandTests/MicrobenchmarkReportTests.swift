import Content
import Foundation
import Machine
import Report
import TestSupport
import Testing
import Validation
import weir

@Suite("Reports of microbenchmarks")
struct MicrobenchmarkReportTests {
    @Test("Measured launches of more blocks than are simulated are read, and absurd ones refused with file and line")
    func largeGrids() throws {
        try withFolder { folder in
            let single = "empty,grid 1,block 32,smem 0,4.672 us,4672.0 ns/block\n"
            func run(_ grid: String) throws {
                try (single + "empty,grid \(grid),block 32,smem 0,639.072 us,0.605 ns/block\n")
                    .write(toFile: folder + "/latency_bandwidth_launch.txt", atomically: true, encoding: .utf8)
                try weir([
                    "microbenchmarks", "--only", "launch", "--reference", folder, "--output",
                    folder + "/out-\(grid).txt", "--quiet",
                ])
            }
            try run("1056000")
            for grid in ["0", "-1", "2147483648", "1e30", "2.5"] {
                let error = try #require(throws: ReferenceError.self) { try run(grid) }
                #expect(error.description.contains("latency_bandwidth_launch.txt:2: no grid"), "\(error)")
            }
        }
    }

    @Test("Every format shows measured beside predicted, and none gives errors of noise")
    func formats() throws {
        try withFolder { folder in
            let header =
                "case,duration_ns,l1_sectors,l1_hit_sectors,l2_tex_sectors,l2_fabric_sectors,dram_read_bytes,dram_write_bytes\n"
            let rows =
                "write_8MB,3776,262144,0,262144,157800,3328,0\nl1foot_16KB_x10,4000,675840,608256,17520,5650,19968,0\n"
            try (header + rows).write(toFile: folder + "/granularity_and_writes.csv", atomically: true, encoding: .utf8)
            let reference = try MicrobenchmarkReference(folder: folder)
            let machine = try MachineDescription(preset: .h200)
            let result = try MicrobenchmarkResult(groups: [.granularity], machine: machine, reference: reference)
            #expect(result.cases.map(\.name) == ["write_8MB", "l1foot_16KB_x10"])
            #expect(result.cases[0].values.first { $0.quantity == "dram_read_bytes" }?.error == nil)
            #expect(result.cases[1].values.first { $0.quantity == "l1_hit_pct" }?.measured == 90)
            #expect(MicrobenchmarkText().render(result).contains("granularity: l1foot"))
            #expect(
                MicrobenchmarkCSV().render(result).contains(
                    "granularity,write and reread,write_8MB,,l2_tex_sectors,262144,262144,0\n"))
            let json = try parsed(MicrobenchmarkJSON().render(result))
            #expect((json["benchmarks"] as? [Any])?.count == 2)
            #expect(throws: ReferenceError.self) {
                try MicrobenchmarkResult(groups: [.capacity], machine: machine, reference: reference)
            }
        }
        #expect(throws: ReferenceError.self) { try MicrobenchmarkReference(folder: "/nowhere/at/all") }
        #expect(throws: (any Error).self) { try MicrobenchmarksCommand.parse(["--only", "nothing"]) }
    }
}
