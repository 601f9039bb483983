import Machine
import Runs
import Trace
import Workloads

/// Draws the curves of a sequence of launches in one pass.
package enum CurveRunner {
    /// - Parameter progress: called before each block is read.
    /// - Throws: `AnalysisError.impossibleCurve` for settings that do not fit together. `.curveFootprint` for
    ///   launches that touch too much memory. `.launchFailed` for a launch that no SM of the machine holds. Errors of
    ///   the sequence.
    package static func run(
        _ sequence: some LaunchSequence, machine: MachineDescription, settings: CurveSettings,
        progress: ((RunProgress) -> Void)? = nil
    ) throws -> CurveResult {
        try check(settings, caches: settings.level == .l1 ? machine.gpu.smCount : 1)
        var sequence = sequence
        let collector = CurveCollector(settings: settings, machine: machine)
        var launches: [LaunchCurve] = []
        while let source = try sequence.next() {
            let launch = source.launch
            let order = launches.count
            let count = sequence.launchCount
            do {
                launches.append(
                    try collector.run(source) { block in
                        progress?(
                            RunProgress(
                                order: order, launchCount: count, kernel: launch.kernel, blocksStarted: block,
                                blockCount: launch.grid.blockCount))
                    })
            } catch is CurveFull {
                throw AnalysisError.curveFootprint(
                    place: sequence.place, order: order, kernel: launch.kernel, bytes: settings.byteLimit)
            } catch let error as MachineError {
                throw RunError.launchFailed(
                    place: sequence.place, order: order, kernel: launch.kernel, reason: error.description)
            }
        }
        return CurveResult(settings: settings, machine: machine, launches: launches)
    }

    /// The most lines of all sets and ways that a curve may hold at a time, over all SMs.
    private static let wayLimit = 1 << 27

    private static func check(_ settings: CurveSettings, caches: Int) throws(AnalysisError) {
        let usual = LineGeometry.nvidia
        let lines = settings.granularity == .sector ? Int(usual.sectorBytes)...Int(usual.lineBytes) : 4...4096
        guard lines.contains(settings.lineBytes), settings.lineBytes & (settings.lineBytes - 1) == 0 else {
            throw .impossibleCurve(
                option: "--line \(settings.lineBytes)",
                reason: "give a power of two from \(lines.lowerBound) to \(lines.upperBound)")
        }
        if let sampling = settings.sampling {
            guard sampling.rate > 0, sampling.rate < 1 else {
                throw .impossibleCurve(option: "--sample \(sampling.rate)", reason: "give a share above 0 and below 1")
            }
            guard settings.organization == .fullyAssociative else {
                throw .impossibleCurve(
                    option: "--sample", reason: "only a fully associative cache is sampled; leave --sets and --ways out"
                )
            }
        }
        if settings.level == .l1 {
            if settings.isBehindL1 {
                throw .impossibleCurve(option: "--behind-l1", reason: "the curve is the L1's; give --level l2")
            }
            if settings.cacheMode == .chained {
                throw .impossibleCurve(
                    option: "--cache chained", reason: "an L1 is empty at each launch; give --level l2")
            }
        }
        switch settings.organization {
        case .fullyAssociative: return
        case .waysOfSets(let sets, let ways), .setsOfWays(let sets, let ways):
            let limit = wayLimit / caches / max(ways, 1)
            guard ways > 0, !sets.isEmpty, sets.allSatisfy({ $0 > 0 && $0 <= limit }), sets.reduce(0, +) <= limit
            else {
                throw .impossibleCurve(
                    option: "sets \(sets.map(String.init).joined(separator: ",")) of \(ways) ways",
                    reason: "give positive numbers, and not more than \(wayLimit) ways over all caches")
            }
            if settings.capacities != .ladder {
                throw .impossibleCurve(
                    option: "--capacities, --every",
                    reason: "sets and ways give the capacities; leave --sets and --ways out")
            }
        }
    }
}
