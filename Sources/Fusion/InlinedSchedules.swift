/// Consumer blocks that first run the producer blocks that they need, without the intermediate.
///
/// A producer may also store other results. Only the first consumer that runs the producer stores them. A producer that
/// nobody needs, but that stores other results, becomes a block of its own at the end.
struct RecomputeSchedule: PartSchedule {
    private let classes: [Int32]
    private let needs: [[Int32]]
    /// For each producer block, the first consumer block that runs it.
    private let firstUser: [Int32]
    /// Producers that are blocks of their own.
    private let alone: [Int32]

    init(_ dependencies: BlockDependencies) {
        classes = dependencies.classes
        needs = dependencies.needs
        var first = [Int32](repeating: -1, count: dependencies.producer.grid.blockCount)
        for (block, number) in classes.enumerated() {
            for producer in needs[Int(number)] where first[Int(producer)] < 0 {
                first[Int(producer)] = Int32(truncatingIfNeeded: block)
            }
        }
        firstUser = first
        alone = first.indices.filter { first[$0] < 0 && dependencies.writesResults[$0] }.map {
            Int32(truncatingIfNeeded: $0)
        }
    }

    var blockCount: Int { classes.count + alone.count }
    var firstPartsEndWith: Int? { 1 }
    var inlinesFirstParts: Bool { true }

    func part(_ index: Int, ofBlock block: Int) -> FusedPart? {
        guard block < classes.count else {
            return index > 0
                ? nil : FusedPart(source: 0, block: Int(alone[block - classes.count]), omission: .intermediates)
        }
        let list = needs[Int(classes[block])]
        guard index < list.count else {
            return index > list.count
                ? nil : FusedPart(source: 1, block: block, omission: [.intermediates, .sharedMemory])
        }
        let producer = Int(list[index])
        let isFirst = Int(firstUser[producer]) == block
        let omission: FusedPart.Omission = isFirst ? [.intermediates, .frame] : [.intermediates, .results, .frame]
        return FusedPart(source: 0, block: producer, omission: omission)
    }
}

/// Connected producers and consumers as one block, without the intermediate. The block runs its producers once, then
/// all consumers that need any of them. Producers that nobody needs and that store nothing else are left out.
struct KeepSchedule: PartSchedule {
    /// Numbers of blocks, component after component: producer blocks first, consumer blocks counted on from the number
    /// of producers.
    private let items: [Int32]
    private let starts: [Int32]
    private let producers: Int
    /// The most bytes of the intermediate that a block keeps.
    let mostKeptBytes: Int

    init(_ dependencies: BlockDependencies) {
        let producers = dependencies.producer.grid.blockCount
        var roots = DisjointSets(count: producers)
        for list in dependencies.needs { for block in list.dropFirst() { roots.join(Int(list[0]), Int(block)) } }
        // Blocks are numbered by their first consumer. This keeps the consumer's order if each consumer has its own
        // producers.
        var numberOfRoot = [Int32](repeating: -1, count: producers)
        var numberOfConsumer: [Int32] = []
        var count: Int32 = 0
        for number in dependencies.classes {
            guard let producer = dependencies.needs[Int(number)].first else {
                numberOfConsumer.append(count)
                count += 1
                continue
            }
            let root = roots.root(of: Int(producer))
            if numberOfRoot[root] < 0 {
                numberOfRoot[root] = count
                count += 1
            }
            numberOfConsumer.append(numberOfRoot[root])
        }
        var numberOfProducer = [Int32](repeating: -1, count: producers)
        for block in 0..<producers {
            numberOfProducer[block] = numberOfRoot[roots.root(of: block)]
            if numberOfProducer[block] < 0, dependencies.writesResults[block] {
                numberOfProducer[block] = count
                count += 1
            }
        }
        var kept = [UInt64](repeating: 0, count: Int(count))
        for block in 0..<producers where numberOfProducer[block] >= 0 {
            kept[Int(numberOfProducer[block])] += dependencies.passedBytes[block]
        }
        mostKeptBytes = Int(kept.max() ?? 0)
        self.producers = producers
        (items, starts) = Self.gather(numberOfProducer + numberOfConsumer, count: Int(count))
    }

    /// The indices sorted by number, and the index at which each number's indices begin.
    private static func gather(_ numbers: [Int32], count: Int) -> (items: [Int32], starts: [Int32]) {
        var starts = [Int32](repeating: 0, count: count + 1)
        for number in numbers where number >= 0 { starts[Int(number) + 1] += 1 }
        for index in 0..<count { starts[index + 1] += starts[index] }
        var next = starts
        var items = [Int32](repeating: 0, count: Int(starts[count]))
        for (index, number) in numbers.enumerated() where number >= 0 {
            items[Int(next[Int(number)])] = Int32(truncatingIfNeeded: index)
            next[Int(number)] += 1
        }
        return (items, starts)
    }

    var blockCount: Int { starts.count - 1 }
    var firstPartsEndWith: Int? { 1 }

    func part(_ index: Int, ofBlock block: Int) -> FusedPart? {
        let place = Int(starts[block]) + index
        guard place < starts[block + 1] else { return nil }
        let item = Int(items[place])
        return item < producers
            ? FusedPart(source: 0, block: item, omission: .intermediates)
            : FusedPart(source: 1, block: item - producers, omission: .intermediates)
    }
}

/// Numbers that are joined into sets.
private struct DisjointSets {
    private var parents: [Int32]

    init(count: Int) { parents = (0..<count).map { Int32(truncatingIfNeeded: $0) } }

    mutating func root(of number: Int) -> Int {
        var number = number
        while Int(parents[number]) != number {
            parents[number] = parents[Int(parents[number])]
            number = Int(parents[number])
        }
        return number
    }

    /// The smaller root remains.
    mutating func join(_ first: Int, _ second: Int) {
        let (a, b) = (root(of: first), root(of: second))
        parents[max(a, b)] = Int32(truncatingIfNeeded: min(a, b))
    }
}
