import Report

/// The measurements as a table or as JSON.
enum BenchmarkReport {
    static func text(_ measurements: [Measurement]) -> String {
        var table = TextTable(columns: [
            ("phase", .left), ("trace", .right), ("threads", .right), ("sector requests", .right), ("seconds", .right),
            ("million requests/s", .right), ("ns/request", .right),
        ])
        for measurement in measurements {
            table.append([
                measurement.phase, "\(measurement.scale)x", String(measurement.threads),
                Quantity.count(measurement.sectorRequests),
                Quantity.fixed(measurement.seconds, digits: 3), Quantity.fixed(measurement.rate / 1e6, digits: 1),
                Quantity.fixed(measurement.nanosecondsPerRequest, digits: 2),
            ])
        }
        return table.text
    }

    static func json(_ measurements: [Measurement], job: [(key: String, value: JSONValue)], peakMemoryBytes: Int)
        -> String
    {
        let rows = measurements.map { measurement in
            JSONValue.object([
                ("phase", .text(measurement.phase)),
                ("scale", .integer(measurement.scale)),
                ("threads", .integer(measurement.threads)),
                ("sector_requests", .count(measurement.sectorRequests)),
                ("seconds", .number(measurement.seconds)),
                ("requests_per_second", .number(measurement.rate)),
                ("nanoseconds_per_request", .number(measurement.nanosecondsPerRequest)),
                ("repetitions", .integer(measurement.repetitions)),
            ])
        }
        return JSONValue.object(
            job + [("measurements", .array(rows)), ("peak_memory_bytes", .integer(peakMemoryBytes))]
        ).text + "\n"
    }
}
