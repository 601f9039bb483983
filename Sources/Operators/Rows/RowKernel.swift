import Kernels
import Trace

/// A kernel whose blocks take one row each, or several, and go over it once or more often.
struct RowKernel: BlockProgramSource, Sendable {
    /// One time over the row: trips of loads, instructions and stores, then a reduction over the block's threads.
    struct Pass: Sendable {
        var loads: [RowStream]
        var stores: [RowStream] = []
        /// Instructions of a warp in a full trip.
        var trip: InstructionMix
    }

    /// What a kernel is made of.
    struct Plan {
        var kernel: String
        var rows: Int
        var columns: Int
        var threads: Int
        var registers: Int
        var sharedBytes: Int
        /// Rows of a block. Its warps take them side by side.
        var rowsPerBlock = 1
        /// Elements that the block takes in one trip, of one row.
        var tripElements: Int
        /// Whether what is no whole trip is taken element by element.
        var hasNarrowTail = false
        /// Where this is above 1: a row that begins beside a multiple of so many elements takes a thread's first
        /// element alone, up to where the second one would be aligned.
        var alignment = 1
        /// Single values of the row, loaded before and stored behind all passes.
        var before: [RowStream] = []
        var behind: [RowStream] = []
        /// Instructions of a warp outside the passes.
        var entry: InstructionMix
        var passes: [Pass]
    }

    let launch: KernelLaunch
    private let plan: Plan
    private let entry: ComputeWork
    private let trips: [ComputeWork]
    private let lastTrips: [ComputeWork]
    private let headTrips: [ComputeWork]

    init(_ plan: Plan, tensors: [Tensor]) {
        self.plan = plan
        entry = plan.entry.work
        trips = plan.passes.map(\.trip.work)
        func part(_ share: Double) -> [ComputeWork] {
            plan.passes.map { pass in
                var mix = InstructionMix()
                mix.add(pass.trip, times: share)
                return mix.work
            }
        }
        lastTrips = part(Double(plan.columns % plan.tripElements) / Double(plan.tripElements))
        headTrips = part(1 / Double(plan.alignment))
        launch = KernelLaunch(
            kernel: plan.kernel, grid: Grid(x: plan.rows.dividedRoundingUp(by: plan.rowsPerBlock)),
            threadsPerBlock: plan.threads, registersPerThread: plan.registers,
            sharedMemoryBytesPerBlock: plan.sharedBytes, tensors: tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let first = block * plan.rowsPerBlock
        let rows = first..<min(plan.rows, first + plan.rowsPerBlock)
        program.add(entry)
        for stream in plan.before { for row in rows { stream.append(row: row, from: 0, count: 1, to: &program) } }
        let shift = first * plan.columns % plan.alignment
        for (number, pass) in plan.passes.enumerated() {
            var column = 0
            while column < plan.columns {
                let isHead = column == 0 && shift > 0
                let count = min(isHead ? plan.threads - shift : plan.tripElements, plan.columns - column)
                let isTail = count < plan.tripElements
                let isNarrow = isTail && plan.hasNarrowTail
                for row in rows {
                    for stream in pass.loads {
                        stream.append(row: row, from: column, count: count, isTail: isNarrow, to: &program)
                    }
                }
                program.operations.append(.awaitLoads)
                program.add(isHead ? headTrips[number] : isTail ? lastTrips[number] : trips[number])
                for row in rows {
                    for stream in pass.stores {
                        stream.append(row: row, from: column, count: count, isTail: isNarrow, to: &program)
                    }
                }
                column += count
            }
            if plan.rowsPerBlock == 1, number < plan.passes.count - 1 { program.operations.append(.barrier) }
        }
        for stream in plan.behind { for row in rows { stream.append(row: row, from: 0, count: 1, to: &program) } }
    }
}
