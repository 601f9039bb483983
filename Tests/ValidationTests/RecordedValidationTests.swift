import Content
import Machine
import Simulator
import TestSupport
import Testing
import Trace
import Validation

@Suite("Validation of recorded launches")
struct RecordedValidationTests {
    private static let header =
        "name,kind,kernel,parameters,grid_x,grid_y,grid_z,threads_per_block,registers_per_thread,shared_bytes_per_block,"
        + "limit_blocks_hw,limit_blocks_regs,limit_blocks_shared,limit_blocks_warps,cold_duration_ns,l1_sectors,l1_hit_pct,"
        + "l1_ld_requests,l1_st_sectors,cold_dram_read_bytes,cold_dram_write_bytes,warp_instructions,second_duration_ns"
    /// Made up for `copy` and `gather`: some values are right, some are wrong by amounts that the tests state.
    private static let copy = "copy_2,elementwise,copy,n=64,2,1,1,128,40,2048,32,12,32,16,1,10,5,2,8,512,0,48,7"
    private static let gather = "gather_1,gather,gather,,1,1,1,128,32,1024,32,16,32,16,100000000,40,0,1,0,1024,0,4,7"

    private let machine = try! MachineDescription(named: "h200")

    /// Two blocks. Each loads a line of 32 neighbours, multiplies, and stores them: 4 sectors each way.
    private var copy: HandMadeLaunch {
        var launch = HandMadeLaunch(blocks: 2, tensors: ["x", "y"])
        launch.launch.kernel = "copy"
        for block in 0..<2 {
            let lanes = (0..<32).map { UInt64(1 << 24 + 128 * block + 4 * $0) }
            launch.add(block: block, .load, tensor: 0, lanes)
            launch.programs[block].operations.append(.awaitLoads)
            launch.programs[block].operations.append(.compute(ComputeWork(instructions: 5, fp32: 1)))
            launch.add(block: block, .store, tensor: 1, lanes.map { $0 + 1 << 24 })
        }
        return launch
    }

    /// One block with one load of 32 words that lie a line apart: 32 sectors.
    private var gather: HandMadeLaunch {
        var launch = HandMadeLaunch(blocks: 1, tensors: ["x"])
        launch.launch.kernel = "gather"
        launch.add(block: 0, .load, tensor: 0, (0..<32).map { UInt64(1 << 24 + 128 * $0) })
        launch.programs[0].operations.append(.awaitLoads)
        return launch
    }

    private func validation(_ rows: [String], in folder: String, kernels: Set<String> = []) throws -> RecordedValidation
    {
        let text = ([Self.header] + rows).joined(separator: "\n")
        return try RecordedValidation(
            table: try ReferenceTable(text: text, name: "t.csv"), traces: folder, machine: machine, kernels: kernels)
    }

    /// The only failure of a table of one row.
    private func failure(of row: String, in folder: String) throws -> String {
        let validation = try validation([row], in: folder)
        #expect(validation.launches.isEmpty && validation.failures.count == 1)
        return try #require(validation.failures.first).error.description
    }

    @Test("Every shared column is compared, with the launch's own registers, shared memory and blocks of an SM")
    func columns() throws {
        try withFolder { folder in
            try writeTrace([copy], to: folder + "/copy_2.weir")
            // Launches of other kernels may lie beside the one that is meant.
            try writeTrace([copy, gather], to: folder + "/gather_1.weir")
            let validation = try validation([Self.copy, Self.gather], in: folder)
            #expect(validation.failures.isEmpty)
            #expect(validation.launches.map(\.row.name) == ["copy_2", "gather_1"])
            let found = validation.launches.map { launch in
                Dictionary(uniqueKeysWithValues: launch.columns.map { ($0.name, [$0.measured, $0.predicted]) })
            }
            // 128 threads of 32 registers: 16 blocks. The reserve of 1024 bytes alone lets 32 blocks share 32 KiB.
            var expected = [
                "registers_per_thread": [40.0, 32], "shared_bytes_per_block": [2048, 1024],
                "limit_blocks_hw": [32, 32],
                "limit_blocks_regs": [12, 16], "limit_blocks_shared": [32, 32], "limit_blocks_warps": [16, 16],
                "blocks_per_sm": [12, 16], "l1_sectors": [10, 16], "l1_hit_pct": [5, 0], "l1_ld_requests": [2, 2],
                "l1_st_sectors": [8, 8], "warp_instructions": [48, 40],
            ]
            let alone = try Simulation(machine: machine, cacheMode: .cold).run(copy)
            expected["cold_duration_ns"] = [1, alone.durationNanoseconds]
            expected["cold_dram_read_bytes"] = [512, Double(alone.counters.hbmReadBytes)]
            expected["cold_dram_write_bytes"] = [0, Double(alone.counters.hbmWriteBytes)]
            expected["cold_dram_bytes"] = [512, Double(alone.counters.hbmReadBytes + alone.counters.hbmWriteBytes)]
            #expect(found[0] == expected)
            // Memory moves 64 bytes at least.
            #expect(found[1]["l1_sectors"] == [40, 32])
            #expect(found[1]["l1_st_sectors"] == [0, 0])
            #expect(found[1]["cold_dram_bytes"] == [1024, 2048])
            #expect(Set(found[1].keys) == Set(expected.keys))
        }
    }

    @Test("Errors are summed up by kind, and durations more than 30 % off are counted")
    func kinds() throws {
        try withFolder { folder in
            try writeTrace([copy], to: folder + "/copy_2.weir")
            try writeTrace([gather], to: folder + "/gather_1.weir")
            let time = try Simulation(machine: machine, cacheMode: .cold).run(gather).durationNanoseconds
            let near = Self.gather.replacing(",100000000,", with: ",\(time * 1.25),").replacing(
                "gather,,", with: "gather,n,")
            let validation = try validation([Self.copy, Self.gather, near], in: folder + "/")
            #expect(validation.kinds.map(\.name) == ["elementwise", "gather"])
            #expect(validation.kinds.map(\.launches) == [1, 2])
            #expect(validation.kinds.map(\.farDurations) == [1, 1])
            #expect(validation.whole.farDurations == 2)
            let sectors = validation.kinds.map { kind in kind.summaries.first { $0.column == "l1_sectors" } }
            #expect(sectors.map { $0?.meanError } == [60, 20])
            #expect(sectors.map { $0?.medianError } == [60, 20])
            #expect(sectors.map { $0?.bias } == [60, -20])
            let all = try #require(validation.summaries.first { $0.column == "l1_sectors" })
            #expect(all.launches == 3 && abs(all.meanError - 100.0 / 3) < 1e-9 && abs(all.bias - 20.0 / 3) < 1e-9)
            let one = try self.validation([Self.copy, Self.gather], in: folder, kernels: ["gather"])
            #expect(one.launches.map(\.row.kernel) == ["gather"] && one.failures.isEmpty)
        }
    }

    @Test("A row without a right trace names it, and the others are compared")
    func failures() throws {
        try withFolder { folder in
            let (copyTrace, gatherTrace) = (folder + "/copy_2.weir", folder + "/gather_1.weir")
            try writeTrace([gather], to: gatherTrace)
            let record = "Scripts/record_triton.py --output \(copyTrace) --kernel copy SCRIPT"
            let both = try validation([Self.copy, Self.gather], in: folder)
            #expect(both.launches.map(\.row.name) == ["gather_1"])
            #expect(
                both.failures.map { "\($0.error)" } == [
                    "t.csv:2: there is no trace \(copyTrace): record it with \(record), where SCRIPT launches it with n=64"
                ])
            try writeTrace([gather], to: copyTrace)
            #expect(
                try failure(of: Self.copy, in: folder)
                    == "t.csv:2: \(copyTrace) has no launch of copy, but of gather: record it again with \(record)")
            try writeTrace([copy, gather, copy], to: copyTrace)
            #expect(
                try failure(of: Self.copy, in: folder)
                    == "t.csv:2: \(copyTrace) has 2 launches of copy: record the row's launch alone")
            var wide = copy
            wide.launch.grid = Grid(x: 1, y: 2)
            try writeTrace([wide], to: copyTrace)
            #expect(
                try failure(of: Self.copy, in: folder)
                    == "t.csv:2: \(copyTrace) has 1 x 2 x 1 blocks of 128 threads, the row has 2 x 1 x 1 of 128: "
                    + "record the launch that was measured")
            try "junk".write(toFile: copyTrace, atomically: true, encoding: .utf8)
            #expect(
                try failure(of: Self.copy, in: folder)
                    == "t.csv:2: \(copyTrace), file header, byte 0: not a .weir trace: it begins with 6a 75 6e 6b: "
                    + "record it again with \(record)")
            var large = copy
            large.launch.sharedMemoryBytesPerBlock = 1 << 20
            try writeTrace([large], to: copyTrace)
            let unfit = try failure(of: Self.copy, in: folder)
            #expect(unfit.hasPrefix("t.csv:2: \(copyTrace): ") && unfit.contains("shared memory"))
        }
    }

    @Test("A wrong value of the table is an error of the whole, before any trace is read")
    func hostile() throws {
        for (good, bad, message) in [
            (",40,0,1,0,", ",many,0,1,0,", "t.csv:2: 'l1_sectors' is 'many': give a number from 0 to 1e18"),
            ("gather_1,", "../gather_1,", "t.csv:2: 'name' is '../gather_1': give a name without '/'"),
            ("gather_1,gather,", "gather_1,,", "t.csv:2: 'kind' is empty: give it a value"),
            (",16,32,16,", ",x,32,16,", "t.csv:2: 'limit_blocks_regs' is 'x': give a number from 0 to 1e18"),
        ] {
            let row = Self.gather.replacing(good, with: bad)
            #expect(row != Self.gather)
            let error = try #require(throws: ReferenceError.self) { try validation([row], in: "/nowhere") }
            #expect(error.description == message)
        }
    }
}
