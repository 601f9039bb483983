import Trace

/// The counts of one launch's accesses, and the curves that follow from them.
struct CurveCounts {
    private let settings: CurveSettings
    private let launch: KernelLaunch
    /// The counts of each stack of a cache.
    let stacks: [DistanceCountsBox]
    /// The counts of a sample's groups; nil without a sample.
    let spread: SpreadCounts?
    /// Accesses by tensor, reads before writes. The last two entries count operations that name no tensor of the
    /// launch.
    var accesses: [UInt64]
    /// Lookups of lines in all caches, and the number of these caches.
    var lookups = 0
    var caches = 1
    /// Whether a cache may hold lines that a larger one lacks. Misses are then known at the curve's capacities only.
    var isDivided = false
    /// The L1 that the machine gives the launch, if the curve is that of the L1.
    var machinePoint: CurvePoint?

    init(settings: CurveSettings, launch: KernelLaunch, stackCount: Int, memory: CurveMemory) {
        self.settings = settings
        self.launch = launch
        let slots = 2 * (launch.tensors.count + 1)
        accesses = Array(repeating: 0, count: slots)
        let spread = settings.sampling.map { _ in SpreadCounts(slots: slots) }
        self.spread = spread
        stacks = (0..<stackCount).map { _ in DistanceCountsBox(tensorCount: slots, spread: spread, memory: memory) }
    }

    /// The index at which accesses are counted.
    func slot(tensor: Int, isWrite: Bool) -> Int { 2 * min(tensor, launch.tensors.count) + (isWrite ? 1 : 0) }

    var curve: LaunchCurve {
        let points = points
        let slots = Array(accesses.indices)
        var tensors: [MissCurve] = []
        for tensor in 0...launch.tensors.count where accesses[2 * tensor] + accesses[2 * tensor + 1] > 0 {
            let name = tensor < launch.tensors.count ? launch.tensors[tensor].name : "(none)"
            let isApart = spread?.isApart ?? true
            tensors.append(curve(name, slots: [2 * tensor, 2 * tensor + 1], points: points, isApart: isApart))
        }
        let total = curve("all", slots: slots, points: points)
        return LaunchCurve(
            launch: launch, points: points, total: total,
            reads: curve("all", slots: slots.filter { $0 % 2 == 0 }, points: points),
            writes: curve("all", slots: slots.filter { $0 % 2 == 1 }, points: points), tensors: tensors,
            footprintBytes: footprint(points: points, total: total), machinePoint: machinePoint)
    }

    private var points: [CurvePoint] {
        let lineBytes = UInt64(settings.lineBytes)
        switch settings.organization {
        case .fullyAssociative:
            switch settings.capacities {
            case .ladder: return CurveSettings.ladder(lineBytes: lineBytes).map { CurvePoint(capacityBytes: $0) }
            case .listed(let capacities): return capacities.map { CurvePoint(capacityBytes: $0) }
            case .every:
                return stacks[0].counts.steps.map { CurvePoint(capacityBytes: UInt64(lines(ofStep: $0)) * lineBytes) }
            }
        case .waysOfSets(let sets, let ways):
            return sets.flatMap { sets in
                (1...ways).map { CurvePoint(capacityBytes: UInt64(sets * $0) * lineBytes, sets: sets, ways: $0) }
            }
        case .setsOfWays(let sets, let ways):
            return sets.map { CurvePoint(capacityBytes: UInt64($0 * ways) * lineBytes, sets: $0, ways: ways) }
        }
    }

    /// The least number of lines for which a stack makes `step`.
    private func lines(ofStep step: Int) -> Int {
        guard let rate = settings.sampling?.rate, step > 0 else { return step }
        return Int((Double(step - 1) / rate).rounded(.down)) + 1
    }

    /// The curve of some slots together.
    private func curve(_ name: String, slots: [Int], points: [CurvePoint], isApart: Bool = true) -> MissCurve {
        var compulsory: UInt64 = 0
        var misses = points.map { _ in UInt64(0) }
        // The numbers of lines or ways of each stack, in the order of the points.
        let sizes: [[Int]] =
            switch settings.organization {
            case .fullyAssociative: [points.map { settings.stackLines(ofCapacity: $0.capacityBytes) }]
            case .waysOfSets(let sets, let ways): sets.map { _ in Array(1...ways) }
            case .setsOfWays(let sets, let ways): sets.map { _ in [ways] }
            }
        for slot in slots where accesses[slot] > 0 {
            compulsory += limited(stacks[0].counts.compulsory(tensor: slot), slot: slot)
            let own = zip(stacks, sizes).flatMap { $0.counts.misses(tensor: slot, lines: $1) }
            for point in points.indices { misses[point] += limited(own[point], slot: slot) }
        }
        return MissCurve(
            name: name, accesses: slots.reduce(0) { $0 + accesses[$1] }, compulsoryMisses: compulsory, misses: misses,
            sample: sample(slots: slots, points: points, isApart: isApart))
    }

    private func sample(slots: [Int], points: [CurvePoint], isApart: Bool) -> SampledMisses? {
        guard let rate = settings.sampling?.rate, let spread else { return nil }
        let lines = points.map { Int($0.capacityBytes / UInt64(settings.lineBytes)) }
        let groups = spread.misses(
            slots: slots, lines: points.map { settings.stackLines(ofCapacity: $0.capacityBytes) } + [0])
        // A sector misses again only after lookups of as many other lines as the cache has.
        let sectors = Double(settings.lineBytes / settings.sectorBytes)
        return SampledMisses(
            rate: rate, accesses: isApart ? groups[points.count] : [],
            misses: Array(groups[..<points.count]), cells: spread.sketch(slots: slots),
            blur: blur(rate: rate, slots: slots, lines: lines),
            lineMisses: lines.map { sectors * (Double(caches) + Double(lookups) / Double(max($0, 1))) })
    }

    /// How far misses at a capacity may be off because of the sampling. A sample of `n` lines holds `n * rate` lines,
    /// with a deviation of the root of `n * rate * (1 - rate)`. The blur compares the misses at the capacity with those
    /// at a capacity less or more by two such deviations. It is half of the larger difference.
    private func blur(rate: Double, slots: [Int], lines: [Int]) -> [Double] {
        let deviations = lines.map { 2 * ((1 - rate) / rate * Double($0)).squareRoot() }
        let here = lines.map { settings.stackLines(of: Double($0)) }
        let fewer = zip(lines, deviations).map { Int((max(0, Double($0) - $1) * rate).rounded(.down)) }
        let more = zip(lines, deviations).map { settings.stackLines(of: Double($0) + $1) }
        var sums = Array(repeating: 0.0, count: 3 * lines.count)
        for slot in slots where accesses[slot] > 0 {
            let misses = stacks[0].counts.misses(tensor: slot, lines: here + fewer + more)
            for index in sums.indices { sums[index] += Double(misses[index]) / rate }
        }
        let count = lines.count
        return lines.indices.map { max(sums[count + $0] - sums[$0], sums[$0] - sums[2 * count + $0], 0) / 2 }
    }

    /// The count of all accesses that a count of sampled lines stands for. Accesses are counted exactly, so that the
    /// function cuts an estimate of misses that exceeds them.
    private func limited(_ count: UInt64, slot: Int) -> UInt64 {
        guard let rate = settings.sampling?.rate else { return count }
        return min(UInt64((Double(count) / rate).rounded()), accesses[slot])
    }

    private func footprint(points: [CurvePoint], total: MissCurve) -> UInt64? {
        guard total.isKnown else { return nil }
        if settings.organization == .fullyAssociative, !isDivided || settings.capacities == .every {
            return UInt64(lines(ofStep: stacks[0].counts.sufficientLines)) * UInt64(settings.lineBytes)
        }
        guard settings.organization == .fullyAssociative else {
            return points.indices.filter { total.misses[$0] == total.compulsoryMisses }.map { points[$0].capacityBytes }
                .min()
        }
        let last = points.indices.last { total.misses[$0] != total.compulsoryMisses }
        let first = last.map { $0 + 1 } ?? 0
        return first < points.count ? points[first].capacityBytes : nil
    }
}
