import Analysis

/// Curves as JSON: their settings, and for each launch its capacities with the misses of all tensors together and of
/// each tensor.
///
/// Two runs of the same command differ only in `wall_seconds` and `peak_memory_bytes`. Without a cost both are null.
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
                ("machine_l1", launch.machinePoint.map(Self.place) ?? .null),
            ] + points + curve(launch.total) + [
                ("reads", .object(curve(launch.reads))), ("writes", .object(curve(launch.writes))),
                ("tensors", .array(launch.tensors.map { .object([("name", .text($0.name))] + curve($0)) })),
            ])
    }

    private static func place(_ point: CurvePoint) -> JSONValue {
        .object([
            ("capacity_bytes", .count(point.capacityBytes)), ("sets", point.sets.map { .integer($0) } ?? .null),
            ("ways", point.ways.map { .integer($0) } ?? .null),
        ])
    }

    private func curve(_ curve: MissCurve) -> [(key: String, value: JSONValue)] {
        let points = curve.misses.indices
        let known = curve.isKnown
        let errors: [JSONValue] =
            curve.sample == nil ? [] : points.map { curve.standardError($0).map { .number($0) } ?? .null }
        return [
            ("accesses", .count(curve.accesses)), ("compulsory_misses", known ? .count(curve.compulsoryMisses) : .null),
            ("misses", .array(points.map { known ? .count(curve.misses[$0]) : .null })),
            ("miss_ratio", .array(points.map { known ? .number(curve.missRatio($0)) : .null })),
            ("standard_error", .array(errors)),
            ("sample_is_too_small", curve.sample == nil ? .null : .flag(points.contains { curve.isTooSmall($0) })),
        ]
    }
}
