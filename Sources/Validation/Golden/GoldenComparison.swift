import Kernels
import Trace

/// Walks a digest's rows beside the generator's operations and collects what differs.
struct GoldenComparison {
    private let header: GoldenHeader
    private let source: any KernelGenerator
    private let launch: KernelLaunch
    /// For each of the launch's tensors, its allocation in the header, or -1.
    private let allocations: [Int]
    private(set) var rowCount = 0
    private(set) var differenceCount = 0
    private(set) var differences: [String] = []
    private var block = -1
    private var sequence = 0
    private var operations: [SourceOperation] = []
    private var totals: [UInt8: GoldenHeader.Totals] = [:]

    init(header: GoldenHeader, source: any KernelGenerator) {
        self.header = header
        self.source = source
        launch = source.launch
        allocations = source.launch.tensors.map { tensor in
            header.allocations.first { $0.args.contains { $0 == tensor.name || $0 == tensor.name + "_ptr" } }?.index
                ?? -1
        }
    }

    private mutating func note(_ difference: String) {
        differenceCount += 1
        if differences.count < GoldenCheck.reportedDifferences { differences.append(difference) }
    }

    /// Compares the grid, the warps, and the lengths of the allocations that hold the launch's tensors. Local memory is
    /// not an argument and is not compared.
    mutating func compareLaunch() {
        let grid = [launch.grid.x, launch.grid.y, launch.grid.z]
        if grid != header.grid { note("grid \(grid), not \(header.grid)") }
        if launch.warpsPerBlock != header.warps { note("\(launch.warpsPerBlock) warps, not \(header.warps)") }
        for (tensor, index) in zip(launch.tensors, allocations) where tensor.name != LocalMemory.tensorName {
            guard let allocation = header.allocations.first(where: { $0.index == index }) else {
                note("tensor \(tensor.name) stands in no allocation of the digest")
                continue
            }
            if Int(tensor.byteCount) != allocation.nbytes {
                note("allocation of \(tensor.name) has \(tensor.byteCount) bytes, not \(allocation.nbytes)")
            }
        }
    }

    /// Compares the digest's next row with the generator's next operation.
    mutating func compare(_ row: GoldenRow, line: Int) {
        rowCount += 1
        guard let own = nextRow() else {
            note("line \(line): the digest has \(row.place), the generator has ended")
            return
        }
        guard own.isSamePlace(as: row) else {
            note("line \(line): the generator has \(own.place) where the digest has \(row.place)")
            // Realign on the digest's place, so that one missing operation does not shift all following ones.
            realign(to: row)
            return
        }
        let found = own.differences(from: row)
        if !found.isEmpty { note("line \(line): \(row.place): \(found.joined(separator: "; "))") }
    }

    /// Counts operations that the digest lacks, then compares the totals.
    /// - Parameter most: the greatest number of operations that are counted. If a digest lacks more, its totals say
    ///   nothing.
    mutating func finish(counting most: Int) {
        var missing = 0
        var first: GoldenRow?
        while missing <= most, let row = nextRow() {
            missing += 1
            first = first ?? row
        }
        if let first, missing > most {
            note("the digest lacks more than \(most) operations from \(first.place) on")
            return
        }
        if let first { note("the digest lacks \(missing) operations from \(first.place) on") }
        for (name, letter) in [("load", "L"), ("store", "S"), ("atomic", "A")] {
            let own = totals[letter.utf8.first!] ?? GoldenHeader.Totals(ops: 0, elements: 0, bytes: 0, sectors: 0)
            if let recorded = header.totals[name], recorded != own {
                note("totals of \(name)s: \(words(own)), not \(words(recorded))")
            }
        }
    }

    private func words(_ totals: GoldenHeader.Totals) -> String {
        "\(totals.ops) operations, \(totals.elements) elements, \(totals.bytes) bytes, \(totals.sectors) sectors"
    }

    /// The generator's next operation as a row. The totals count it.
    private mutating func nextRow() -> GoldenRow? {
        while sequence >= operations.count {
            guard block + 1 < launch.grid.blockCount else { return nil }
            block += 1
            sequence = 0
            operations.removeAll(keepingCapacity: true)
            source.appendSourceOperations(ofBlock: block, to: &operations)
        }
        let operation = operations[sequence]
        let digest = SectorDigest(operation, origin: launch.tensors[operation.tensor].baseAddress)
        var row = GoldenRow()
        (row.x, row.y, row.z) = launch.grid.coordinates(of: block)
        row.sequence = sequence
        row.operation = letter(operation.kind)
        row.elementBytes = operation.elementBytes
        row.elements = operation.elementCount
        row.allocation = row.elements > 0 ? allocations[operation.tensor] : -1
        (row.minimum, row.maximum) = (digest.minimum, digest.maximum)
        (row.sectors, row.hash) = (digest.count, digest.hash)
        sequence += 1
        var sum = totals[row.operation] ?? GoldenHeader.Totals(ops: 0, elements: 0, bytes: 0, sectors: 0)
        sum.ops += 1
        sum.elements += row.elements
        sum.bytes += row.elements * row.elementBytes
        sum.sectors += row.sectors
        totals[row.operation] = sum
        return row
    }

    private func letter(_ kind: AccessKind) -> UInt8 {
        switch kind {
        case .store, .bulkStore, .localStore: UInt8(ascii: "S")
        case .reduction, .atomic: UInt8(ascii: "A")
        case .load, .copyBypass, .copyThroughL1, .bulkLoad, .localLoad, .fetch, .copyBack, .invalidate:
            UInt8(ascii: "L")
        }
    }

    private mutating func realign(to row: GoldenRow) {
        let grid = launch.grid
        guard (0..<grid.x).contains(row.x), (0..<grid.y).contains(row.y), (0..<grid.z).contains(row.z) else { return }
        let wanted = row.x + grid.x * (row.y + grid.y * row.z)
        if wanted != block {
            block = wanted
            operations.removeAll(keepingCapacity: true)
            source.appendSourceOperations(ofBlock: block, to: &operations)
        }
        sequence = max(0, min(row.sequence, operations.count - 1)) + 1
    }
}
