import Machine

/// Hands out a launch's blocks in their linear order: first round after round over the SMs in dispatch order, then to slots as
/// they come free.
///
/// *Source:* hardware/README.md, item 6, and `order1cta` of latency_bandwidth_launch.txt.
struct BlockScheduler {
    /// A block and the place and time where it starts.
    struct Assignment {
        var block: Int
        /// Half, and slot within the half.
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

    /// The blocks of the first wave; `places` are the SMs in dispatch order as (half, SM within the half).
    mutating func firstWave(places: [(half: Int, sm: Int)], slotsPerSM: Int) -> [Assignment] {
        var assignments: [Assignment] = []
        for round in 0..<slotsPerSM {
            for place in places where hasBlocks {
                assignments.append(
                    Assignment(
                        block: take(), half: place.half, slot: place.sm * slotsPerSM + round, time: start(notBefore: 0),
                        isFirstWave: true))
            }
        }
        return assignments
    }

    /// The next block for a slot that came free at `time`; nil when all blocks are out.
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
