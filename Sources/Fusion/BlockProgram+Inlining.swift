import Trace

extension BlockProgram {
    /// Turns a program into one kernel's code. The program holds the blocks to be inlined and, behind them, the block
    /// that inlines them. The loads of an inlined block move to the place where the last block would have loaded its
    /// result. A tile that is also loaded elsewhere is loaded only once. The instructions of an inlined block move in
    /// front of the product that takes its result. `inFront` handles programs that have fewer such products than
    /// results.
    ///
    /// Results and blocks match in order: with n places and m blocks, block j belongs to place j n / m.
    /// - Parameter starts: the index at which each of the blocks begins, including the last one.
    mutating func inline(starts: [Int]) {
        guard starts.count > 1, let start = starts.last else { return }
        let removed = repeatedLoads()
        var inlined = zip(starts, starts.dropFirst()).map { first, end in
            InlinedBlock((first..<end).filter { !removed[$0] }.map { operations[$0] })
        }
        let rest = (start..<operations.count).filter { !removed[$0] }.map { operations[$0] }
        let places = rest.indices.filter { rest[$0] == .omittedRead }
        let products = rest.indices.filter { rest[$0].hasProducts }.suffix(places.count)
        guard !places.isEmpty, products.count == places.count else {
            operations = Self.inFront(inlined, of: rest.filter { $0 != .omittedRead })
            return
        }
        var result: [Operation] = []
        var (place, product) = (0, 0)
        func blocks(at index: Int) -> Range<Int> {
            func first(_ index: Int) -> Int { (index * inlined.count + places.count - 1) / places.count }
            return first(index)..<first(index + 1)
        }
        for (index, operation) in rest.enumerated() {
            if place < places.count, index == places[place] {
                for block in blocks(at: place) { result += inlined[block].loads }
                place += 1
                continue
            }
            if product < products.count, index == products[products.startIndex + product] {
                for block in blocks(at: product) {
                    if inlined[block].waits { result.append(.awaitLoads) }
                    result += inlined[block].work
                    inlined[block].work = []
                }
                product += 1
            }
            result.append(operation)
        }
        operations = result
    }

    /// Inlines blocks if no products tell their places. All their loads come at the start, and their instructions
    /// follow the first wait of the rest.
    private static func inFront(_ inlined: [InlinedBlock], of rest: [Operation]) -> [Operation] {
        let wait = rest.firstIndex {
            if case .awaitLoads = $0 { true } else if case .awaitGroups = $0 { true } else { false }
        }
        let end = wait.map { $0 + 1 } ?? rest.endIndex
        let groups = rest[..<end].count { $0 == .commitGroup }
        let awaits: [Operation] = [.awaitLoads, .awaitGroups(pending: UInt32(groups)), .barrier]
        return inlined.flatMap(\.loads) + [.commitGroup] + rest[..<end] + awaits + inlined.flatMap(\.work)
            + rest[end...]
    }

    /// The loads and copies of tiles that the program loads elsewhere too. A block that works for two kernels loads
    /// their common tiles once. A load is repeated if its tile lies within the tile of another load. Of equal tiles all
    /// but the first are repeated.
    /// - Returns: for each operation, whether it is such a load.
    private func repeatedLoads() -> [Bool] {
        let reads = operations.indices.compactMap { index in operations[index].readTile.map { (index: index, tile: $0) }
        }
        var isRepeated = [Bool](repeating: false, count: operations.count)
        for (place, read) in reads.enumerated() {
            isRepeated[read.index] = reads.indices.contains { other in
                other != place && !isRepeated[reads[other].index] && reads[other].tile.covers(read.tile)
                    && (other < place || !read.tile.covers(reads[other].tile))
            }
        }
        return isRepeated
    }
}

/// A block inlined into another one.
private struct InlinedBlock {
    /// Its loads, and below them the operations that it executes and stores.
    var loads: [Operation] = []
    var work: [Operation] = []
    /// Whether it has loads that groups of copies do not cover, so that the program must wait for them.
    var waits = false

    init(_ operations: [Operation]) {
        for operation in operations {
            switch operation {
            case .tile(let tile): add(operation, kind: tile.kind)
            case .lanes(let lanes): add(operation, kind: lanes.kind)
            case .compute: work.append(operation)
            default: continue
            }
        }
    }

    private mutating func add(_ operation: Operation, kind: AccessKind) {
        guard kind.isRead, kind != .atomic else {
            work.append(operation)
            return
        }
        loads.append(operation)
        if !kind.isAsynchronous { waits = true }
    }
}

extension Operation {
    /// Marks the place of a load of an intermediate whose values the program computes instead.
    static let omittedRead = Operation.compute(ComputeWork(instructions: 0))
}

extension Operation {
    /// The tile of a load from global memory or of a copy from it; nil for other operations.
    fileprivate var readTile: TileAccess? {
        guard case .tile(let tile) = self, tile.kind.isRead, tile.kind != .atomic, tile.kind != .localLoad,
            tile.kind != .fetch
        else { return nil }
        return tile
    }
}

extension TileAccess {
    /// Whether this tile holds every byte of `other`, as far as their rows and pitches show.
    fileprivate func covers(_ other: TileAccess) -> Bool {
        guard tensor == other.tensor, other.rows > 0, other.address >= address else { return false }
        let distance = other.address - address
        guard rows > 1 || other.rows > 1 else { return distance + UInt64(other.rowBytes) <= UInt64(rowBytes) }
        guard pitchBytes == other.pitchBytes || other.rows == 1, pitchBytes > 0 else { return false }
        let (row, column) = distance.quotientAndRemainder(dividingBy: UInt64(pitchBytes))
        return row + UInt64(other.rows) <= UInt64(rows) && column + UInt64(other.rowBytes) <= UInt64(rowBytes)
    }
}
