import Trace

/// What a kernel with one vector a block is built from. The vector is a run of columns of one row at a time, spread
/// over the block's threads.
///
/// All vectors of a kernel depend on each other. The compiler therefore gives every load the widest layout that any of
/// them asks for. A store gets no more than 16 bytes a thread in a layout of its own.
struct RowFrame {
    let kernel: String
    let tiling: Tiling
    /// Neighbouring elements of a thread in every load.
    let elementsPerThread: Int
    /// The size that the columns' mask compares with.
    private let limit: Int
    private(set) var tensors: [Tensor] = []

    /// - Parameters:
    ///   - tiling: the columns of a block's vector as `block`, and its warps.
    ///   - limit: columns of a row or group that the mask leaves.
    ///   - views: every tensor whose vectors the kernel moves.
    init(kernel: String, tiling: Tiling, limit: Int, views: [TensorView]) {
        self.kernel = kernel
        self.tiling = tiling
        self.limit = limit
        let widest = views.map { Self.widestAccess(of: $0) }.max() ?? 1
        elementsPerThread = max(1, min(widest, tiling.block / tiling.threads))
    }

    /// Elements of a vector that a thread holds, at least one.
    var elements: Double { max(1, Double(tiling.block) / Double(tiling.threads)) }

    /// Elements that the address lets a thread move at once. The strides of rows and of groups of columns both enter
    /// it.
    private static func alignment(of view: TensorView) -> Int {
        ArgumentAlignment.contiguousElements(
            address: view.address, elementBytes: view.elementType.byteCount, strides: [view.rowStride, view.headStride])
    }

    private static func widestAccess(of view: TensorView) -> Int {
        max(1, min(alignment(of: view), 16 / view.elementType.byteCount))
    }

    private mutating func add(_ name: String, _ view: TensorView) -> Int {
        tensors.append(view.tensor(named: name))
        return tensors.count - 1
    }

    /// Neighbouring elements of a thread in a store.
    func storedElementsPerThread(_ view: TensorView) -> Int { min(elementsPerThread, Self.widestAccess(of: view)) }

    /// A load or store of a row's columns.
    mutating func vector(_ kind: AccessKind, _ name: String, _ view: TensorView) -> Operand {
        let bytes = view.elementType.byteCount
        let layout = BlockedLayout(
            length: tiling.block,
            elementsPerThread: kind == .store ? storedElementsPerThread(view) : elementsPerThread, warps: tiling.warps)
        let mask = ArgumentAlignment.maskElements(limits: [limit])
        return operand(
            kind, name, view, layout.requests(elementBytes: bytes, vector: min(Self.alignment(of: view), mask)))
    }

    /// One value, which every warp loads or one warp stores.
    mutating func scalar(_ kind: AccessKind, _ name: String, _ view: TensorView) -> Operand {
        operand(kind, name, view, .scalar(elementBytes: view.elementType.byteCount, warps: tiling.warps))
    }

    private mutating func operand(
        _ kind: AccessKind, _ name: String, _ view: TensorView, _ requests: RequestShape
    ) -> Operand {
        let tensor = add(name, view)
        let bytes = view.elementType.byteCount
        return kind == .store
            ? .store(tensor: tensor, elementBytes: bytes, requests: requests)
            : Operand(kind: kind, tensor: tensor, elementBytes: bytes, requests: requests)
    }

    /// Instructions that move a thread's share of a vector.
    func accesses(_ operand: Operand) -> Double {
        let lane = operand.tile(TileRegion(address: 0, rows: 0, columns: 0)).laneBytes
        return max(1, elements * Double(operand.elementBytes) / Double(lane))
    }

    /// Whether a thread moves its share of a vector 16 bytes at a time, or in one access where the share is smaller.
    func movesWholeVectors(_ operand: Operand) -> Bool {
        accesses(operand) == max(1, elements * Double(operand.elementBytes) / 16)
    }

    /// The finished launch header.
    func launch(grid: Grid, resources: CompiledResources) -> KernelLaunch {
        KernelLaunch(
            kernel: kernel, grid: grid, threadsPerBlock: tiling.threads,
            registersPerThread: resources.registersPerThread, sharedMemoryBytesPerBlock: resources.sharedMemoryBytes,
            resourcesAreEstimated: resources.isEstimated, tiling: tiling.description, tensors: tensors)
    }
}
