import Kernels
import Trace

/// What Nsight counts of a launch, from the programs of its blocks.
struct RequestCounts: Equatable {
    var loadRequests = 0
    var loadSectors = 0
    var storeRequests = 0
    var storeSectors = 0
    var bypassRequests = 0
    var bypassSectors = 0
    /// Sectors of asynchronous copies through L1.
    var accessSectors = 0
    /// Sectors of local memory, which the load and store counters leave out.
    var localLoadSectors = 0
    var localStoreSectors = 0
    var reductionSectors = 0
    var atomicSectors = 0

    /// Counts blocks `0..<count`, then scales to the whole grid.
    init(_ source: any KernelGenerator, blocks count: Int? = nil) throws {
        var source = source
        var program = BlockProgram()
        var expander = RequestExpander(geometry: .nvidia)
        let total = source.launch.grid.blockCount
        let counted = min(count ?? total, total)
        for block in 0..<counted {
            try source.loadProgram(ofBlock: block, into: &program)
            for operation in program.operations {
                guard case .tile(let tile) = operation else { continue }
                expander.expand(tile)
                var requests = 0
                var sectors = 0
                for request in expander.requests {
                    requests += request.startsRequest ? 1 : 0
                    sectors += request.sectors.nonzeroBitCount
                }
                add(tile.kind, requests, sectors)
            }
        }
        precondition(total % counted == 0)
        scale(by: total / counted)
    }

    private mutating func add(_ kind: AccessKind, _ requests: Int, _ sectors: Int) {
        switch kind {
        case .store:
            storeRequests += requests
            storeSectors += sectors
        case .copyBypass:
            bypassRequests += requests
            bypassSectors += sectors
            loadRequests += requests
            loadSectors += sectors
        case .copyThroughL1:
            accessSectors += sectors
            loadRequests += requests
            loadSectors += sectors
        case .localLoad: localLoadSectors += sectors
        case .localStore: localStoreSectors += sectors
        case .reduction: reductionSectors += sectors
        case .atomic: atomicSectors += sectors
        default:
            loadRequests += requests
            loadSectors += sectors
        }
    }

    private mutating func scale(by factor: Int) {
        loadRequests *= factor
        loadSectors *= factor
        storeRequests *= factor
        storeSectors *= factor
        bypassRequests *= factor
        bypassSectors *= factor
        accessSectors *= factor
        localLoadSectors *= factor
        localStoreSectors *= factor
        reductionSectors *= factor
        atomicSectors *= factor
    }
}
