import Content
import Kernels
import Operators
import Runs
import Simulator
import Studies

/// A point of a sweep with its results as one line of JSON Lines, in the layout of docs/sweeps.md.
///
/// Everything but `launches` and `point` is a plain value, so that data frames get one column for each. `launches`
/// holds flat objects. Their members are the columns of `weir run --format csv` that describe the launch and its
/// predictions. Of a training step there are the sums alone. Lines of the same point differ only in `wall_seconds`.
package struct SweepLine: Renderer {
    package init() {}

    private typealias Members = [(key: String, value: JSONValue)]

    /// - Returns: the line without its line end and checksum. `SweepFile` adds them.
    package func render(_ record: SweepRecord) -> String {
        var members: Members = [
            ("key", .text(record.key)),
            ("status", .text((record.outcome.isFailed ? SweepFile.Status.failed : .ok).rawValue)),
            ("error", error(of: record.outcome)),
            ("format", .text(SweepFormat.name)),
            ("weir", .text(Version.current)),
            ("machine", .text(record.machine)),
            ("cache", .text(record.cacheMode)),
            ("point", .object(record.point.settings.map { ($0.parameter.name, .text($0.value.text)) })),
        ]
        for setting in record.point.settings where setting.parameter != .machine && setting.parameter != .cache {
            let value = setting.value
            members.append((setting.parameter.name, value.number.map(JSONValue.number) ?? .text(value.text)))
        }
        members.append(("wall_seconds", record.wallSeconds.map(JSONValue.number) ?? .null))
        switch record.outcome {
        case .gpu(let run): members += values(of: run)
        case .plain(let run): members += values(of: run)
        case .step(let run): members += values(of: run)
        case .failed: members.append(("launches", .array([])))
        }
        return JSONValue.object(members).line
    }

    private func error(of outcome: SweepOutcome) -> JSONValue {
        if case .failed(let message) = outcome { .text(message) } else { .null }
    }

    private func values(of run: RunResult) -> Members {
        let totals = StepTotals(of: run.launches)
        let counters = totals.together.counters
        var members: Members = [
            ("machine_name", .text(run.machine.gpu.name)),
            ("sector_requests", .count(run.sectorRequests)),
            ("total_launches", .integer(run.launches.count)),
            ("total_duration_ns", .number(totals.together.nanoseconds)),
            ("total_l1_sectors", .count(counters.l1Sectors)),
            ("total_l1_hit_sectors", .count(counters.l1HitSectors)),
            ("total_l1_hit_pct", .number(counters.l1HitPercent)),
            ("total_l2_sectors", .count(counters.l2Sectors)),
            ("total_l2_hit_sectors", .count(counters.l2HitSectors)),
            ("total_l2_hit_pct", .number(counters.l2HitPercent)),
        ]
        let names = Set(members.map(\.key))
        members += CounterTable.rows.filter { !names.contains("total_" + $0.name) }.map {
            ("total_" + $0.name, .count(counters[keyPath: $0.keyPath]))
        }
        let launches = run.launches.indices.map {
            launch(run.launches[$0], order: $0, pass: totals.passes[$0], mode: run.cacheMode)
        }
        return members + [("launches", .array(launches))]
    }

    private func launch(_ result: LaunchResult, order: Int, pass: SSDPass, mode: CacheMode) -> JSONValue {
        let members: Members = [
            ("order", .integer(order)),
            ("kernel", .text(result.launch.kernel)),
            ("pass", .text(pass.rawValue)),
            ("pipes", .text(KernelPipes(of: result).rawValue)),
            ("tiling", .text(result.launch.tiling)),
            ("blocks", .integer(result.launch.grid.blockCount)),
            ("blocks_per_sm", .integer(result.occupancy.blocksPerSM)),
            ("waves", .number(result.waves)),
            ("limited_by", .text(result.occupancy.limitedBy.rawValue)),
            ("bound_by", .text(BoundKind(of: result).rawValue)),
        ]
        return .object(members + PredictedColumns.values(of: result, mode: mode).map { ($0.name, .number($0.value)) })
    }

    /// The totals of a step's JSON, and its breakdown with a column for each kind of work and sum.
    private func values(of run: StepRunResult) -> Members {
        let roofs = StepRoofs(machine: run.machine)
        var members: Members = [
            ("machine_name", .text(run.machine.gpu.name)), ("sector_requests", .count(run.sectorRequests)),
        ]
        members += StepJSON.totals(run.breakdown, roofs: roofs).map { ("total_" + $0.key, $0.value) }
        for category in OperatorCategory.allCases {
            let sums = run.breakdown[category]
            let columns = StepJSON.members(of: sums) + [("share_pct", .number(run.breakdown.percent(sums)))]
            members += columns.map { ("\(category.rawValue)_\($0.key)", $0.value) }
        }
        return members + [("launches", .array([]))]
    }

    private func values(of run: PlainRunResult) -> Members {
        func counters(_ counters: PlainCounters, prefix: String = "") -> Members {
            PlainCounterTable.rows.map { (prefix + $0.name, .count(counters[keyPath: $0.keyPath])) }
        }
        let launches = run.launches.enumerated().map { order, result in
            JSONValue.object(
                [
                    ("order", .integer(order)), ("kernel", .text(result.launch.kernel)),
                    ("blocks", .integer(result.launch.grid.blockCount)),
                ] + counters(result.counters))
        }
        let first: Members = [
            ("machine_name", .text(run.machine.settings.core.name)),
            ("sector_requests", .count(run.total.sectors)),
            ("total_launches", .integer(run.launches.count)),
        ]
        return first + counters(run.total, prefix: "total_") + [("launches", .array(launches))]
    }
}
