import Trace

/// What one launch's accesses add up to, and the curves that follow.
struct CurveCounts {
    private let settings: CurveSettings
    private let launch: KernelLaunch
    /// One for each stack of a cache.
    let stacks: [DistanceCountsBox]
    /// By tensor, reads before writes; behind them those of operations that name no tensor of the launch.
    var accesses: [UInt64]

    init(settings: CurveSettings, launch: KernelLaunch, stackCount: Int) {
        self.settings = settings
        self.launch = launch
        let slots = 2 * (launch.tensors.count + 1)
        accesses = Array(repeating: 0, count: slots)
        stacks = (0..<stackCount).map { _ in DistanceCountsBox(tensorCount: slots) }
    }

    /// Where accesses are counted.
    func slot(tensor: Int, isWrite: Bool) -> Int { 2 * min(tensor, launch.tensors.count) + (isWrite ? 1 : 0) }

    var curve: LaunchCurve {
        let points = points
        var total = empty("all", points: points)
        var reads = empty("all", points: points)
        var writes = empty("all", points: points)
        var tensors: [MissCurve] = []
        for tensor in 0...launch.tensors.count where accesses[2 * tensor] + accesses[2 * tensor + 1] > 0 {
            let read = curve(ofSlot: 2 * tensor, points: points)
            let written = curve(ofSlot: 2 * tensor + 1, points: points)
            var both = empty(tensor < launch.tensors.count ? launch.tensors[tensor].name : "(none)", points: points)
            both.add(read)
            both.add(written)
            reads.add(read)
            writes.add(written)
            total.add(both)
            tensors.append(both)
        }
        return LaunchCurve(
            launch: launch, points: points, total: total, reads: reads, writes: writes, tensors: tensors,
            footprintBytes: footprint(points: points, total: total))
    }

    private func empty(_ name: String, points: [CurvePoint]) -> MissCurve {
        let parts = settings.sampling == nil ? 0 : CurveSampling.classCount
        return MissCurve(
            name: name, accesses: 0, compulsoryMisses: 0, misses: points.map { _ in 0 },
            partMisses: Array(repeating: points.map { _ in 0 }, count: parts),
            blurMisses: parts == 0 ? [] : points.map { _ in 0 })
    }

    private var points: [CurvePoint] {
        let lineBytes = UInt64(settings.lineBytes)
        switch settings.organization {
        case .fullyAssociative:
            switch settings.capacities {
            case .ladder: return Self.ladder(lineBytes: lineBytes).map { CurvePoint(capacityBytes: $0) }
            case .listed(let capacities): return capacities.map { CurvePoint(capacityBytes: $0) }
            case .every: return stacks[0].counts.steps.map { CurvePoint(capacityBytes: UInt64($0) * lineBytes) }
            }
        case .waysOfSets(let sets, let ways):
            return sets.flatMap { sets in
                (1...ways).map { CurvePoint(capacityBytes: UInt64(sets * $0) * lineBytes, sets: sets, ways: $0) }
            }
        case .setsOfWays(let sets, let ways):
            return sets.map { CurvePoint(capacityBytes: UInt64($0 * ways) * lineBytes, sets: $0, ways: ways) }
        }
    }

    /// Four capacities an octave from 1 KiB to 4 GiB, whole lines each and each once.
    private static func ladder(lineBytes: UInt64) -> [UInt64] {
        let steps: [UInt64] = [1024, 1218, 1448, 1722]
        var result: [UInt64] = []
        for octave in 0..<22 {
            for step in steps {
                let capacity = max((step << UInt64(octave)) / lineBytes, 1) * lineBytes
                if capacity != result.last { result.append(capacity) }
            }
        }
        return result + [1 << 32]
    }

    private func curve(ofSlot slot: Int, points: [CurvePoint]) -> MissCurve {
        switch settings.organization {
        case .fullyAssociative:
            let lines = points.map { Int($0.capacityBytes / UInt64(settings.lineBytes)) }
            guard let sampling = settings.sampling else {
                return MissCurve(
                    name: "", accesses: accesses[slot], compulsoryMisses: stacks[0].counts.compulsory(tensor: slot),
                    misses: stacks[0].counts.misses(tensor: slot, lines: lines))
            }
            let partRate = sampling.rate / Double(CurveSampling.classCount)
            return MissCurve(
                name: "", accesses: accesses[slot],
                compulsoryMisses: limited(Double(stacks[0].counts.compulsory(tensor: slot)) / sampling.rate, slot: slot),
                misses: estimates(stack: 0, rate: sampling.rate, slot: slot, lines: lines)
                    .map { limited($0, slot: slot) },
                partMisses: stacks.indices.dropFirst().map { estimates(stack: $0, rate: partRate, slot: slot, lines: lines) },
                blurMisses: blur(rate: sampling.rate, slot: slot, lines: lines))
        case .waysOfSets(_, let ways):
            return MissCurve(
                name: "", accesses: accesses[slot], compulsoryMisses: stacks[0].counts.compulsory(tensor: slot),
                misses: stacks.flatMap { $0.counts.misses(tensor: slot, lines: Array(1...ways)) })
        case .setsOfWays(_, let ways):
            return MissCurve(
                name: "", accesses: accesses[slot], compulsoryMisses: stacks[0].counts.compulsory(tensor: slot),
                misses: stacks.flatMap { $0.counts.misses(tensor: slot, lines: [ways]) })
        }
    }

    /// Misses as a stack of sampled lines has them: distances and counts divided by the share of lines that it holds.
    private func estimates(stack: Int, rate: Double, slot: Int, lines: [Int]) -> [Double] {
        let sampled = lines.map { Int((Double($0) * rate).rounded(.up)) }
        return stacks[stack].counts.misses(tensor: slot, lines: sampled).map { Double($0) / rate }
    }

    /// Half of the difference between the misses at a capacity less and more one standard deviation of what the sample makes of
    /// it: of `n` lines it holds `n * rate`, give or take the root of `n * rate * (1 - rate)`.
    private func blur(rate: Double, slot: Int, lines: [Int]) -> [Double] {
        let deviations = lines.map { ((1 - rate) / rate * Double($0)).squareRoot() }
        let fewer = zip(lines, deviations).map { max(0, Int(Double($0) - $1)) }
        let more = zip(lines, deviations).map { Int((Double($0) + $1).rounded(.up)) }
        return zip(
            estimates(stack: 0, rate: rate, slot: slot, lines: fewer), estimates(stack: 0, rate: rate, slot: slot, lines: more)
        ).map { ($0 - $1) / 2 }
    }

    /// Accesses are counted exactly, sampled or not, so an estimate of misses beyond them is cut.
    private func limited(_ estimate: Double, slot: Int) -> UInt64 {
        min(UInt64(estimate.rounded()), accesses[slot])
    }

    private func footprint(points: [CurvePoint], total: MissCurve) -> UInt64? {
        if settings.organization == .fullyAssociative {
            let lines = Double(stacks[0].counts.sufficientLines) / (settings.sampling?.rate ?? 1)
            return UInt64(lines.rounded(.up)) * UInt64(settings.lineBytes)
        }
        return points.indices.filter { total.misses[$0] == total.compulsoryMisses }.map { points[$0].capacityBytes }.min()
    }
}
