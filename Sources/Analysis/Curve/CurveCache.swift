import Trace

/// One cache at every capacity or at every number of ways. It is one stack, or one stack for each number of sets.
final class CurveCache {
    private let full: StackFamily<FullStack>?
    private let sets: [StackFamily<SetStack>]

    /// - Parameter settings: give the organization, and the capacities at which caches may begin to differ.
    init(_ settings: CurveSettings, memory: CurveMemory) {
        switch settings.organization {
        case .fullyAssociative:
            full = StackFamily(FullStack(), steps: CapacitySteps(settings.stackSizes), memory: memory)
            sets = []
        case .waysOfSets(let numbers, let ways):
            full = nil
            let steps = CapacitySteps((1...UInt32(ways)).map { $0 })
            sets = numbers.map { StackFamily(SetStack(sets: $0, ways: ways), steps: steps, memory: memory) }
        case .setsOfWays(let numbers, let ways):
            full = nil
            let steps = CapacitySteps([UInt32(ways)])
            sets = numbers.map { StackFamily(SetStack(sets: $0, ways: ways), steps: steps, memory: memory) }
        }
    }

    /// The number of stacks. Each of them counts for itself.
    var stackCount: Int { (full == nil ? 0 : 1) + sets.count }

    /// The most bytes that the stacks hold while `lines` further lines are touched.
    func byteCount(afterFurther lines: Int) -> Int {
        var bytes = full?.byteCount(afterFurther: lines) ?? 0
        for family in sets { bytes &+= family.byteCount(afterFurther: lines) }
        return bytes
    }

    /// - Parameter counts: the counts of each stack.
    func touch(_ requests: some Collection<LineRequest>, tensor: Int, counts: [DistanceCountsBox]) {
        full?.touch(requests, tensor: tensor, box: counts[0])
        for index in sets.indices { sets[index].touch(requests, tensor: tensor, box: counts[index]) }
    }

    /// The same for stores that leave the ages of lines unchanged.
    func store(
        _ requests: some Collection<LineRequest>, allocates: Bool, tensor: Int, counts: [DistanceCountsBox]
    ) {
        full?.store(requests, allocates: allocates, tensor: tensor, box: counts[0])
        for index in sets.indices {
            sets[index].store(requests, allocates: allocates, tensor: tensor, box: counts[index])
        }
    }

    func removeAll() {
        full?.removeAll()
        for family in sets { family.removeAll() }
    }
}
