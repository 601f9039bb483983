/// Producer and consumer blocks in one launch: each consumer behind the producers that it needs, with flags between
/// them.
///
/// Producers keep their order. A consumer follows once `lag` more producers behind its last one are issued, or all;
/// those without needs follow as if they needed the producer before the first. So whoever waits was numbered after
/// those that it waits for, and all of those run or have run when it starts: nobody waits for ever.
struct OrderedSchedule: PartSchedule {
    /// By number of the block, the producer's block, or the consumer's behind all of the producer's.
    private let items: [Int32]
    private let producers: Int
    private let classes: [Int32]
    /// Of each producer's block its flag; -1 where nobody needs it.
    private let flags: [Int32]
    /// Of each class of consumers, what it awaits.
    let waits: [[FlagWait]]
    let flagCount: Int

    /// - Parameter lag: producers issued between a consumer's last producer and the consumer.
    init(_ dependencies: BlockDependencies, lag: Int) {
        producers = dependencies.producer.grid.blockCount
        classes = dependencies.classes
        items = Self.order(dependencies, lag: lag)

        // Producers that the same classes need signal the same flag.
        var classesOf = [[Int32]](repeating: [], count: producers)
        for (number, list) in dependencies.needs.enumerated() {
            for block in list { classesOf[Int(block)].append(Int32(truncatingIfNeeded: number)) }
        }
        var numbers: [[Int32]: Int32] = [:]
        var flags = [Int32](repeating: -1, count: producers)
        var counts: [UInt32] = []
        for block in 0..<producers where !classesOf[block].isEmpty {
            let flag = numbers[classesOf[block]] ?? Int32(truncatingIfNeeded: counts.count)
            if Int(flag) == counts.count {
                counts.append(0)
                numbers[classesOf[block]] = flag
            }
            flags[block] = flag
            counts[Int(flag)] += 1
        }
        self.flags = flags
        flagCount = counts.count
        waits = dependencies.needs.map { list in
            Set(list.map { flags[Int($0)] }).sorted().map { FlagWait(flag: Self.word(of: $0), count: counts[Int($0)]) }
        }
    }

    /// Flags lie on lines of their own.
    static let wordsPerFlag = 32

    private static func word(of flag: Int32) -> UInt32 { UInt32(truncatingIfNeeded: Int(flag) * wordsPerFlag) }

    private static func order(_ dependencies: BlockDependencies, lag: Int) -> [Int32] {
        let producers = dependencies.producer.grid.blockCount
        // Consumers by the producer that they follow, in their own order: a counting sort.
        let follows = dependencies.needs.map { min(Int($0.last ?? -1) + lag, producers - 1) }
        var starts = [Int](repeating: 0, count: producers + 1)
        for number in dependencies.classes { starts[max(0, follows[Int(number)]) + 1] += 1 }
        for index in 1...producers { starts[index] += starts[index - 1] + 1 }
        var items = [Int32](repeating: 0, count: producers + dependencies.classes.count)
        var next = starts
        for block in 0..<producers {
            items[starts[block]] = Int32(truncatingIfNeeded: block)
            next[block] += 1
        }
        for (block, number) in dependencies.classes.enumerated() {
            let producer = max(0, follows[Int(number)])
            items[next[producer]] = Int32(truncatingIfNeeded: producers + block)
            next[producer] += 1
        }
        return items
    }

    var blockCount: Int { items.count }

    func part(_ index: Int, ofBlock block: Int) -> FusedPart? {
        guard index == 0 else { return nil }
        let item = Int(items[block])
        guard item < producers else {
            let number = Int(classes[item - producers])
            return FusedPart(source: 1, block: item - producers, awaits: waits[number].isEmpty ? nil : number)
        }
        return FusedPart(source: 0, block: item, signal: flags[item] < 0 ? nil : Int(Self.word(of: flags[item])))
    }
}
