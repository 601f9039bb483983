import RunSupport
import Runs
import Simulator
import Testing

@Suite("Columns of the measured tables")
struct PredictedColumnsTests {
    /// Columns of h200_ssd.csv that the simulator predicts in the cold mode.
    static let coldColumns = """
        cold_duration_ns cold_cycles cold_sm_active_cycles cold_warps_active l1_sectors l1_hit_sectors l1_hit_pct l1_ld_requests \
        l1_ld_sectors l1_ld_hit_sectors l1_st_requests l1_st_sectors l1_st_hit_sectors l1_red_sectors l1_atom_sectors \
        l1_local_ld_sectors l1_local_st_sectors \
        l1_ldgsts_bypass_requests l1_ldgsts_bypass_sectors l1_ldgsts_access_sectors l2_to_l1_read_sectors \
        l1_to_l2_write_sectors cold_l2_sectors cold_l2_hit_sectors cold_l2_hit_pct cold_l2_read_sectors \
        cold_l2_read_hit_sectors cold_l2_write_sectors cold_l2_write_hit_sectors cold_l2_red_sectors cold_l2_atom_sectors \
        cold_l2_tex_sectors cold_l2_tex_hit_sectors cold_l2_tex_read_sectors cold_l2_tex_read_hit_sectors \
        cold_l2_tex_write_sectors cold_l2_fabric_sectors cold_l2_fabric_hit_sectors cold_l2_fill_sectors \
        cold_dram_read_bytes cold_dram_write_bytes cold_dram_busy_pct warp_instructions xu_warp_inst alu_warp_inst fma_warp_inst
        """.split(separator: " ").map(String.init)

    /// Columns of the same table for launches back to back.
    static let chainedColumns = """
        chain_duration_ns chain_l2_sectors chain_l2_hit_sectors chain_l2_tex_sectors chain_l2_tex_hit_sectors \
        chain_l2_read_sectors chain_l2_read_hit_sectors chain_l2_fabric_sectors chain_dram_read_bytes chain_dram_write_bytes \
        chain_dram_busy_pct
        """.split(separator: " ").map(String.init)

    @Test("Every predictable column of the measured tables is there, under its name, once")
    func names() throws {
        let cold = try smallRun().launches[0]
        let names = PredictedColumns.values(of: cold, mode: .cold).map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Set(Self.coldColumns).subtracting(names).isEmpty)
        let chained = PredictedColumns.values(of: cold, mode: .chained).map(\.name)
        #expect(Set(Self.chainedColumns).subtracting(chained).isEmpty)
        #expect(!chained.contains { $0.hasPrefix("cold_") })
    }

    @Test("A column has one name, or cold_ and chain_ before one; each mode's names are distinct")
    func bothNames() {
        for column in PredictedColumns.all where column.cold != column.chained {
            #expect(column.cold.hasPrefix("cold_") && column.chained == "chain_" + column.cold.dropFirst("cold_".count))
        }
        #expect(Set(PredictedColumns.all.map(\.cold)).count == PredictedColumns.all.count)
        #expect(Set(PredictedColumns.all.map(\.chained)).count == PredictedColumns.all.count)
        let fixed = Set(PredictedColumns.all.filter { $0.cold == $0.chained }.map(\.cold))
        #expect(fixed.isSuperset(of: ["l1_hit_pct", "l2_to_l1_read_sectors", "warp_instructions", "line_requests"]))
        #expect(fixed.isDisjoint(with: ["duration_ns", "l2_fill_sectors", "dram_read_bytes"]))
    }

    @Test("A sum over launches replaces exactly the columns that are shares and means")
    func fusedColumns() throws {
        let result = try smallRun().launches[0]
        let names = PredictedColumns.values(of: result, mode: .chained).map(\.name)
        #expect(
            Set(["l1_hit_pct", "chain_l2_hit_pct", "chain_warps_active", "chain_dram_busy_pct"]).isSubset(of: names))
        #expect(names.filter { $0.hasSuffix("_pct") }.count == 3)
    }

    @Test("Every counter appears, with its value")
    func counters() throws {
        for result in try smallRun().launches {
            let values = Dictionary(
                uniqueKeysWithValues: PredictedColumns.values(of: result, mode: .cold).map { ($0.name, $0.value) })
            for row in CounterTable.rows {
                let value = values[row.name] ?? values["cold_" + row.name]
                #expect(value == Double(result.counters[keyPath: row.keyPath]), "\(row.name)")
            }
        }
    }

    @Test("Shares and sums agree with their parts")
    func derived() throws {
        for result in try smallRun().launches {
            let values = Dictionary(
                uniqueKeysWithValues: PredictedColumns.values(of: result, mode: .cold).map { ($0.name, $0.value) })
            func value(_ name: String) -> Double { values[name] ?? .nan }
            #expect(
                value("cold_l2_tex_sectors") == value("cold_l2_tex_read_sectors") + value("cold_l2_tex_write_sectors")
                    + value("cold_l2_tex_red_sectors"))
            #expect(abs(value("l1_hit_pct") - 100 * value("l1_hit_sectors") / value("l1_sectors")) < 1e-9)
            #expect(value("cold_dram_busy_pct") >= 0 && value("cold_dram_busy_pct") <= 100)
            // The README's identity: warps x active cycles x SMs is what all blocks' lives add up to.
            let lives = value("cold_warps_active") * value("cold_sm_active_cycles") * Double(result.smCount)
            let expected = result.lifetimes.sum * Double(result.launch.warpsPerBlock)
            #expect(abs(lives - expected) <= 1e-9 * expected)
        }
    }
}
