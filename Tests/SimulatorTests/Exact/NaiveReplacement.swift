import Replacement

/// One set of a cache whose replacement policy is written down after its definition: lines by way, or youngest first.
/// Not for random replacement, whose draws only the simulator knows.
struct NaiveReplacement {
    private let policy: ReplacementPolicy
    private let ways: Int
    /// Lines by way, and each line's prediction.
    private var held: [Int?]
    private var prediction: [Int: Int] = [:]
    /// Lines that were not hit since they came, and those that were; youngest first.
    private var unused: [Int] = []
    private var used: [Int] = []
    private var tree: WayTree

    init(_ policy: ReplacementPolicy, ways: Int) {
        self.policy = policy
        self.ways = ways
        held = Array(repeating: nil, count: ways)
        tree = WayTree(0..<ways)
    }

    /// Looks up `line` and brings it in if it is not here.
    /// - Returns: whether it was here, and the line that left for it.
    mutating func access(_ line: Int) -> (isHit: Bool, left: Int?) {
        switch policy {
        case .lru: return ordered(line, refreshes: true)
        case .fifo: return ordered(line, refreshes: false)
        case .slru: return segmented(line)
        case .treePLRU:
            return byWay(line, victim: { $0.tree.victim }, note: { $0.tree.use($1) })
        case .srrip:
            return byWay(line, victim: { $0.distantWay() }) { set, way in
                // A line that is here already was hit.
                set.prediction[line] = set.prediction[line] == nil ? 2 : 0
            }
        case .random: preconditionFailure("random replacement has no model")
        }
    }

    /// Whether `line` is here.
    func holds(_ line: Int) -> Bool { held.contains(line) || unused.contains(line) || used.contains(line) }

    /// Drops `line`, if it is here.
    /// - Parameter closesGap: whether the lines in later ways move up.
    mutating func remove(_ line: Int, closesGap: Bool) {
        if let way = held.firstIndex(of: line) {
            held.remove(at: way)
            held.insert(nil, at: closesGap ? held.count : way)
        }
        prediction[line] = nil
        unused.removeAll { $0 == line }
        used.removeAll { $0 == line }
    }

    private mutating func ordered(_ line: Int, refreshes: Bool) -> (isHit: Bool, left: Int?) {
        if let place = unused.firstIndex(of: line) {
            if refreshes { unused.insert(unused.remove(at: place), at: 0) }
            return (true, nil)
        }
        let left = unused.count == ways ? unused.popLast() : nil
        unused.insert(line, at: 0)
        return (false, left)
    }

    private mutating func segmented(_ line: Int) -> (isHit: Bool, left: Int?) {
        let isHit = unused.contains(line) || used.contains(line)
        guard isHit else {
            let left = unused.count + used.count == ways ? unused.popLast() : nil
            unused.insert(line, at: 0)
            return (false, left)
        }
        unused.removeAll { $0 == line }
        used.removeAll { $0 == line }
        used.insert(line, at: 0)
        if used.count > ways / 2 { unused.insert(used.removeLast(), at: 0) }
        return (true, nil)
    }

    private mutating func byWay(
        _ line: Int, victim: (inout NaiveReplacement) -> Int, note: (inout NaiveReplacement, Int) -> Void
    ) -> (isHit: Bool, left: Int?) {
        if let way = held.firstIndex(of: line) {
            note(&self, way)
            return (true, nil)
        }
        let way = held.firstIndex(of: nil) ?? victim(&self)
        let left = held[way]
        if let left { prediction[left] = nil }
        held[way] = line
        note(&self, way)
        return (false, left)
    }

    /// The first way whose line has the prediction 3, once the set has one.
    private mutating func distantWay() -> Int {
        while true {
            if let way = held.firstIndex(where: { $0.flatMap { prediction[$0] } == 3 }) { return way }
            for line in prediction.keys { prediction[line, default: 0] += 1 }
        }
    }
}

/// A binary tree over ways whose nodes point to the half that was not used last.
private indirect enum WayTree {
    case way(Int)
    case node(pointsRight: Bool, left: WayTree, right: WayTree)

    init(_ ways: Range<Int>) {
        let middle = (ways.lowerBound + ways.upperBound) / 2
        self =
            ways.count == 1
            ? .way(ways.lowerBound)
            : .node(
                pointsRight: false, left: WayTree(ways.lowerBound..<middle), right: WayTree(middle..<ways.upperBound))
    }

    func holds(_ way: Int) -> Bool {
        switch self {
        case .way(let own): own == way
        case .node(_, let left, let right): left.holds(way) || right.holds(way)
        }
    }

    var victim: Int {
        switch self {
        case .way(let own): own
        case .node(let pointsRight, let left, let right): pointsRight ? right.victim : left.victim
        }
    }

    mutating func use(_ way: Int) {
        guard case .node(_, var left, var right) = self else { return }
        let isLeft = left.holds(way)
        if isLeft { left.use(way) } else { right.use(way) }
        self = .node(pointsRight: isLeft, left: left, right: right)
    }
}
