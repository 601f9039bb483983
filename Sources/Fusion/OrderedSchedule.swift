/// Producer and consumer blocks in one launch. Each consumer comes behind the producers that it needs, with flags
/// between them.
///
/// Producers keep their order. A consumer follows its last producer once `lag` more producers are issued, or all of
/// them. A consumer without needs follows as if it needed the producer before the first one. A block that waits
/// therefore has a higher number than the blocks that it waits for. All of those run or have run when it starts, so
/// that no block waits for ever.
struct OrderedSchedule: PartSchedule {
    /// By block number: the producer block, or the consumer block counted on from the number of producers.
    private let items: [Int32]
    private let producers: Int
    private let classes: [Int32]
    /// For each producer block, its flag; -1 if nobody needs it.
    private let flags: [Int32]
    /// For each class of consumers, the flags that it awaits.
    let waits: [[FlagWait]]
    let flagCount: Int

    /// - Parameter lag: the number of producers issued between a consumer's last producer and the consumer.
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

    /// The number of words that puts each flag on a line of its own.
    static let wordsPerFlag = 32

    private static func word(of flag: Int32) -> UInt32 { UInt32(truncatingIfNeeded: Int(flag) * wordsPerFlag) }

    private static func order(_ dependencies: BlockDependencies, lag: Int) -> [Int32] {
        let producers = dependencies.producer.grid.blockCount
        // Sorts consumers by the producer that they follow and keeps their own order: a counting sort.
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
