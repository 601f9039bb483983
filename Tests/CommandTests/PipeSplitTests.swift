import Content
import Foundation
import Kernels
import Machine
import Report
import RunSupport
import TestSupport
import Testing
import Trace
import Validation

@Suite("The split of measured training steps over pipes")
struct PipeSplitTests {
    private static let kernels = [
        "ch_cumsum_fwd", "bmm_ch_fwd", "ch_scan_fwd", "ch_cumsum_fwd", "bmm_ch_bwd", "ch_scan_bwd_dcb", "ch_cumsum_bwd",
    ]
    /// Made up. Forward 10, 20 and 70 % on vector pipes, tensor pipes and both; backward 25, 25 and 50 %.
    private static let durations = [1000, 2000, 7000, 1000, 2000, 4000, 1000]

    /// The rows of a step at the small shape as its generators launch it.
    private func result(rows: Range<Int>) throws -> ValidationResult {
        let machine = try MachineDescription(named: "h200")
        var text = """
            shape,order,kernel,batch,seqlen,nheads,headdim,ngroups,dstate,chunk,blocks,num_warps,num_stages,grid_x,grid_y,grid_z,\
            threads_per_block,registers_per_thread,shared_bytes_per_block,cold_duration_ns

            """
        for order in rows {
            let kernel = Self.kernels[order]
            let launch = try SSDKernels.makeSource(kernel: kernel, shape: smallShape).launch
            let tiling = try SSDKernels.kernel(named: kernel).defaultTiling(shape: smallShape)
            let shared = launch.sharedMemoryBytesPerBlock + machine.sm.sharedReserveBytes
            text += "small,\(order),\(kernel),1,512,8,64,1,64,128,\(launch.tiling),\(tiling.warps),\(tiling.stages),"
            text +=
                "\(launch.grid.x),\(launch.grid.y),\(launch.grid.z),\(launch.threadsPerBlock),\(launch.registersPerThread),"
            text += "\(shared),\(Self.durations[order])\n"
        }
        let validation = try Validation(table: try ReferenceTable(text: text, name: "made up"), machine: machine)
        return ValidationResult(validation: validation, machine: machine, cost: nil)
    }

    @Test("Measured shares are the rows' durations by class and pass, predicted ones the simulated durations")
    func shares() throws {
        let result = try result(rows: 0..<7)
        let splits = result.validation.pipeSplits
        try #require(splits.map(\.pass) == [.forward, .backward])
        #expect(splits.map { $0.measured.percent(.tensor) } == [20, 25])
        #expect(splits.map { $0.measured.percent(.vector) } == [10, 25])
        #expect(splits.map { $0.measured.percent(.both) } == [70, 50])
        let predicted = result.validation.launches.map { launch in
            launch.columns.first { $0.name == "cold_duration_ns" }?.predicted ?? 0
        }
        let forward = predicted[0] + predicted[1] + predicted[2]
        #expect(abs(splits[0].predicted.percent(.both) - 100 * predicted[2] / forward) < 1e-9)
        #expect(abs(splits[0].difference(.tensor) - (100 * predicted[1] / forward - 20)) < 1e-9)
    }

    @Test(
        "Text shows the published shares below the measured ones, JSON both; a table without a whole step has neither")
    func reports() throws {
        let step = try result(rows: 0..<7)
        let text = ValidationText().render(step)
        let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(rows.contains { $0.starts(with: ["small", "forward", "20.0", "%"]) })
        #expect(rows.contains { $0.starts(with: ["H100,", "published", "forward", "2.4", "%"]) })
        let read = try parsed(ValidationJSON().render(step))
        let splits = try #require(read["pipe_splits"] as? [[String: Any]])
        #expect(splits.map { $0["pass"] as? String } == ["forward", "backward"])
        #expect((splits[1]["measured_pct"] as? [String: Double]) == ["tensor": 25, "vector": 25, "both": 50])
        let published = try #require(read["published_pipe_split"] as? [String: [String: Double]])
        #expect(published["forward"] == ["tensor": 2.40, "vector": 8.55, "both": 89.03])
        #expect(published["backward"] == ["tensor": 1.26, "vector": 6.86, "both": 91.87])
        for rows in [0..<3, 2..<7] {
            let part = try result(rows: rows)
            #expect(part.validation.pipeSplits.isEmpty)
            #expect(!ValidationText().render(part).contains("published"))
        }
    }
}
