import Content
import Machine
import Testing
import Validation

@Suite("Validation of tables without tilings")
struct OtherKernelsTests {
    /// Rows made up in the columns of h200_others.csv: a short convolution, a short scan, a norm, and a kernel that no
    /// generator makes.
    private static let header =
        "kernel,batch,dim,seqlen,dstate,has_z,width,channel_last,rows,cols,group,grid_x,grid_y,grid_z,threads_per_block,"
        + "registers_per_thread,shared_bytes_per_block,l1_ld_requests,l1_st_sectors,l1_hit_pct,cold_duration_ns"
    private static let rows = [
        "conv1d_fwd,1,128,64,,,4,1,,,,1,1,2,128,48,10672,72,512,10,3000",
        "sel_scn_fwd,2,3,256,16,1,,,,,,2,3,1,32,84,4160,318,288,50,9000",
        "rmsnorm_gated_fwd,,,,,,,,8,1024,512,8,2,1,64,32,1040,96,528,20,3000",
        "mystery_fwd,,,,,,,,8,8,8,1,1,1,128,32,1024,1,1,0,3000",
    ]

    private func validation(_ rows: [String]) throws -> Validation {
        let text = ([Self.header] + rows).joined(separator: "\n")
        return try Validation(
            table: try ReferenceTable(text: text, name: "made up"), machine: try MachineDescription(named: "h200"))
    }

    @Test("Rows of Mamba-1 and norms are simulated from their sizes; others are left out by name")
    func launches() throws {
        let validation = try validation(Self.rows)
        #expect(validation.launches.map(\.launch.kernel) == ["conv1d_fwd", "sel_scn_fwd", "rmsnorm_gated_fwd"])
        #expect(validation.launches.map(\.launch.shapeName) == ["b1_d128_s64_last", "b2_d3_s256", "r8_c1024_g512"])
        #expect(validation.skipped.map(\.kernel) == ["mystery_fwd"] && validation.skipped.map(\.rows) == [1])
        // Two tiles of 16 requests and 20 for taps and biases; 64 positions of 256 bytes. Six blocks: two rows and z of
        // one request, the same of B and C of 16 states, 16 of A, 2 of parameters; two rows of 16 sectors and 16 pairs.
        // 16 groups of 512 values by two warps: three vectors of each lane twice; 32 sectors and one of the root.
        let columns = validation.launches.map { launch in
            Dictionary(uniqueKeysWithValues: launch.columns.map { ($0.name, ($0.measured, $0.predicted)) })
        }
        for column in ["l1_ld_requests", "l1_st_sectors"] {
            for launch in columns {
                let pair = try #require(launch[column])
                #expect(pair.0 == pair.1, "\(column)")
            }
        }
    }

    @Test("A grid that the sizes do not give is refused with its line")
    func wrongGrid() {
        let error = #expect(throws: ReferenceError.self) {
            try validation([Self.rows[0].replacing(",1,1,2,128,", with: ",1,2,2,128,")])
        }
        #expect(error?.line == 2)
    }
}
