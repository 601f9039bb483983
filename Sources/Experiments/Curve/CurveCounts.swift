import Trace

/// What one launch's accesses add up to, and the curves that follow.
struct CurveCounts {
    private let settings: CurveSettings
    private let launch: KernelLaunch
    /// One for each stack of a cache.
    let stacks: [DistanceCountsBox]
    /// By tensor; behind them those of operations that name no tensor of the launch.
    var accesses: [UInt64]

    init(settings: CurveSettings, launch: KernelLaunch, stackCount: Int) {
        self.settings = settings
        self.launch = launch
        accesses = Array(repeating: 0, count: launch.tensors.count + 1)
        let tensorCount = accesses.count
        stacks = (0..<stackCount).map { _ in DistanceCountsBox(tensorCount: tensorCount) }
    }

    var curve: LaunchCurve {
        let points = points
        let tensors = accesses.indices.filter { accesses[$0] > 0 }.map { curve(ofTensor: $0, points: points) }
        let parts = settings.sampling == nil ? 0 : CurveSampling.classCount
        var total = MissCurve(
            name: "all", accesses: 0, compulsoryMisses: 0, misses: points.map { _ in 0 },
            partMisses: Array(repeating: points.map { _ in 0 }, count: parts))
        for tensor in tensors { total.add(tensor) }
        return LaunchCurve(
            launch: launch, points: points, total: total, tensors: tensors, footprintBytes: footprint(points: points, total: total))
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

    private func curve(ofTensor tensor: Int, points: [CurvePoint]) -> MissCurve {
        let name = tensor < launch.tensors.count ? launch.tensors[tensor].name : "(none)"
        switch settings.organization {
        case .fullyAssociative:
            let lines = points.map { Int($0.capacityBytes / UInt64(settings.lineBytes)) }
            guard let sampling = settings.sampling else {
                return MissCurve(
                    name: name, accesses: accesses[tensor], compulsoryMisses: stacks[0].counts.compulsory(tensor: tensor),
                    misses: stacks[0].counts.misses(tensor: tensor, lines: lines))
            }
            let partRate = sampling.rate / Double(CurveSampling.classCount)
            return MissCurve(
                name: name, accesses: accesses[tensor],
                compulsoryMisses: limited(Double(stacks[0].counts.compulsory(tensor: tensor)) / sampling.rate, tensor: tensor),
                misses: estimates(stack: 0, rate: sampling.rate, tensor: tensor, lines: lines)
                    .map { limited($0, tensor: tensor) },
                partMisses: stacks.indices.dropFirst().map { estimates(stack: $0, rate: partRate, tensor: tensor, lines: lines) })
        case .waysOfSets(_, let ways):
            return MissCurve(
                name: name, accesses: accesses[tensor], compulsoryMisses: stacks[0].counts.compulsory(tensor: tensor),
                misses: stacks.flatMap { $0.counts.misses(tensor: tensor, lines: Array(1...ways)) })
        case .setsOfWays(_, let ways):
            return MissCurve(
                name: name, accesses: accesses[tensor], compulsoryMisses: stacks[0].counts.compulsory(tensor: tensor),
                misses: stacks.flatMap { $0.counts.misses(tensor: tensor, lines: [ways]) })
        }
    }

    /// Misses as a stack of sampled lines has them: distances and counts divided by the share of lines that it holds.
    private func estimates(stack: Int, rate: Double, tensor: Int, lines: [Int]) -> [Double] {
        let sampled = lines.map { Int((Double($0) * rate).rounded(.up)) }
        return stacks[stack].counts.misses(tensor: tensor, lines: sampled).map { Double($0) / rate }
    }

    /// Accesses are counted exactly, sampled or not, so an estimate of misses beyond them is cut.
    private func limited(_ estimate: Double, tensor: Int) -> UInt64 {
        min(UInt64(estimate.rounded()), accesses[tensor])
    }

    private func footprint(points: [CurvePoint], total: MissCurve) -> UInt64? {
        if settings.organization == .fullyAssociative {
            let lines = Double(stacks[0].counts.sufficientLines) / (settings.sampling?.rate ?? 1)
            return UInt64(lines.rounded(.up)) * UInt64(settings.lineBytes)
        }
        return points.indices.filter { total.misses[$0] == total.compulsoryMisses }.map { points[$0].capacityBytes }.min()
    }
}
