import Trace

/// What a generator of tiles is built from: sizes, tiling, resources, and the launch's tensor list, which grows
/// meanwhile.
struct KernelFrame {
    let kernel: String
    let shape: SSDShape
    let tiling: Tiling
    private(set) var tensors: [Tensor] = []
    /// What the compiler gives the kernel.
    private let resources: CompiledResources
    /// Whether the compiler knows that the batch index is zero, so that the batch stride drops out of the addresses.
    private let foldsBatch: Bool
    /// Whether the compiler knows the same of the group index.
    private let foldsGroup: Bool
    /// Where the launch's local memory starts. It lies behind the run's tensors.
    private let localMemoryAddress: UInt64

    /// - Parameters:
    ///   - book: the run's tensors, including the kernel's.
    ///   - dividesByBatch: whether the kernel computes its batch index as a remainder by the batch. For a batch of one
    ///     this is always zero.
    ///   - dividesByGroups: whether it computes its group index as a remainder by the number of groups.
    init(
        kernel: String, tiling: Tiling, shape: SSDShape, resources: CompiledResources, book: TensorBook,
        dividesByBatch: Bool = false, dividesByGroups: Bool = false
    ) {
        self.kernel = kernel
        self.shape = shape
        self.tiling = tiling
        self.resources = resources
        localMemoryAddress = book.end
        foldsBatch = dividesByBatch && shape.batch == 1
        foldsGroup = dividesByGroups && shape.groups == 1
    }

    /// Enters an argument into the launch's tensors, once.
    /// - Returns: its index.
    mutating func add(_ name: String, _ view: TensorView) -> Int {
        if let known = tensors.firstIndex(where: { $0.name == name }) { return known }
        tensors.append(view.tensor(named: name))
        return tensors.count - 1
    }

    /// Enters the tensor whose words are the launch's flags.
    /// - Returns: its index.
    mutating func addFlags(_ name: String, _ view: TensorView) -> Int {
        let index = add(name, view)
        tensors[index].elementType = Tensor.flagType
        return index
    }

    /// Elements that may move at once along the contiguous dimension of a tile of positions (x, B, C, z, out, dt).
    func positionAlignment(of view: TensorView) -> Int {
        alignment(of: view, strides: [batchStride(view), headStride(view), view.rowStride])
    }

    /// The same for a vector inside one chunk and head, or for a block of one head's states.
    func chunkAlignment(of view: TensorView) -> Int {
        alignment(of: view, strides: [batchStride(view), view.chunkStride, headStride(view)])
    }

    /// The same for a tile inside one chunk's states or products.
    func tileAlignment(of view: TensorView) -> Int {
        alignment(of: view, strides: [batchStride(view), view.chunkStride, headStride(view), view.rowStride])
    }

    /// The same for an address that these strides enter.
    func alignment(of view: TensorView, strides: [Int]) -> Int {
        ArgumentAlignment.contiguousElements(
            address: view.address, elementBytes: view.elementType.byteCount, strides: strides)
    }

    private func batchStride(_ view: TensorView) -> Int { foldsBatch ? 0 : view.batchStride }
    private func headStride(_ view: TensorView) -> Int { foldsGroup ? 0 : view.headStride }

    /// Requests of a vector. The vector has a layout of its own if it has an element for every thread. A shorter one
    /// has the layout that its use asks for, because the compiler prefers loading a short vector again to exchanging
    /// it.
    func vectorRequests(
        length: Int, elementBytes: Int, alignment: Int, mask: Int = 16, short: RequestShape
    ) -> RequestShape {
        guard length >= tiling.threads else { return short }
        return BlockedLayout.coalesced(
            length: length, alignment: alignment, elementBytes: elementBytes, warps: tiling.warps
        ).requests(elementBytes: elementBytes, vector: min(alignment, mask))
    }

    /// The local memory for spilled registers, entered into the launch's tensors; nil where nothing is spilled.
    mutating func localMemory(grid: Grid) -> LocalMemory? {
        // Where registers are spilled, they decide how many blocks run at once. An SM of compute capability 9.0 has
        // 65,536.
        let perSM = max(
            1, 65_536 / (max(1, resources.registersPerThread).dividedRoundingUp(by: 8) * 8 * tiling.threads))
        let local = LocalMemory(
            spillBytesPerThread: resources.spillBytesPerThread, address: localMemoryAddress,
            tensor: tensors.count, warps: tiling.warps, blocks: grid.blockCount,
            residentBlocks: shape.multiprocessorCount * perSM)
        if let local { tensors.append(local.description) }
        return local
    }

    /// The finished launch header.
    func launch(grid: Grid) -> KernelLaunch {
        return KernelLaunch(
            kernel: kernel, grid: grid, threadsPerBlock: tiling.threads,
            registersPerThread: resources.registersPerThread, sharedMemoryBytesPerBlock: resources.sharedMemoryBytes,
            resourcesAreEstimated: resources.isEstimated, tiling: tiling.description, tensors: tensors)
    }
}
