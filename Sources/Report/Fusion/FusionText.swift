import Content
import Fusion
import Runs
import Simulator
import Trace

/// A comparison as tables for people: baseline beside variant, the uses of the time, lifetimes, and the verdict.
package struct FusionText: Renderer {
    package init() {}

    package func render(_ comparison: FusionComparison) -> String {
        var result = MachineSummary(comparison.machine).text
        result +=
            "Baseline: \(names(comparison.baseline)). Variant: \(comparison.variantName), \(names(comparison.variant)).\n"
        result +=
            "Caches: the L2 is empty before each side's first launch and keeps its contents between its launches\n"
        for line in comparison.assumptions { result += "  " + line + "\n" }
        result += "\n" + sides(comparison).text
        if comparison.hasIntermediate { result += "\n" + intermediates(comparison) }
        let launches =
            comparison.baseline.launches.map { ("baseline", $0) } + comparison.variant.launches.map { ("variant", $0) }
        result += "\nLaunches:\n\n" + table(of: launches).text
        result += "\nWhere the time went, in percent of each launch's duration:\n\n"
        result +=
            TimeTables.shares(
                launches.map { ([$0.0, $0.1.launch.kernel], TimeShares(of: $0.1)) },
                titles: [("side", .left), ("kernel", .left)]
            ).text
        result += "\nLifetimes of thread blocks and what SMs were active, in cycles:\n\n"
        result += TimeTables.lifetimes(launches.map(\.1)).text
        result += "\n" + VerdictText.sentence(of: comparison) + "\n"
        if let cost = comparison.cost {
            result +=
                "\nSimulated \(Quantity.count(comparison.sectorRequests)) sector requests in "
                + "\(Quantity.fixed(cost.wallSeconds, digits: 2)) s, "
                + "peak memory \(Quantity.bytes(Double(cost.peakMemoryBytes))).\n"
        }
        return result
    }

    private func names(_ side: FusionSide) -> String {
        side.launches.map(\.launch.kernel.asPrintable).joined(separator: ", then ")
    }

    private func intermediates(_ comparison: FusionComparison) -> String {
        let side = comparison.baseline
        let passed = side.intermediates.compactMap(\.passedBytes).reduce(0, +)
        return "Intermediate (\(side.intermediates.map(\.name.asPrintable).joined(separator: ", "))): "
            + "\(Quantity.bytes(Double(side.storedBytes))) are stored"
            + (passed > 0 ? ", of which \(Quantity.bytes(Double(passed))) are read" : "")
            + (comparison.variant.storedBytes != side.storedBytes
                ? "; the variant has \(Quantity.bytes(Double(comparison.variant.storedBytes)))" : "") + "\n"
    }

    private func sides(_ comparison: FusionComparison) -> TextTable {
        var table = TextTable(columns: [("", .left), ("baseline", .right), ("variant", .right), ("ratio", .right)])
        for row in FusionRows.rows(of: comparison) {
            let (before, after) = (row.value(comparison.baseline), row.value(comparison.variant))
            let ratio = row.hasRatio && before > 0 ? Quantity.fixed(after / before, digits: 3) : ""
            table.append([row.title, row.text(before), row.text(after), ratio])
        }
        return table
    }

    private func table(of launches: [(side: String, result: LaunchResult)]) -> TextTable {
        var table = TextTable(columns: [
            ("side", .left), ("kernel", .left), ("time", .right), ("blocks", .right), ("threads", .right),
            ("registers", .right),
            ("shared", .right), ("blocks/SM", .right), ("limited by", .left), ("waves", .right), ("HBM read", .right),
            ("HBM written", .right), ("bounded by", .left),
        ])
        for (side, result) in launches {
            let launch = result.launch
            table.append([
                side, launch.kernel, Quantity.nanoseconds(result.durationNanoseconds),
                Quantity.count(UInt64(launch.grid.blockCount)),
                String(launch.threadsPerBlock), String(launch.registersPerThread),
                Quantity.count(UInt64(launch.sharedMemoryBytesPerBlock)) + " B", String(result.occupancy.blocksPerSM),
                result.occupancy.limitedBy.rawValue, Quantity.fixed(result.waves, digits: 2),
                Quantity.bytes(Double(result.counters.hbmReadBytes)),
                Quantity.bytes(Double(result.counters.hbmWriteBytes)),
                BoundKind(of: result).words,
            ])
        }
        return table
    }
}
