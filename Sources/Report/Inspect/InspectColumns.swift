import Analysis

/// The plain numbers of inspected tensors and launches under the names that JSON and CSV share.
enum InspectColumns {
    typealias Column = (key: String, value: JSONValue)

    static func traffic(_ traffic: TensorTraffic) -> [Column] {
        [
            ("read_requests", .count(traffic.readRequests)),
            ("read_sectors", .count(traffic.readSectors)),
            ("read_bytes", .count(traffic.readBytes)),
            ("write_requests", .count(traffic.writeRequests)),
            ("write_sectors", .count(traffic.writeSectors)),
            ("write_bytes", .count(traffic.writeBytes)),
        ]
    }

    /// The numbers of `profile` that are not lists. Ratios with a zero divisor are null.
    static func profile(_ profile: AccessProfile, _ traffic: TensorTraffic) -> [Column] {
        let requests = traffic.requests
        let least = profile.readLeastSectors + profile.writeLeastSectors
        var columns: [Column] = [
            ("read_least_sectors", .count(profile.readLeastSectors)),
            ("write_least_sectors", .count(profile.writeLeastSectors)),
        ]
        for (prefix, sectors, least, requests) in [
            ("", traffic.sectors, least, requests),
            ("read_", traffic.readSectors, profile.readLeastSectors, traffic.readRequests),
            ("write_", traffic.writeSectors, profile.writeLeastSectors, traffic.writeRequests),
        ] {
            columns += [
                ("\(prefix)sectors_per_request", ratio(sectors, requests)),
                ("\(prefix)least_sectors_per_request", ratio(least, requests)),
                ("\(prefix)coalescing", ratio(sectors, least)),
            ]
        }
        columns += [
            ("lane_requests", .count(profile.laneRequests)),
            ("active_lanes", .count(profile.activeLanes)),
            ("mean_active_lanes", ratio(profile.activeLanes, profile.laneRequests)),
        ]
        return columns + footprint(profile.footprint) + blockTraffic(profile.blockTraffic)
    }

    private static func footprint(_ footprint: Footprint) -> [Column] {
        var columns: [Column] = []
        for (prefix, sectors, lines) in [
            ("", footprint.sectors, footprint.lines), ("read_", footprint.readSectors, footprint.readLines),
            ("written_", footprint.writtenSectors, footprint.writtenLines),
        ] {
            columns += [
                ("footprint_\(prefix)sectors", .count(sectors)),
                ("footprint_\(prefix)bytes", .count(sectors * Footprint.sectorBytes)),
                ("footprint_\(prefix)lines", .count(lines)),
            ]
        }
        return columns
    }

    private static func blockTraffic(_ traffic: BlockTraffic) -> [Column] {
        [
            ("read_bytes", traffic.readBytes), ("read_sector_bytes", traffic.readSectorBytes),
            ("write_bytes", traffic.writeBytes), ("write_sector_bytes", traffic.writeSectorBytes),
        ].flatMap { name, spread -> [Column] in
            [
                ("block_\(name)_mean", .number(spread.mean)),
                ("block_\(name)_min", .count(spread.least)),
                ("block_\(name)_max", .count(spread.greatest)),
            ]
        }
    }

    /// A quotient; null if the divisor is zero.
    static func ratio(_ value: UInt64, _ divisor: UInt64) -> JSONValue {
        divisor == 0 ? .null : .number(Double(value) / Double(divisor))
    }

    /// A range of whole numbers in names and titles. The range from 1 to 1 is `1`. The range from 3 to 4 is `3` +
    /// separator + `4`.
    static func name(of range: ClosedRange<Int>, separator: String) -> String {
        range.count == 1 ? String(range.lowerBound) : "\(range.lowerBound)\(separator)\(range.upperBound)"
    }

    /// The SM counts of each class of shared lines on a machine of `processors` SMs.
    static func sharingClasses(processors: Int) -> [ClosedRange<Int>] {
        var classes: [ClosedRange<Int>] = []
        while (classes.last?.upperBound ?? 0) < processors {
            let range = LineSharing.processors(ofClass: classes.count)
            classes.append(range.lowerBound...min(range.upperBound, processors))
        }
        return classes
    }
}

extension Array<UInt64> {
    /// The element at `index`, or zero after the end.
    func orZero(_ index: Int) -> UInt64 { index < count ? self[index] : 0 }
}
