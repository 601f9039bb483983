import Trace

extension BlockProgram {
    /// Makes one kernel's code of a program in which blocks are followed by the one that inlines them. What each of
    /// them loads is asked for where the last one would have asked for its result, tiles that are loaded elsewhere too
    /// only once, and its instructions stand in front of the product that takes the result; without as many products as
    /// results, see `inFront`.
    ///
    /// Results and blocks match in order: of n places and m blocks, block j belongs to place j n / m.
    /// - Parameter starts: where each of the blocks begins, the last one's included.
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

    /// Blocks inlined where no product tells their places: all they load is asked for at the start, and their
    /// instructions follow where the rest first waits.
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

    /// Loads and copies of tiles that lie within a tile that the program loads elsewhere, of equal ones all but the
    /// first: a block that works for two kernels loads their common tiles once.
    /// - Returns: for each operation whether it is one.
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
    /// What it loads, and what it executes and stores.
    var loads: [Operation] = []
    var work: [Operation] = []
    /// Whether its loads have to be waited for apart from groups of copies.
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
    /// Where a load of an intermediate stood that is computed instead.
    static let omittedRead = Operation.compute(ComputeWork(instructions: 0))
}

extension Operation {
    /// The tile of a load from or copy of global memory.
    fileprivate var readTile: TileAccess? {
        guard case .tile(let tile) = self, tile.kind.isRead, tile.kind != .atomic, tile.kind != .localLoad,
            tile.kind != .fetch
        else { return nil }
        return tile
    }
}

extension TileAccess {
    /// Whether every byte of `other` is one of this tile's, as their rows and pitches show.
    fileprivate func covers(_ other: TileAccess) -> Bool {
        guard tensor == other.tensor, other.rows > 0, other.address >= address else { return false }
        let distance = other.address - address
        guard rows > 1 || other.rows > 1 else { return distance + UInt64(other.rowBytes) <= UInt64(rowBytes) }
        guard pitchBytes == other.pitchBytes || other.rows == 1, pitchBytes > 0 else { return false }
        let (row, column) = distance.quotientAndRemainder(dividingBy: UInt64(pitchBytes))
        return row + UInt64(other.rows) <= UInt64(rows) && column + UInt64(other.rowBytes) <= UInt64(rowBytes)
    }
}
