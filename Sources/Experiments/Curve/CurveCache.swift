import Trace

/// One cache at every capacity, or at every number of ways: one stack, one for each number of sets, or one for a sample of lines
/// and one for each part of it.
final class CurveCache {
    private let fulls: [FullStackBox]
    private let sets: [SetStackBox]

    init(_ organization: CurveOrganization, isSampled: Bool) {
        switch organization {
        case .fullyAssociative:
            fulls = (0..<(isSampled ? 1 + CurveSampling.classCount : 1)).map { _ in FullStackBox() }
            sets = []
        case .waysOfSets(let numbers, let ways), .setsOfWays(let numbers, let ways):
            fulls = []
            sets = numbers.map { SetStackBox(SetStack(sets: $0, ways: ways)) }
        }
    }

    /// Lines that are kept account of, and grow in number with what is touched.
    var lineCount: Int {
        var lines = 0
        for box in fulls { lines &+= box.stack.lineCount }
        return lines
    }

    /// Stacks, each of which counts for itself.
    var stackCount: Int { fulls.count + sets.count }

    /// - Parameter counts: one for each stack.
    func touch(_ requests: [LineRequest], tensor: Int, counts: [DistanceCountsBox]) {
        for index in fulls.indices { fulls[index].stack.touch(requests, tensor: tensor, counts: &counts[index].counts) }
        for index in sets.indices { sets[index].stack.touch(requests, tensor: tensor, counts: &counts[index].counts) }
    }

    /// The same for a sample, each part in its stack.
    func touch(_ sample: LineSample, tensor: Int, counts: [DistanceCountsBox]) {
        for index in fulls.indices where !sample.parts[index].isEmpty {
            fulls[index].stack.touch(sample.parts[index], tensor: tensor, counts: &counts[index].counts)
        }
    }

    /// Stores that leave lines and their ages alone.
    func refresh(_ requests: [LineRequest]) {
        for box in fulls { box.stack.refresh(requests) }
        for box in sets { box.stack.refresh(requests) }
    }

    func refresh(_ sample: LineSample) {
        for index in fulls.indices { fulls[index].stack.refresh(sample.parts[index]) }
    }

    func removeAll() {
        for box in fulls { box.stack.removeAll() }
        for box in sets { box.stack.removeAll() }
    }
}

/// Stacks are used for an operation at a time, so that the check of exclusive access is made once for all its requests.
private final class FullStackBox {
    var stack = FullStack()
}

private final class SetStackBox {
    var stack: SetStack

    init(_ stack: consuming SetStack) { self.stack = stack }
}
