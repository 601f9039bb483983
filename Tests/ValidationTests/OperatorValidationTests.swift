import Content
import Machine
import Testing
import Validation

@Suite("Measured operators")
struct OperatorValidationTests {
    /// Columns of h200_operators_dev.csv, and rows 44, 46 and 0 of it.
    private static let table = """
        op,direction,p_dtype,p_inputs,p_elements,launch,function,grid_x,grid_y,grid_z,threads_per_block,registers_per_thread,l1_sectors,l1_ld_requests,cold_dram_read_bytes
        elementwise,add,bf16,2,4096,0,vectorized_elementwise_kernel<8>,4,1,1,128,34,768,32,23040
        elementwise,copy_fp32_bf16,fp32>bf16,1,4096,0,vectorized_elementwise_kernel<8>,4,1,1,128,32,1280,32,21504
        pooling,fwd,bf16,,,0,nvjet_sm90_tst_256x128_64x4_1x2_h_bz_coopA_TNT,2,66,1,384,168,2204,0,687393280

        """

    private func validate(_ text: String, kinds: Set<String> = []) throws -> OperatorValidation {
        let table = try ReferenceTable(text: text, name: "table.csv")
        #expect(table.holdsOperators && !table.holdsRecordedLaunches)
        return try OperatorValidation(table: table, machine: MachineDescription(named: "h200"), kinds: kinds)
    }

    @Test("Rows with a generator are compared, the others are named")
    func rows() throws {
        let validation = try validate(Self.table)
        #expect(validation.launches.map(\.row.number) == [0, 1])
        #expect(validation.launches.map(\.kernel) == ["add.vec8", "copy.vec8"])
        for launch in validation.launches {
            for column in launch.columns where !column.name.hasPrefix("cold_") {
                #expect(column.measured == column.predicted, "\(launch.kernel) \(column.name)")
            }
            #expect(launch.columns.contains { $0.name == "cold_dram_read_bytes" && $0.predicted > 0 })
        }
        #expect(validation.failures.map(\.row.number) == [2])
        #expect(validation.failures.map(\.reason) == ["no generator for pooling fwd"])
        #expect(validation.kinds.map(\.name) == ["elementwise", "pooling"])
        #expect(validation.kinds.map(\.rows) == [2, 1])
        #expect(validation.whole.exactGrids == 2)
        #expect(try validate(Self.table, kinds: ["pooling"]).launches.isEmpty)
    }

    @Test("A row without its sizes, or with an unknown type, is an error with its line")
    func errors() throws {
        for (old, new, cause) in [
            ("bf16,2,4096", "bf16,2,", "'p_elements' is empty"), ("add,bf16", "add,bf17", "'p_dtype' is 'bf17'"),
        ] {
            let text = Self.table.replacing(old, with: new, maxReplacements: 1)
            let error = #expect(throws: ReferenceError.self) { try validate(text) }
            #expect(error?.line == 2 && error?.cause == cause)
        }
    }
}
