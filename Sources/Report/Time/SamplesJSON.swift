import Simulator

/// A launch's course over time as JSON: one array for each quantity, with one element per bucket.
enum SamplesJSON {
    static func value(of samples: LaunchSamples, result: LaunchResult) -> JSONValue {
        let seconds = samples.bucketCycles / result.clockHertz
        let slots = Double(result.smCount * result.occupancy.blocksPerSM)
        return .object([
            ("bucket_ns", .number(seconds * 1e9)),
            ("hbm_read_bytes_per_second", rates(samples.hbmReadBytes, seconds: seconds)),
            ("hbm_write_bytes_per_second", rates(samples.hbmWriteBytes, seconds: seconds)),
            (
                "l2_hit_pct",
                .array(
                    (0..<samples.count).map { samples.l2HitPercent(bucket: $0).map { .number(rounded($0)) } ?? .null })
            ),
            ("resident_blocks", .array(samples.residentBlocks.map { .number(rounded($0)) })),
            ("occupied_slots_pct", .array(samples.residentBlocks.map { .number(rounded(100 * $0 / slots)) })),
        ])
    }

    private static func rates(_ bytes: [Double], seconds: Double) -> JSONValue {
        .array(bytes.map { .number(($0 / seconds).rounded()) })
    }

    /// Three digits after the point. This keeps the arrays short.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
