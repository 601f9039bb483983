extension BoundKind {
    /// The word for this cause in all text.
    package var words: String {
        switch self {
        case .hbmBandwidth: "HBM bandwidth"
        case .launch: "launch"
        case .turnaround: "turnaround"
        case .tail: "tail"
        case .fewBlocks: "too few blocks"
        case .blockStart: "block start"
        case .instructionIssue: "instructions"
        case .tensor: "tensor cores"
        case .memoryBandwidth: "L2/HBM queues"
        case .loadLatency: "load latency"
        case .copyLatency: "copy latency"
        case .port: "L1 port"
        case .storeBandwidth: "stores"
        case .fences: "fences"
        case .flags: "other blocks"
        }
    }

    /// What the time goes to.
    package var meaning: String {
        switch self {
        case .hbmBandwidth: "HBM moves bytes nearly as fast as it can"
        case .launch: "the launch begins and ends, beyond the time of its blocks"
        case .turnaround: "slots of SMs wait for their next block after one has ended"
        case .tail: "slots of SMs are empty while the last blocks run"
        case .fewBlocks: "SMs are empty, since the grid has fewer blocks than fill them"
        case .blockStart: "blocks wait for their first instructions and constants"
        case .instructionIssue: "warps execute instructions other than tensor cores' products"
        case .tensor: "the tensor cores compute products"
        case .memoryBandwidth: "reads wait in queues: of GPCs, L2 slices, the fabric, HBM channels"
        case .loadLatency: "warps wait for loads"
        case .copyLatency: "warps wait for asynchronous copies"
        case .port: "requests wait for the SM's port to the L1"
        case .storeBandwidth: "stores wait on their way to the L2"
        case .fences: "blocks wait for fences"
        case .flags: "blocks wait for signals or locks of other blocks"
        }
    }

    /// What makes the launch faster.
    package var remedy: String {
        switch self {
        case .hbmBandwidth: "move fewer bytes: fuse kernels, keep data in the L2, use smaller types"
        case .launch: "launch less often: fuse kernels, give a launch more work, use a CUDA graph"
        case .turnaround: "use fewer and longer blocks, or persistent ones"
        case .tail: "use smaller blocks, or a grid that fills whole waves"
        case .fewBlocks: "use a larger grid: smaller tiles, a split of the depth, a larger batch"
        case .blockStart: "use fewer and longer blocks, with less code"
        case .instructionIssue: "execute fewer: wider loads, simpler addresses, larger tiles, tensor cores"
        case .tensor: "compute less, or in smaller types"
        case .memoryBandwidth: "ask the L2 for less: larger tiles, more hits in the L1, another order of blocks"
        case .loadLatency: "load earlier and more at a time: more warps, blocks per SM, or pipeline stages"
        case .copyLatency: "copy earlier: more pipeline stages, warps or blocks per SM"
        case .port: "touch fewer lines and sectors a request: coalesced, wider, aligned accesses"
        case .storeBandwidth: "write fewer bytes, in whole sectors, spread over the launch"
        case .fences: "use fewer fences, or wider steps between them"
        case .flags: "let blocks depend on each other less often, or on blocks that start earlier"
        }
    }
}
