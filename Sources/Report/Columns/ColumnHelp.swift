import Content
import Runs

/// What a heading of a table means.
package struct ColumnHelp: Sendable {
    package let heading: String
    package let meaning: String
    /// The metric of Nsight Compute that measures the same; nil where none does.
    package let nsight: String?

    init(_ heading: String, _ meaning: String, _ nsight: String? = nil) {
        self.heading = heading
        self.meaning = meaning
        self.nsight = nsight
    }
}

/// The headings of the tables of `run` and `replay`, and the words for what bounds a launch.
package enum ColumnGuide {
    /// A table, and how to get it.
    package struct Section: Sendable {
        package let title: String
        package let columns: [ColumnHelp]
    }

    package static let sections = [
        Section(title: "Launches", columns: launches),
        Section(title: "Launches, with --wide", columns: wide),
        Section(title: "Where the time went, with --time (percent of each row's time)", columns: time),
        Section(title: "Lifetimes of thread blocks, with --lifetimes (cycles)", columns: lifetimes),
        Section(title: "Totals of passes and kernels, with --totals", columns: totals),
        Section(title: "Steps of models and lists of operators", columns: steps),
    ]

    private static let launches = [
        ColumnHelp(
            "kernel",
            "the kernel; xN: N launches of the same kernel, grid and tiling, whose sums the row has; *: registers and "
                + "shared memory are estimates"),
        ColumnHelp(
            "time", "duration of the row's launches together, launch overhead included", "gpu__time_duration.sum"),
        ColumnHelp(
            "of peak HBM", "HBM bytes a second, in percent of the memory's peak at the pins",
            "dram__throughput.avg.pct_of_peak_sustained_elapsed"),
        ColumnHelp("L2 hit", "sectors of all lookups in the L2 that hit, in percent", "lts__t_sector_hit_rate.pct"),
        ColumnHelp(
            "HBM bytes", "bytes read from HBM and written to it", "dram__bytes_read.sum + dram__bytes_write.sum"),
        ColumnHelp(
            "L2 rate",
            "bytes a second of all lookups in the L2, in percent of what its slices deliver: l2.slices x "
                + "l2.sliceBandwidth x clock (96 x 64 B a cycle on the H200)",
            "lts__t_sectors.avg.pct_of_peak_sustained_elapsed"),
        ColumnHelp(
            "blocks per SM", "thread blocks that fit an SM at a time",
            "the least of launch__occupancy_limit_{blocks,registers,shared_mem,warps}"),
        ColumnHelp("median block", "median time from a block's start to its end"),
        ColumnHelp("bounded by", "the cause of the largest part of the time; the words stand at the end"),
    ]

    private static let wide = [
        ColumnHelp("blocks", "thread blocks of the row's launches", "launch__grid_size"),
        ColumnHelp(
            "waves", "rounds of resident blocks that the grid makes on all SMs", "launch__waves_per_multiprocessor"),
        ColumnHelp(
            "L1 requests", "warp requests of loads and stores",
            "l1tex__t_requests_pipe_lsu_mem_global_op_{ld,st}.sum"),
        ColumnHelp("L1 sectors", "32-byte sectors of all requests to the L1s", "l1tex__t_sectors.sum"),
        ColumnHelp("L1 hit", "sectors that hit in the L1s, in percent", "l1tex__t_sector_hit_rate.pct"),
        ColumnHelp("HBM read", "bytes read from HBM", "dram__bytes_read.sum"),
        ColumnHelp("HBM written", "bytes written to HBM", "dram__bytes_write.sum"),
        ColumnHelp("HBM rate", "HBM bytes a second", "dram__bytes.sum.per_second"),
        ColumnHelp("overhead", "time of the launch itself, beyond its blocks"),
    ]

    private static let time =
        [ColumnHelp("idle slots", "tail or too few blocks: room for blocks that no block takes")]
        + TimeShares.titles.compactMap { title in
            BoundKind.allCases.first { $0.words == title.title && $0 != .tail }.map {
                ColumnHelp($0.words, $0.meaning)
            }
        }

    private static let lifetimes = [
        ColumnHelp("mean", "mean time from a block's start to its end, in cycles"),
        ColumnHelp("min", "the shortest block's"),
        ColumnHelp("p10", "a tenth of the blocks live no longer"),
        ColumnHelp("p50", "half of the blocks live no longer"),
        ColumnHelp("p90", "nine tenths of the blocks live no longer"),
        ColumnHelp("max", "the longest block's"),
        ColumnHelp("least SM mean", "mean of the SM whose blocks live shortest"),
        ColumnHelp("greatest SM mean", "mean of the SM whose blocks live longest"),
        ColumnHelp("SM active", "cycles in which an SM had a block, averaged over SMs", "sm__cycles_active.avg"),
        ColumnHelp("warps per SM", "resident warps of an SM in such cycles", "sm__warps_active.avg.per_cycle_active"),
    ]

    private static let totals = [
        ColumnHelp("pass", "forward or backward part of the training step"),
        ColumnHelp("launches", "launches of the row"),
        ColumnHelp("of the step", "the pass's share of the time"),
        ColumnHelp("tensor alone", "share of the time in kernels that compute products and nothing else"),
        ColumnHelp("vector alone", "share of the time in kernels without products"),
        ColumnHelp("both", "share of the time in kernels that do both"),
        ColumnHelp("pipes", "which of these three the kernel is"),
        ColumnHelp("share", "the row's share of the time"),
        ColumnHelp("tensor ops", "operations of the tensor cores, two a multiply-add"),
        ColumnHelp("vector ops", "lanes of fp32, ALU and special-function instructions"),
        ColumnHelp("tensor/vector", "tensor operations over vector operations"),
        ColumnHelp("tensor ops/byte", "tensor operations a byte of HBM traffic"),
        ColumnHelp("vector ops/byte", "vector operations a byte of HBM traffic"),
        ColumnHelp("of ridge", "the column before in percent of the machine's ridge, where pipes and HBM take as long"),
    ]

    private static let steps = [
        ColumnHelp("kind of work", "the operator's category"),
        ColumnHelp("layer", "the layer that the launch belongs to"),
        ColumnHelp("operator", "the operator's name"),
        ColumnHelp("FLOP", "floating-point operations that the operators ask for"),
        ColumnHelp("launch", "the launch's number, from 1 on"),
        ColumnHelp("times", "how many launches of the step this one stands for; time and bytes are those of one"),
    ]

    /// Every heading of the tables of runs and steps.
    package static var headings: [String] {
        let columns =
            LaunchTables.columns + LaunchTables.wideColumns + TimeTables.lifetimeColumns + TotalsText.columns
            + StepTextWriter.columns + StepTextWriter.sumColumns
        return columns.map(\.title) + TimeShares.titles.map(\.title)
    }

    /// The whole guide, as `weir help columns` prints it.
    package static var text: String {
        var result = "Headings of the tables of weir run and weir replay; after '=', Nsight Compute's metric\n"
        for section in sections {
            result += "\n\(section.title):\n\n"
            for column in section.columns {
                result += line(column.heading, column.meaning)
                if let nsight = column.nsight { result += line("", "= \(nsight)") }
            }
        }
        result += "\nbounded by, and what helps:\n\n"
        for kind in BoundKind.allCases {
            result += line(kind.words, kind.meaning + "; " + kind.remedy)
            if kind.words != kind.rawValue { result += line("", "in JSON and CSV: \(kind.rawValue)") }
        }
        return result
    }

    /// A term beside its meaning, which is broken within its own column.
    private static func line(_ term: String, _ meaning: String) -> String {
        let indent = 20
        let lines = meaning.wrappedLines(to: TextWidth.columns - indent).split(separator: "\n").map {
            String($0.drop { $0 == " " })
        }
        return lines.enumerated().map { index, text in
            let first = index == 0 ? "  " + term : ""
            return first + String(repeating: " ", count: max(1, indent - first.count)) + text + "\n"
        }.joined()
    }
}
