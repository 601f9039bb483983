import Trace

/// cuBLAS's `nvjet` kernel on Hopper: persistent clusters that go from tile to tile.
///
/// A block's operands come by bulk copies (TMA) into a ring of stages. The blocks of a cluster divide what they share:
/// each loads its part for all of them. Products run asynchronously (HGMMA) while the next steps' operands are on their
/// way, those of the next tile included. The output leaves by bulk copies. A cluster that has further tiles asks a
/// counter in memory for each.
///
/// *Source:* docs/gemm.md has the counts of measured launches. Known differences: docs/deviations.md, 33 to 36.
package struct GEMMKernel: KernelGenerator {
    package let launch: KernelLaunch
    package let plan: GEMMPlan
    private let tensors: GEMMTensors
    private let step: ComputeWork
    private let epilogue: ComputeWork
    private let leftHint: CacheHint
    private let rightHint: CacheHint

    /// Indices of the launch's tensors.
    private enum Index {
        static let left = 0, right = 1, output = 2, counter = 3, bias = 4
    }

    private static let warps = 12

    init(_ plan: GEMMPlan, tensors: GEMMTensors) {
        let (shape, tile) = (plan.shape, plan.tile)
        self.plan = plan
        self.tensors = tensors
        let outputs = tile.rows * tile.columns
        step = GEMMPrices.step(outputs: outputs).work
        epilogue = GEMMPrices.epilogue(outputs: outputs, hasBias: tensors.bias != nil).work
        // Blocks side by side along the columns share rows of left, and blocks along the rows columns of right.
        leftHint = .multicast(to: tile.clusterColumns) ?? .normal
        rightHint = .multicast(to: tile.clusterRows) ?? .normal
        var list = [tensors.left.tensor(named: "left"), tensors.right.tensor(named: "right")]
        if plan.splits > 1 {
            list.append(GEMM.partials(of: shape, splits: plan.splits, tensors: tensors))
        } else {
            list.append(tensors.output.tensor(named: "output"))
        }
        list.append(Tensor(name: "tiles", baseAddress: tensors.counter, byteCount: 4, elementType: "i32"))
        if let bias = tensors.bias { list.append(bias.tensor(named: "bias")) }
        launch = KernelLaunch(
            kernel: GEMM.kernel, grid: plan.grid, threadsPerBlock: Self.warps * 32, registersPerThread: 168,
            sharedMemoryBytesPerBlock: tile.sharedMemoryBytes(of: shape),
            tiling: tile.name + (plan.splits > 1 ? " splits=\(plan.splits)" : ""), tensors: list)
    }

    // Programs

    package func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let tile = plan.tile
        let counter = TileCounter(tensor: Index.counter, address: tensors.counter)
        let (cluster, rank) = (block / tile.clusterSize, block % tile.clusterSize)
        var writer = Loads(kernel: self, cluster: cluster, rank: rank)
        program.operations.append(
            .compute(late(GEMMPrices.entry.work, by: GEMMPrices.skew(cluster: cluster, tile: nil))))
        program.operations.append(.barrier)
        writer.load(upTo: tile.stages, into: &program)
        var done = 0
        var leaving: TileAccess?
        var products = ProductCount(tile: tile, warps: Self.warps)
        for index in stride(from: cluster, to: plan.groups, by: plan.clusters) {
            let group = plan.group(index)
            let steps = self.steps(of: group)
            // The answer is needed at the end of this tile.
            if index + plan.clusters < plan.groups { counter.take(in: &program) }
            // What the output holds comes with the next step's group.
            if plan.shape.accumulates, plan.splits == 1, var sum = outputTile(group, rank: rank) {
                sum.kind = .bulkLoad
                program.operations.append(.tile(sum))
            }
            for _ in steps {
                program.operations.append(.awaitGroups(pending: UInt32(writer.committed - done - 1)))
                program.operations.append(.compute(step))
                program.operations.append(.beginProducts(products.next()))
                // The last tile's output leaves while this tile's first products run.
                if let store = leaving { program.operations.append(.tile(store)) }
                leaving = nil
                program.operations.append(.awaitProducts(pending: 1))
                writer.load(upTo: done + tile.stages, into: &program)
                done += 1
            }
            program.operations.append(.awaitProducts(pending: 0))
            writer.load(upTo: done + tile.stages, into: &program)
            leaving = finish(group, rank: rank, skew: GEMMPrices.skew(cluster: cluster, tile: index), &program)
        }
        if let store = leaving { program.operations.append(.tile(store)) }
    }

    /// The step `work`, ended later by so many cycles.
    private func late(_ work: ComputeWork, by cycles: Int) -> ComputeWork {
        var late = work
        late.cycles = work.instructions * 3 + UInt32(cycles)
        return late
    }

    /// Steps of the depth that the group's part of it has.
    private func steps(of group: GEMMPlan.Group) -> Range<Int> {
        let first = min(plan.steps, group.split * plan.stepsOfSplit)
        return first..<min(plan.steps, first + plan.stepsOfSplit)
    }

    /// The end of a tile: bias and conversion.
    /// - Returns: the copy of the output to memory; nil where nothing of the tile lies within the output.
    private func finish(_ group: GEMMPlan.Group, rank: Int, skew: Int, _ program: inout BlockProgram) -> TileAccess? {
        let place = tilePlace(group, rank: rank)
        let (rows, columns) = (
            valid(plan.shape.rows, from: place.row, plan.tile.rows),
            valid(plan.shape.columns, from: place.column, plan.tile.columns)
        )
        if let bias = tensors.bias, columns > 0, rows > 0 {
            // Eight warps read the columns' values, each in requests of a sector.
            program.operations.append(
                .tile(
                    TileAccess(
                        kind: .load, tensor: Index.bias, elementBytes: bias.elementType.byteCount,
                        address: bias.region(column: place.column, rows: 1, columns: columns).address, rows: 1,
                        rowBytes: columns * bias.elementType.byteCount, pitchBytes: 0, requestRows: 1,
                        lanesPerRow: 32 / bias.elementType.byteCount, laneBytes: bias.elementType.byteCount,
                        laneStrideBytes: bias.elementType.byteCount, replicas: 8, hint: .bypassL1)))
        }
        program.operations.append(.awaitLoads)
        program.operations.append(.compute(late(epilogue, by: skew)))
        return outputTile(group, rank: rank)
    }

    /// The copy of a block's tile to memory; nil where nothing of it lies within the output.
    private func outputTile(_ group: GEMMPlan.Group, rank: Int) -> TileAccess? {
        let place = tilePlace(group, rank: rank)
        let rows = valid(plan.shape.rows, from: place.row, plan.tile.rows)
        let columns = valid(plan.shape.columns, from: place.column, plan.tile.columns)
        guard rows > 0, columns > 0 else { return nil }
        let isPartial = plan.splits > 1
        let bytes = isPartial ? 4 : plan.shape.elementType.byteCount
        let stride = isPartial ? plan.shape.columns : tensors.output.rowStride
        let start =
            isPartial
            ? tensors.partials + UInt64(group.split * plan.shape.rows * plan.shape.columns * 4)
            : tensors.output.region(batch: group.batch, rows: 1, columns: 1).address
        return Self.tile(
            .bulkStore, tensor: Index.output, elementBytes: bytes,
            address: start + UInt64((place.row * stride + place.column) * bytes), rows: rows, rowBytes: columns * bytes,
            pitchBytes: stride * bytes)
    }

    /// First row and column of the output tile of the block `rank` of a cluster.
    private func tilePlace(_ group: GEMMPlan.Group, rank: Int) -> (row: Int, column: Int) {
        let tile = plan.tile
        let (inColumns, inRows) = (rank % tile.clusterColumns, rank / tile.clusterColumns)
        return (
            (group.row * tile.clusterRows + inRows) * tile.rows,
            (group.column * tile.clusterColumns + inColumns) * tile.columns
        )
    }

    private func valid(_ extent: Int, from first: Int, _ length: Int) -> Int { max(0, min(length, extent - first)) }

    // Operands

    /// Appends the loads of one step of a group, by the block `rank` of its cluster.
    fileprivate func appendLoads(
        _ group: GEMMPlan.Group, rank: Int, step: Int, into operations: inout [Operation]
    ) {
        let (tile, shape) = (plan.tile, plan.shape)
        let place = tilePlace(group, rank: rank)
        let (inColumns, inRows) = (rank % tile.clusterColumns, rank / tile.clusterColumns)
        // Blocks with the same columns share right, and each loads one of `clusterRows` parts.
        append(
            tensors.right, tensor: Index.right, hint: rightHint, batch: group.batch,
            isDepthInner: shape.rightIsTransposed,
            first: place.column, length: tile.columns, extent: shape.columns, step: step, part: inRows,
            parts: tile.clusterRows, into: &operations)
        append(
            tensors.left, tensor: Index.left, hint: leftHint, batch: group.batch, isDepthInner: !shape.leftIsTransposed,
            first: place.row, length: tile.rows, extent: shape.rows, step: step, part: inColumns,
            parts: tile.clusterColumns, into: &operations)
    }

    /// Appends the load of a block's part of an operand. Where the depth lies side by side in memory the parts are runs
    /// of rows or columns, otherwise runs of the depth.
    private func append(
        _ view: TensorView, tensor: Int, hint: CacheHint, batch: Int, isDepthInner: Bool, first: Int, length: Int,
        extent: Int, step: Int, part: Int, parts: Int, into operations: inout [Operation]
    ) {
        let bytes = view.elementType.byteCount
        let depth = step * plan.tile.depth
        let depths = valid(plan.shape.depth, from: depth, plan.tile.depth)
        let here: TileRegion
        if isDepthInner {
            let run = length.dividedRoundingUp(by: parts)
            let start = first + part * run
            here = view.region(
                batch: batch, row: start, column: depth,
                rows: valid(extent, from: start, min(run, length - part * run)),
                columns: depths)
        } else {
            let run = plan.tile.depth.dividedRoundingUp(by: parts)
            here = view.region(
                batch: batch, row: depth + part * run, column: first, rows: valid(depths, from: part * run, run),
                columns: valid(extent, from: first, length))
        }
        guard here.rows > 0, here.columns > 0 else { return }
        operations.append(
            .tile(
                Self.tile(
                    .bulkLoad, tensor: tensor, elementBytes: bytes, address: here.address, rows: here.rows,
                    rowBytes: here.columns * bytes, pitchBytes: view.rowStride * bytes, hint: hint)))
    }

    /// A bulk copy. It has no warp requests; its rows stand for them.
    private static func tile(
        _ kind: AccessKind, tensor: Int, elementBytes: Int, address: UInt64, rows: Int, rowBytes: Int, pitchBytes: Int,
        hint: CacheHint = .normal
    ) -> TileAccess {
        TileAccess(
            kind: kind, tensor: tensor, elementBytes: elementBytes, address: address, rows: rows, rowBytes: rowBytes,
            pitchBytes: pitchBytes, requestRows: 1, lanesPerRow: 32, laneBytes: 16, laneStrideBytes: 16,
            hint: hint)
    }

    /// The loads of a block in order, ahead of the products.
    private struct Loads {
        let kernel: GEMMKernel
        let rank: Int
        /// The group and step to load next.
        private var index: Int
        private var group: GEMMPlan.Group
        private var remaining: Range<Int>
        private(set) var committed = 0

        init(kernel: GEMMKernel, cluster: Int, rank: Int) {
            self.kernel = kernel
            self.rank = rank
            index = cluster
            group = kernel.plan.group(cluster)
            remaining = kernel.steps(of: group)
        }

        /// Loads until `count` steps have been asked for, or all.
        mutating func load(upTo count: Int, into program: inout BlockProgram) {
            while committed < count {
                while remaining.isEmpty {
                    index += kernel.plan.clusters
                    guard index < kernel.plan.groups else { return }
                    group = kernel.plan.group(index)
                    remaining = kernel.steps(of: group)
                }
                kernel.appendLoads(group, rank: rank, step: remaining.lowerBound, into: &program.operations)
                program.operations.append(.commitGroup)
                remaining.removeFirst()
                committed += 1
            }
        }
    }

    // Source operations

    package func appendSourceOperations(ofBlock block: Int, to operations: inout [SourceOperation]) {
        var program = BlockProgram()
        loadProgram(ofBlock: block, into: &program)
        for operation in program.operations {
            guard case .tile(let tile) = operation else { continue }
            operations.append(
                SourceOperation(
                    kind: tile.kind == .bulkStore ? .store : .load, elementBytes: Int(tile.elementBytes),
                    tensor: Int(tile.tensor),
                    region: TileRegion(
                        address: tile.address, rows: Int(tile.rows),
                        columns: Int(tile.rowBytes) / Int(tile.elementBytes)),
                    pitchBytes: Int(tile.pitchBytes)))
        }
    }
}

/// The products of a warp in each step. All warps of a block count alike, and whole numbers add up to the tile's.
private struct ProductCount {
    private let perStep: Int
    private let warps: Int
    private var steps = 0

    init(tile: GEMMTile, warps: Int) {
        // A product has 16 x 8 by 16 elements.
        perStep = tile.rows * tile.columns * tile.depth / 2048
        self.warps = warps
    }

    mutating func next() -> UInt32 {
        let before = steps * perStep / warps
        steps += 1
        return UInt32(steps * perStep / warps - before)
    }
}
