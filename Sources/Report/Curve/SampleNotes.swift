import Analysis

/// Sentences on samples that are too small to give an error.
enum SampleNotes {
    /// A paragraph; empty if all lines are counted or the sample is large enough everywhere.
    static func text(_ result: CurveResult) -> String {
        guard let sampling = result.settings.sampling else { return "" }
        let notes = result.launches.compactMap { note(on: $0, rate: sampling.rate) }
        let tensors = result.launches.contains { launch in
            launch.tensors.contains { curve in launch.points.indices.contains { curve.isTooSmall($0) } }
        }
        if notes.isEmpty, !tensors { return "" }
        let each = "Of single tensors the sample is too small for an error at some capacities.\n"
        return "\n" + notes.joined() + (tensors ? each : "")
    }

    private static func note(on launch: LaunchCurve, rate: Double) -> String? {
        let curve = launch.total
        let small = launch.points.indices.filter { curve.isTooSmall($0) }
        guard let first = small.first, let sample = curve.sample else { return nil }
        let name = launch.launch.kernel
        if sample.isEmpty {
            return "\(name): the sample is too small: it took none of the lines, so that no misses are known.\n"
                + "  Give a larger --sample, or leave it out.\n"
        }
        // The number of lines of equal weight at the most demanding point.
        let lines = small.map { sample.equalLines(point: $0, of: curve.accesses) }.min() ?? 0
        let needed = SampledMisses.leastLines / max(lines, 1)
        let cure =
            needed > rate && needed < 0.5
            ? "Give --sample \(Quantity.fixed((needed * 1000).rounded(.up) / 1000, digits: 3)) or more, or leave it out."
            : "Another --seed may have an error to give; leave --sample out for exact misses."
        return
            "\(name): the sample is too small for an error (± ?) at \(small.count) of \(launch.points.count) capacities, from "
            + "\(launch.points[first].capacityBytes) bytes on:\n  the accesses lie on lines that weigh as "
            + "\(Quantity.fixed(lines, digits: 0)) equal ones. \(cure)\n"
    }
}
