import Trace

/// What every generator is built from: sizes, tiling, costs and the launch's tensor list as it grows.
struct KernelFrame {
    let kernel: String
    let shape: SSDShape
    let tiling: Tiling
    let allocation: SSDAllocation
    private(set) var tensors: [Tensor] = []

    init(kernel: String, tiling: Tiling, allocation: SSDAllocation) {
        self.kernel = kernel
        shape = allocation.shape
        self.tiling = tiling
        self.allocation = allocation
    }

    /// Enters an argument into the launch's tensors; its index.
    mutating func add(_ name: String, _ view: TensorView) -> Int {
        tensors.append(view.tensor(named: name))
        return tensors.count - 1
    }

    /// Elements that may move at once along the contiguous dimension of `view`, from the strides that enter its addresses.
    func alignment(of view: TensorView, strides: [Int]) -> Int {
        ArgumentAlignment.contiguousElements(
            address: view.address, elementBytes: view.elementType.byteCount, strides: strides)
    }

    /// Requests of a vector: in a layout of its own if it has an element for every thread, else in the layout that
    /// its use asks for, since the compiler rather loads a short vector again than exchange it.
    func vectorRequests(
        length: Int, elementBytes: Int, alignment: Int, mask: Int = 16, short: RequestShape
    ) -> RequestShape {
        guard length >= tiling.threads else { return short }
        return BlockedLayout.coalesced(
            length: length, alignment: alignment, elementBytes: elementBytes, warps: tiling.warps
        ).requests(elementBytes: elementBytes, vector: min(alignment, mask))
    }

    /// Whether this launch belongs to the backward pass, which runs forward kernels again.
    private var isRecomputing: Bool { allocation.pass == .backward }

    /// What the compiled code executes beside the memory operations.
    func costs() -> StageCosts {
        CostModel.stageCosts(kernel: kernel, tiling: tiling, shape: shape, recomputing: isRecomputing)
    }

    /// The finished launch header.
    func launch(grid: Grid) -> KernelLaunch {
        let resources = CostModel.resources(
            kernel: kernel, tiling: tiling, shape: shape, recomputing: isRecomputing)
        return KernelLaunch(
            kernel: kernel, grid: grid, threadsPerBlock: tiling.threads,
            registersPerThread: resources.registersPerThread, sharedMemoryBytesPerBlock: resources.sharedMemoryBytes,
            resourcesAreEstimated: resources.isEstimated, tiling: tiling.description, tensors: tensors)
    }
}
