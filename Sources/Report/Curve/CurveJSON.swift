import Experiments

/// Curves as JSON: what they are of, and for each launch its capacities with the misses of all tensors together and of each.
///
/// Two runs of the same command differ in `wall_seconds` and `peak_memory_bytes` alone; without a cost both are null.
package struct CurveJSON: Renderer {
    package init() {}

    package func render(_ result: CurveResult) -> String {
        let settings = result.settings
        return JSONValue.object([
            ("machine", MachineSummary(result.machine).json),
            ("level", .text(settings.level.rawValue)),
            ("granularity", .text(settings.granularity.rawValue)),
            ("line_bytes", .integer(settings.lineBytes)),
            ("fully_associative", .flag(settings.organization == .fullyAssociative)),
            ("order", .text(settings.order.rawValue)),
            ("cache", .text(settings.cacheMode.rawValue)),
            ("behind_l1", .flag(settings.isBehindL1)),
            ("sample", settings.sampling.map { .number($0.rate) } ?? .null),
            ("seed", settings.sampling.map { .count($0.seed) } ?? .null),
            ("launches", .array(result.launches.enumerated().map { launch($1, order: $0) })),
            ("total", result.total.map { .object(curve($0)) } ?? .null),
            ("sector_requests", settings.granularity == .sector ? .count(result.accesses) : .null),
            ("wall_seconds", result.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", result.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launch(_ launch: LaunchCurve, order: Int) -> JSONValue {
        let points: [(key: String, value: JSONValue)] = [
            ("capacity_bytes", .array(launch.points.map { .count($0.capacityBytes) })),
            ("sets", .array(launch.points.compactMap { $0.sets.map { .integer($0) } })),
            ("ways", .array(launch.points.compactMap { $0.ways.map { .integer($0) } })),
        ]
        return .object(
            [
                ("order", .integer(order)), ("kernel", .text(launch.launch.kernel)),
                ("footprint_bytes", launch.footprintBytes.map { .count($0) } ?? .null),
            ] + points + curve(launch.total) + [
                ("reads", .object(curve(launch.reads))), ("writes", .object(curve(launch.writes))),
                ("tensors", .array(launch.tensors.map { .object([("name", .text($0.name))] + curve($0)) }))
            ])
    }

    private func curve(_ curve: MissCurve) -> [(key: String, value: JSONValue)] {
        [
            ("accesses", .count(curve.accesses)), ("compulsory_misses", .count(curve.compulsoryMisses)),
            ("misses", .array(curve.misses.map { .count($0) })),
            ("miss_ratio", .array(curve.misses.indices.map { .number(curve.missRatio($0)) })),
            ("standard_error", .array(curve.misses.indices.compactMap { curve.standardError($0).map { .number($0) } })),
        ]
    }
}
