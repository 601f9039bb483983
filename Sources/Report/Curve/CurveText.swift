import Analysis

/// Curves for people: launches, tensors at a few capacities, and miss ratios by capacity with the kernels side by side.
package struct CurveText: Renderer {
    /// The greatest number of launches whose curves stand side by side. With more launches only their sum is shown.
    private static let columnLimit = 8
    /// The number of capacities at which tensors are shown.
    private static let tensorPoints = 6

    package init() {}

    package func render(_ result: CurveResult) -> String {
        var text = heading(result)
        guard let first = result.launches.first else { return text + "No launches.\n" }
        text += "\n" + launches(result).text
        text += "\nMiss ratios of tensors\n" + tensors(result).text
        if result.launches.allSatisfy({ $0.points == first.points }) {
            text += "\nMiss ratios by capacity\n" + curves(result, points: first.points).text
        }
        text += SampleNotes.text(result)
        if let cost = result.cost {
            let rate = cost.wallSeconds > 0 ? Double(result.accesses) / cost.wallSeconds / 1e6 : 0
            text +=
                "\nCounted \(Quantity.count(result.accesses)) \(result.settings.granularity.rawValue) accesses in "
                + "\(Quantity.fixed(cost.wallSeconds, digits: 2)) s (\(Quantity.fixed(rate, digits: 1)) million a second), "
                + "peak memory \(Quantity.bytes(Double(cost.peakMemoryBytes))).\n"
        }
        return text
    }

    private func heading(_ result: CurveResult) -> String {
        let settings = result.settings
        let lines = settings.granularity == .sector ? "sectored lines" : "whole lines"
        var text = MachineSummary(result.machine).text
        text +=
            "LRU, \(settings.lineBytes)-byte \(lines), \(settings.level == .l1 ? "an L1 for each SM" : "one L2 for all SMs")"
        switch settings.organization {
        case .fullyAssociative: text += ", fully associative"
        case .waysOfSets(let sets, let ways): text += ", \(list(sets)) sets of 1 to \(ways) ways"
        case .setsOfWays(let sets, let ways): text += ", \(list(sets)) sets of \(ways) ways"
        }
        text += settings.order == .waves ? "; resident blocks take turns" : "; one block after another"
        if settings.level == .l2 { text += settings.cacheMode == .cold ? "; cold at each launch" : "; chained" }
        if settings.isBehindL1 { text += "; behind L1s" }
        if let sampling = settings.sampling {
            text += "; \(JSONValue.text(of: 100 * sampling.rate)) % of the lines, seed \(sampling.seed)"
        }
        text += ".\n"
        if settings.level == .l1 { text += Self.machineNote(result) }
        return text
    }

    /// A note on the point at which `weir replay` runs, if there is one.
    private static func machineNote(_ result: CurveResult) -> String {
        var places: [String] = []
        for point in result.launches.compactMap({ $0.machinePoint.map { name($0, result: result) } })
        where !places.contains(point) {
            places.append(point)
        }
        if !places.isEmpty {
            return "The machine gives these launches L1s of \(places.joined(separator: ", ")).\n"
                + "weir replay counts the same hits there if no two blocks share an SM at a time. Its accesses include those that go\n"
                + "past the L1 and are none here: reductions, atomics, bulk copies, and loads and copies that bypass it.\n"
        }
        let l1 = result.machine.l1
        return result.launches.isEmpty
            ? ""
            : "The machine's L1 is another: \(l1.replacement.rawValue), \(l1.lineBytes)-byte lines "
                + "with \(l1.sectorBytes)-byte sectors, sets by \(l1.hash.rawValue).\nweir replay counts that one.\n"
    }

    private func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }

    private func launches(_ result: CurveResult) -> TextTable {
        var table = TextTable(columns: [
            ("kernel", .left), ("accesses", .right), ("that write", .right), ("compulsory misses", .right),
            ("ratio", .right),
            ("footprint", .right),
        ])
        func append(_ name: String, _ curve: MissCurve, writes: UInt64, footprint: String) {
            let ratio = curve.accesses == 0 ? 0 : 100 * Double(curve.compulsoryMisses) / Double(curve.accesses)
            table.append([
                name, Quantity.count(curve.accesses), Quantity.count(writes),
                curve.isKnown ? Quantity.count(curve.compulsoryMisses) : "?",
                curve.isKnown ? Quantity.percent(ratio) : "?",
                curve.isKnown ? footprint : "?",
            ])
        }
        for launch in result.launches {
            append(
                launch.launch.kernel, launch.total, writes: launch.writes.accesses,
                footprint: launch.footprintBytes.map { Self.size($0) } ?? "larger")
        }
        if result.launches.count > 1, let total = result.total {
            table.appendRule()
            let writes = result.launches.reduce(0) { $0 + $1.writes.accesses }
            append("total", total, writes: writes, footprint: "")
        }
        return table
    }

    private func tensors(_ result: CurveResult) -> TextTable {
        let shown = points(result.launches[0].points)
        let isShared = result.launches.allSatisfy { $0.points == result.launches[0].points }
        let chosen = isShared ? shown : []
        var table = TextTable(
            columns: [("kernel", .left), ("tensor", .left), ("accesses", .right), ("compulsory", .right)]
                + chosen.map { (Self.name(result.launches[0].points[$0], result: result), .right) })
        for launch in result.launches {
            for (index, tensor) in launch.tensors.enumerated() {
                table.append(
                    [
                        index == 0 ? launch.launch.kernel : "", tensor.name, Quantity.count(tensor.accesses),
                        tensor.isKnown ? Quantity.count(tensor.compulsoryMisses) : "?",
                    ] + chosen.map { tensor.isKnown ? Quantity.percent(100 * tensor.missRatio($0)) : "?" })
            }
        }
        return table
    }

    /// A few points, evenly spread. The last point is one of them.
    private func points(_ all: [CurvePoint]) -> [Int] {
        guard all.count > Self.tensorPoints else { return Array(all.indices) }
        return (1...Self.tensorPoints).map { $0 * all.count / Self.tensorPoints - 1 }
    }

    private func curves(_ result: CurveResult, points: [CurvePoint]) -> TextTable {
        var shown: [(name: String, curve: MissCurve)] = []
        if result.launches.count <= Self.columnLimit { shown = result.launches.map { ($0.launch.kernel, $0.total) } }
        if result.launches.count > 1, let total = result.total { shown.append(("total", total)) }
        var table = TextTable(columns: [("capacity", .right)] + shown.map { ($0.name, .right) })
        for (index, point) in points.enumerated() {
            table.append(
                [Self.name(point, result: result)]
                    + shown.map { _, curve in
                        guard curve.isKnown else { return "?" }
                        let error =
                            curve.isTooSmall(index)
                            ? " ± ?"
                            : curve.standardError(index).map { " ± " + Quantity.fixed(100 * $0, digits: 2) } ?? ""
                        return Quantity.fixed(100 * curve.missRatio(index), digits: 2) + error + " %"
                    })
        }
        return table
    }

    private static func name(_ point: CurvePoint, result: CurveResult) -> String {
        guard let sets = point.sets, let ways = point.ways else { return size(point.capacityBytes) }
        return size(point.capacityBytes) + " (\(sets) x \(ways))"
    }

    /// A capacity with a binary prefix: `25.0 MiB`.
    private static func size(_ bytes: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit + 1 < units.count {
            value /= 1024
            unit += 1
        }
        if value == value.rounded() { return "\(Int(value)) \(units[unit])" }
        return Quantity.fixed(value, digits: value < 10 ? 2 : 1) + " " + units[unit]
    }
}

extension CurveResult {
    /// The sectors or lines that all launches together request.
    var accesses: UInt64 { launches.reduce(0) { $0 + $1.total.accesses } }
}
