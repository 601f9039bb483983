import Trace

/// A stack, or several stacks for a part of the capacities each.
///
/// One stack stands for caches of all capacities as long as every cache does the same with every access. One kind of
/// store makes a difference: a store that allocates if its line is missing and leaves the line's age unchanged if it is
/// there. From then on there are two stacks: one for the caches that held the line, and one for the others.
final class StackFamily<Stack: LineStack & ~Copyable> {
    private final class Member {
        var stack: Stack
        /// The least and the greatest number of lines of its caches.
        let low: UInt32
        var high: UInt32

        init(_ stack: consuming Stack, low: UInt32, high: UInt32) {
            self.stack = stack
            self.low = low
            self.high = high
        }
    }

    private let steps: CapacitySteps
    private let memory: CurveMemory
    private var members: [Member]

    init(_ stack: consuming Stack, steps: CapacitySteps, memory: CurveMemory) {
        self.steps = steps
        self.memory = memory
        members = [Member(stack, low: 0, high: .max)]
    }

    /// Whether the caches differ by more than their capacity.
    var isDivided: Bool { members.count > 1 }

    /// The most bytes that the stacks hold while `lines` further lines are touched.
    func byteCount(afterFurther lines: Int) -> Int {
        var bytes = 0
        for member in members { bytes &+= member.stack.byteCount(afterFurther: lines) }
        return bytes
    }

    func touch(_ requests: some Collection<LineRequest>, tensor: Int, box: DistanceCountsBox) {
        guard isDivided else {
            for request in requests { members[0].stack.touch(request, tensor: tensor, counts: &box.counts) }
            return
        }
        for member in members {
            box.counts.count(from: member.low, through: member.high)
            for request in requests { member.stack.touch(request, tensor: tensor, counts: &box.counts) }
        }
        box.counts.count(from: 0, through: .max)
    }

    func store(_ requests: some Collection<LineRequest>, allocates: Bool, tensor: Int, box: DistanceCountsBox) {
        var rule = StoreRule(allocates: allocates, steps: steps)
        for request in requests {
            var place = 0
            while place < members.count {
                let member = members[place]
                rule.low = member.low
                rule.high = member.high
                box.counts.count(from: member.low, through: member.high)
                guard let last = member.stack.store(request, rule, tensor: tensor, counts: &box.counts) else {
                    place += 1
                    continue
                }
                guard memory.take(member.stack.byteCount(afterFurther: 0)) else {
                    return box.counts.count(from: 0, through: .max)
                }
                members.insert(Member(member.stack.copy(), low: last + 1, high: member.high), at: place + 1)
                member.high = last
            }
        }
        box.counts.count(from: 0, through: .max)
    }

    /// Empties the caches.
    func removeAll() {
        for member in members.dropFirst() { memory.giveBack(member.stack.byteCount(afterFurther: 0)) }
        members.removeLast(members.count - 1)
        members[0].high = .max
        members[0].stack.removeAll()
    }
}
