import Trace

/// Collects the `AccessProfile` of each tensor of one launch after another. One instance serves all launches of a
/// trace.
///
/// A trace has no time. The profiler therefore takes blocks one after another in linear order and assumes that block
/// `b` runs on SM `b mod processorCount`.
package struct AccessProfiler: ~Copyable {
    /// The greatest number of SMs.
    package static let processorLimit = 1024
    /// The default limit of pages of 1 KiB that a launch may touch: 2 GiB of whole pages.
    package static let defaultPageLimit = 1 << 21
    /// The greatest limit of pages. 32 bits number their lines.
    package static let greatestPageLimit = 1 << 26
    /// Limit in bytes for the account of a page's lines, on average: 896 MiB for the default limit.
    package static let bytesPerPage = 448

    package let processorCount: Int
    private var ledger: LineLedger
    private var tensors: [AccessProfile] = []
    private var meters: [BlockMeter] = []
    private var launchMeter = BlockMeter()
    private var processor = 0
    private var block = 0

    /// - Parameters:
    ///   - processorCount: the number of SMs that run blocks, 1 to `processorLimit`.
    ///   - pageLimit: the number of pages that a launch may touch.
    package init(processorCount: Int = 132, pageLimit: Int = defaultPageLimit) {
        precondition((1...Self.processorLimit).contains(processorCount), "SMs outside 1 to \(Self.processorLimit)")
        self.processorCount = processorCount
        ledger = LineLedger(processorCount: processorCount, pageLimit: pageLimit)
    }

    mutating func begin(_ launch: KernelLaunch) {
        ledger.begin(tensorCount: launch.tensors.count)
        tensors = Array(repeating: AccessProfile(), count: launch.tensors.count)
        meters = Array(repeating: BlockMeter(), count: launch.tensors.count)
        launchMeter = BlockMeter()
    }

    mutating func begin(block: Int) {
        self.block = block
        processor = block % processorCount
    }

    /// Counts one operation's requests.
    /// - Parameters:
    ///   - expander: the operation's requests, with coverage.
    ///   - bytes: bytes of its elements.
    ///   - sectors: sum of the sectors of its requests.
    ///   - lanes: active lanes; nil for a tile.
    mutating func add(
        _ expander: borrowing RequestExpander, bytes: UInt64, sectors: UInt64, lanes: UInt64?, isWrite: Bool,
        tensor: Int
    ) {
        for request in expander.requests {
            ledger.touch(request, isWrite: isWrite, tensor: tensor, processor: processor)
        }
        var least: UInt64 = 0
        for covered in expander.coveredBytes {
            least &+= (covered &+ (Footprint.sectorBytes &- 1)) / Footprint.sectorBytes
        }
        if isWrite {
            tensors[tensor].writeLeastSectors &+= least
        } else {
            tensors[tensor].readLeastSectors &+= least
        }
        if let lanes, lanes > 0 {
            tensors[tensor].laneRequests &+= 1
            tensors[tensor].activeLanes &+= lanes
        }
        meters[tensor].add(bytes: bytes, sectors: sectors, isWrite: isWrite, block: block)
        launchMeter.add(bytes: bytes, sectors: sectors, isWrite: isWrite, block: block)
    }

    /// Checks that the ledger has room for the next piece of an operation.
    /// - Parameter place: the name of the trace, for the error.
    /// - Throws: `AnalysisError.footprintLimit` once a launch has touched more than the ledger holds.
    func checkLimit(place: String?, order: Int, kernel: String) throws(AnalysisError) {
        // Empty tables take less than a mebibyte.
        let limit = ledger.pageLimit * Self.bytesPerPage + (1 << 20)
        let further = min(TilePieces.lines, ledger.pageLimit / 64)
        guard ledger.isFull || ledger.byteCount(afterFurther: further) > limit else { return }
        throw .footprintLimit(place: place, order: order, kernel: kernel, pages: ledger.pageLimit)
    }

    /// The profiles of each of the launch's tensors, and of all tensors together.
    mutating func finish(blocks: Int) -> (tensors: [AccessProfile], total: AccessProfile) {
        var total = AccessProfile()
        for tensor in tensors.indices {
            tensors[tensor].blockTraffic = meters[tensor].finish(blocks: blocks)
            total.readLeastSectors &+= tensors[tensor].readLeastSectors
            total.writeLeastSectors &+= tensors[tensor].writeLeastSectors
            total.laneRequests &+= tensors[tensor].laneRequests
            total.activeLanes &+= tensors[tensor].activeLanes
        }
        total.blockTraffic = launchMeter.finish(blocks: blocks)
        ledger.summarize(into: &tensors, total: &total)
        return (tensors, total)
    }
}
