import Content
import Machine
import Runs
import Simulator

/// A column in which recorded launches are compared.
struct RecordedColumn: Sendable {
    let name: String
    /// The value of a launch that ran on cold caches.
    let predicted: @Sendable (LaunchResult, MachineDescription) -> Double
    /// Columns that the measured value follows from, if the table has no column of this name; empty if there are none.
    private var parts: [String] = []
    /// Makes the measured value of theirs.
    private var combine: @Sendable ([Double]) -> Double = { $0[0] }

    /// The measured value; nil if the table has none.
    /// - Throws: `ReferenceError` for a value that is not a number.
    func measured(_ row: ReferenceRow) throws(ReferenceError) -> Double? {
        if let value = try row.number(name) { return value }
        var values: [Double] = []
        for part in parts {
            guard let value = try row.number(part) else { return nil }
            values.append(value)
        }
        return values.isEmpty ? nil : combine(values)
    }

    /// Every column, in the order of the measured tables.
    static let all: [RecordedColumn] = resources + counted

    /// What the compiler gives a launch, and how many of its blocks fit an SM. Tables of generated kernels have these
    /// from the row, so that only recorded launches are compared in them.
    private static let resources: [RecordedColumn] = [
        RecordedColumn(name: "registers_per_thread") { result, _ in Double(result.launch.registersPerThread) },
        RecordedColumn(name: "shared_bytes_per_block") { Double(sharedBytes($0, $1)) },
        RecordedColumn(name: "shared_config_bytes") { result, _ in Double(result.occupancy.carveOutBytes) },
        RecordedColumn(name: "waves") { result, _ in result.waves },
        RecordedColumn(name: "max_warps_pct") { result, machine in
            100 * Double(result.occupancy.blocksPerSM * result.occupancy.warpsPerBlock) / Double(machine.sm.warps)
        },
        RecordedColumn(name: "limit_blocks_hw") { result, _ in Double(result.occupancy.limitByBlocks) },
        RecordedColumn(name: "limit_blocks_regs") { result, _ in Double(result.occupancy.limitByRegisters) },
        // Nsight Compute counts the blocks that fit the carve-out of the launch, not the largest one.
        RecordedColumn(name: "limit_blocks_shared") { result, machine in
            let granularity = machine.sm.sharedGranularityBytes
            let bytes = (sharedBytes(result, machine) + granularity - 1) / granularity * granularity
            return Double(bytes == 0 ? result.occupancy.limitByBlocks : result.occupancy.carveOutBytes / bytes)
        },
        RecordedColumn(name: "limit_blocks_warps") { result, _ in Double(result.occupancy.limitByWarps) },
        RecordedColumn(
            name: "blocks_per_sm", predicted: { result, _ in Double(result.occupancy.blocksPerSM) },
            parts: ["limit_blocks_hw", "limit_blocks_regs", "limit_blocks_shared", "limit_blocks_warps"],
            combine: { $0.min() ?? 0 }),
    ]

    /// What simulated launches count, and the bytes of reads and writes of memory together.
    private static let counted: [RecordedColumn] = PredictedColumns.all.flatMap { column -> [RecordedColumn] in
        let own = RecordedColumn(name: column.name(in: .cold)) { result, _ in column.value(result) }
        guard own.name == "cold_dram_write_bytes" else { return [own] }
        let sum = RecordedColumn(
            name: "cold_dram_bytes",
            predicted: { result, _ in Double(result.counters.hbmReadBytes + result.counters.hbmWriteBytes) },
            parts: ["cold_dram_read_bytes", "cold_dram_write_bytes"], combine: { $0.reduce(0, +) })
        return [own, sum]
    }

    /// Shared memory of a block with the hardware's reserve, as tables have it.
    private static func sharedBytes(_ result: LaunchResult, _ machine: MachineDescription) -> Int {
        result.launch.sharedMemoryBytesPerBlock + machine.sm.sharedReserveBytes
    }
}
