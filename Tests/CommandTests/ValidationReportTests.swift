import Content
import Foundation
import Machine
import Report
import RunSupport
import Runs
import TestSupport
import Testing
import Validation
import Workloads
import weir

@Suite("Reports of validations and golden checks")
struct ValidationReportTests {
    /// A measured row made up for the small call's ch_cumsum_fwd, with a sector count that is right.
    private static let table = """
        shape,order,pass,kernel,batch,seqlen,nheads,headdim,ngroups,dstate,chunk,blocks,num_warps,num_stages,grid_x,grid_y,grid_z,\
        threads_per_block,registers_per_thread,shared_bytes_per_block,l1_sectors,l1_hit_pct,cold_duration_ns
        small,0,fwd,ch_cumsum_fwd,1,512,8,64,1,64,128,BLOCK_SIZE_H=8,4,3,1,4,1,128,32,2048,SECTORS,50,4000
        small,1,bwd,rmsnorm,1,512,8,64,1,64,128,BLOCK_SIZE_H=8,4,3,1,4,1,128,32,2048,1,50,4000
        """

    private func result() throws -> ValidationResult {
        let launches = try Workload.launches(
            kernels: ["ch_cumsum_fwd"], shape: smallShape, tilings: ["ch_cumsum_fwd:H=8,warps=4,stages=3"])
        let machine = try MachineDescription(named: "h200")
        let sectors = try LaunchRunner.run(launches, machine: machine, cacheMode: .cold).sectorRequests
        let text = Self.table.replacing("SECTORS", with: "\(sectors)")
        let validation = try Validation(table: try ReferenceTable(text: text, name: "made up"), machine: machine)
        return ValidationResult(validation: validation, machine: machine, cost: nil)
    }

    @Test("JSON has each launch's measured and predicted columns, and a summary of errors")
    func json() throws {
        let result = try result()
        let read = try parsed(ValidationJSON().render(result))
        let launches = try #require(read["launches"] as? [[String: Any]])
        #expect(launches.count == 1)
        #expect(launches[0]["shape"] as? String == "small")
        #expect(launches[0]["order"] as? Int == 0)
        #expect(launches[0]["kernel"] as? String == "ch_cumsum_fwd")
        let measured = try #require(launches[0]["measured"] as? [String: Double])
        let predicted = try #require(launches[0]["predicted"] as? [String: Double])
        #expect(Set(measured.keys) == ["l1_sectors", "l1_hit_pct", "cold_duration_ns"])
        #expect(measured.keys == predicted.keys)
        let shares = try #require(launches[0]["predicted_time_shares"] as? [String: Double])
        #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9)
        #expect(measured["l1_sectors"] == predicted["l1_sectors"])
        let summary = try #require(read["summary"] as? [String: [String: Any]])
        #expect(summary["l1_sectors"]?["mean_error"] as? Double == 0)
        #expect(summary["l1_hit_pct"]?["error_unit"] as? String == "points")
        #expect((read["skipped"] as? [String: Int]) == ["rmsnorm": 1])
        #expect(read["wall_seconds"] is NSNull)
    }

    @Test("Text and CSV show the same launch")
    func textAndCSV() throws {
        let result = try result()
        let text = ValidationText().render(result)
        #expect(text.contains("\nsmall          0  ch_cumsum_fwd") || text.contains("\nsmall      0  ch_cumsum_fwd"))
        #expect(text.contains("Errors over 1 launches"))
        #expect(text.contains("rmsnorm (1)"))
        let lines = ValidationCSV().render(result).split(separator: "\n")
        #expect(lines[0] == "shape,order,kernel,tiling,column,measured,predicted,error")
        #expect(lines.count == 1 + 3 + TimeShares.titles.count)
        #expect(lines.contains { $0.contains(",share_instruction_issue,,") })
        #expect(text.contains("Where the predicted time on cold caches went"))
        let row = try #require(lines.first { $0.contains(",l1_sectors,") })
        #expect(row.hasSuffix(",0"))
    }

    @Test("A check's last line counts launches and those that differ; more differences than are kept are counted")
    func check() {
        let outcomes: [CheckOutcome] = [
            .compared(
                GoldenReport(file: "a.gz", kernel: "ch_scan_fwd", rowCount: 10, differenceCount: 0, differences: [])),
            .compared(
                GoldenReport(
                    file: "b.gz", kernel: "ch_scan_fwd", rowCount: 10, differenceCount: 3, differences: ["row 1"])),
            .failed(file: "c.gz", reason: "c.gz: cannot be read"),
        ]
        #expect(
            CheckText().render(outcomes) == """
                b.gz: row 1
                b.gz: and 2 more differences
                c.gz: cannot be read
                3 launches, 2 differ

                """)
        #expect(CheckCSV().render(outcomes).split(separator: "\n").count == 4)
    }

    @Test("The check and validate commands end with 1 where there is nothing to compare")
    func failures() throws {
        try withFolder { folder in
            let missing = folder + "/missing.csv.gz"
            var check = try Weir.parseAsRoot(["check", missing, "--quiet", "--output", folder + "/check.txt"])
            let error = try #require(throws: (any Error).self) { try check.run() }
            #expect(Weir.exitCode(for: error).rawValue == 1)
            let text = try String(contentsOfFile: folder + "/check.txt", encoding: .utf8)
            #expect(text.hasSuffix("1 launches, 1 differ\n"))
            let table = folder + "/empty.csv"
            try "shape,kernel\nx,rmsnorm\n".write(toFile: table, atomically: true, encoding: .utf8)
            var validate = try Weir.parseAsRoot(["validate", table, "--quiet"])
            let reason = try #require(throws: MeasurementError.self) { try validate.run() }
            #expect(reason == .nothingToValidate(file: table))
            #expect(ErrorReport.exitCode(of: reason) == 1)
        }
    }

    @Test("A table with an absurd number ends the command with 1 and one line")
    func absurd() throws {
        try withFolder { folder in
            let path = folder + "/t.csv"
            let rows = Self.table.replacing("SECTORS", with: "1").replacing(
                ",1,bwd,rmsnorm,", with: ",1,fwd,ch_cumsum_fwd,")
            let lines = rows.split(separator: "\n")
            let text = lines[0...1] + [lines[2].replacing(",128,BLOCK", with: ",2147483648,BLOCK")]
            try text.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            let error = try #require(throws: (any Error).self) {
                var command = try Weir.parseAsRoot(["validate", path, "--quiet"])
                try command.run()
            }
            #expect(ErrorReport.exitCode(of: error) == 1)
            #expect(
                ErrorReport.message(of: error)
                    == "\(path):3: 'chunk' is '2147483648': give a whole number from 1 to 16777216")
        }
    }
}
