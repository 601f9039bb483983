import Analysis

/// The tables of one launch's use of memory: footprint and coalescing, traffic of blocks, shared lines, stack
/// distances.
struct InspectProfileText {
    /// Upper ends of the columns of distances: the bytes of a cache with that many lines, and its name. The last but
    /// one is the H200's L2.
    private static let caches: [(bytes: Int, name: String)] = [
        (128, "0"), (2 << 10, "<2 KiB"), (32 << 10, "<32 KiB"), (256 << 10, "<256 KiB"), (2 << 20, "<2 MiB"),
        (16 << 20, "<16 MiB"), (64 << 20, "<64 MiB"), (Int.max, "more"),
    ]

    let summary: LaunchSummary
    let processors: Int

    var text: String {
        guard let total = summary.profile else { return "" }
        var result = "\n" + footprints.text + "\n" + blocks(total.blockTraffic).text
        result += "\nlines by the number of SMs that touch them, of \(processors):\n" + sharing.text
        return result + "\nline requests by the distinct lines touched since the line's last request, in bytes:\n"
            + reuse.text
    }

    /// Tensors by name, then all tensors together.
    private var rows: [(name: String, traffic: TensorTraffic, profile: AccessProfile)] {
        let tensors = summary.launch.tensors.indices.map {
            (summary.launch.tensors[$0].name, summary.tensors[$0], summary.tensorProfiles[$0])
        }
        return tensors + (summary.profile.map { [("all", summary.total, $0)] } ?? [])
    }

    private var footprints: TextTable {
        var table = TextTable(columns: [
            ("tensor", .left), ("footprint", .right), ("of it read", .right), ("written", .right), ("lines", .right),
            ("sectors/read", .right), ("least", .right), ("ratio", .right), ("sectors/write", .right),
            ("least", .right),
            ("ratio", .right), ("lanes", .right),
        ])
        for (index, row) in rows.enumerated() {
            if index == summary.launch.tensors.count { table.appendRule() }
            let footprint = row.profile.footprint
            table.append(
                [row.name]
                    + [footprint.sectors, footprint.readSectors, footprint.writtenSectors].map {
                        Quantity.bytes(Double($0 * Footprint.sectorBytes))
                    } + [Quantity.count(footprint.lines)]
                    + ratios(row.traffic.readSectors, row.profile.readLeastSectors, requests: row.traffic.readRequests)
                    + ratios(
                        row.traffic.writeSectors, row.profile.writeLeastSectors, requests: row.traffic.writeRequests)
                    + [quotient(row.profile.activeLanes, row.profile.laneRequests)])
        }
        return table
    }

    private func ratios(_ sectors: UInt64, _ least: UInt64, requests: UInt64) -> [String] {
        [quotient(sectors, requests), quotient(least, requests), quotient(sectors, least)]
    }

    private func blocks(_ traffic: BlockTraffic) -> TextTable {
        var table = TextTable(columns: [
            ("bytes per block", .left), ("mean", .right), ("least", .right), ("greatest", .right),
        ])
        for (name, spread) in [
            ("read", traffic.readBytes), ("in sectors", traffic.readSectorBytes), ("written", traffic.writeBytes),
            ("in sectors", traffic.writeSectorBytes),
        ] {
            table.append([
                name, Quantity.fixed(spread.mean, digits: 1), Quantity.count(spread.least),
                Quantity.count(spread.greatest),
            ])
        }
        return table
    }

    private var sharing: TextTable {
        let classes = InspectColumns.sharingClasses(processors: processors)
        let titles = classes.map { (InspectColumns.name(of: $0, separator: "-"), TextTable.Alignment.right) }
        var table = TextTable(columns: [("tensor", .left), ("share of", .left)] + titles)
        for (index, row) in rows.enumerated() {
            if index == summary.launch.tensors.count { table.appendRule() }
            let sharing = row.profile.sharing
            for (name, title, counts) in [(row.name, "lines", sharing.lines), ("", "requests", sharing.touches)] {
                table.append([name, title] + shares(classes.indices.map(counts.orZero)))
            }
        }
        return table
    }

    private var reuse: TextTable {
        let titles = ["first"] + Self.caches.map(\.name)
        var table = TextTable(columns: [("tensor", .left), ("requests", .right)] + titles.map { ($0, .right) })
        for (index, row) in rows.enumerated() {
            if index == summary.launch.tensors.count { table.appendRule() }
            let reuse = row.profile.reuse
            var counts = Self.caches.map { _ in UInt64(0) }
            for (bucket, touches) in reuse.buckets.enumerated() {
                let lines = ReuseHistogram.distances(ofBucket: bucket).upperBound
                let column = Self.caches.firstIndex { lines < $0.bytes / Int(Footprint.lineBytes) } ?? counts.count - 1
                counts[column] += touches
            }
            table.append([row.name, Quantity.count(reuse.touches)] + shares([reuse.cold] + counts))
        }
        return table
    }

    private func shares(_ counts: [UInt64]) -> [String] {
        let sum = counts.reduce(0, +)
        return counts.map { sum == 0 || $0 == 0 ? "-" : Quantity.percent(100 * Double($0) / Double(sum)) }
    }

    private func quotient(_ value: UInt64, _ divisor: UInt64) -> String {
        divisor == 0 ? "-" : Quantity.fixed(Double(value) / Double(divisor), digits: 2)
    }
}
