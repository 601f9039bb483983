import Machine

/// Hands out a launch's blocks in their linear order: first round after round over the SMs, then to slots as they
/// become free.
///
/// A full round gives one block to every SM, GPC after GPC. A round with fewer blocks than SMs spreads them. The SMs of
/// a leading run come first. The GPCs then take turns, and each gives the first SM of every pair before the second
/// ones. The blocks are nevertheless numbered GPC after GPC.
/// *Source:* docs/validation/h200_scheduling.md; hardware.md finding 6.
struct BlockScheduler {
    /// A block, and the place and time of its start.
    struct Assignment {
        var block: Int
        /// Its half, and its slot within the half.
        var half: Int
        var slot: Int
        var time: Double
        var isFirstWave: Bool
    }

    private let blockCount: Int
    private let interval: Double
    private let turnaround: Double
    private var nextBlock = 0
    /// Cycle at which the launcher can start another block.
    private var launcherFree = 0.0

    init(blockCount: Int, interval: Double, turnaround: Double) {
        self.blockCount = blockCount
        self.interval = interval
        self.turnaround = turnaround
    }

    var hasBlocks: Bool { nextBlock < blockCount }

    /// The blocks of the first wave.
    /// - Parameter place: for each SM, its half and its number within the half.
    mutating func firstWave(
        layout: GPCLayout, slotsPerSM: Int, place: (Int) -> (half: Int, sm: Int)
    ) -> [Assignment] {
        var assignments: [Assignment] = []
        for round in 0..<slotsPerSM where hasBlocks {
            let left = blockCount - nextBlock
            let order = left >= layout.dispatchOrder.count ? layout.dispatchOrder : Self.spread(left, over: layout)
            for number in order {
                let (half, sm) = place(number)
                assignments.append(
                    Assignment(
                        block: take(), half: half, slot: sm * slotsPerSM + round, time: start(notBefore: 0),
                        isFirstWave: true))
            }
        }
        return assignments
    }

    /// The SMs that get `count` blocks, in block order. `count` is less than the number of SMs.
    static func spread(_ count: Int, over layout: GPCLayout) -> [Int] {
        var runs = layout.dispatchRuns
        var chosen = Set<Int>()
        if let first = runs.first,
            runs.dropFirst().contains(where: { layout.gpcOfSM[$0[0]] == layout.gpcOfSM[first[0]] })
        {
            chosen.formUnion(first.prefix(count))
            runs.removeFirst()
        }
        // Each run offers the first SM of its pairs, then the second ones. Runs take turns by their lowest SM.
        var offers = runs.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }.map { run in
            run.indices.filter { $0 % 2 == 0 }.map { run[$0] } + run.indices.filter { $0 % 2 == 1 }.map { run[$0] }
        }
        let firsts = runs.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }.map { ($0.count + 1) / 2 }
        for phase in 0..<2 {
            var taken = [Int](repeating: 0, count: offers.count)
            var progress = true
            while chosen.count < count, progress {
                progress = false
                for run in offers.indices where chosen.count < count && !offers[run].isEmpty {
                    guard phase == 1 || taken[run] < firsts[run] else { continue }
                    chosen.insert(offers[run].removeFirst())
                    taken[run] += 1
                    progress = true
                }
            }
        }
        return layout.dispatchOrder.filter { chosen.contains($0) }
    }

    /// The next block for a slot that became free at `time`; nil when all blocks are handed out.
    mutating func refill(half: Int, slot: Int, freedAt time: Double) -> Assignment? {
        guard hasBlocks else { return nil }
        return Assignment(
            block: take(), half: half, slot: slot, time: start(notBefore: time + turnaround), isFirstWave: false)
    }

    private mutating func take() -> Int {
        defer { nextBlock += 1 }
        return nextBlock
    }

    private mutating func start(notBefore time: Double) -> Double {
        let start = max(time, launcherFree)
        launcherFree = start + interval
        return start
    }
}
