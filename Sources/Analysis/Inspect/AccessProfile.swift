/// How a launch uses the memory of one tensor, or of all tensors together: how much of it, how well requests fit
/// sectors, and how lines are reused and shared. Everything follows from the trace alone. No cache and no time is
/// simulated.
package struct AccessProfile: Equatable, Sendable {
    /// The least number of sectors that could hold the bytes of read requests. Each request counts its distinct bytes
    /// divided by 32, rounded up.
    package var readLeastSectors: UInt64 = 0
    /// The same for requests that write, reduce or update atomically.
    package var writeLeastSectors: UInt64 = 0
    /// Requests whose lanes the trace lists, and the sum of their active lanes. Tiles list no lanes.
    package var laneRequests: UInt64 = 0
    package var activeLanes: UInt64 = 0
    package var footprint = Footprint()
    package var blockTraffic = BlockTraffic()
    package var sharing = LineSharing()
    package var reuse = ReuseHistogram()

    package init() {}
}

/// Distinct memory that a launch touches. Memory that is read and written counts in both. `sectors` and `lines` count
/// it once.
package struct Footprint: Equatable, Sendable {
    /// Bytes of a sector.
    package static let sectorBytes: UInt64 = 32
    /// Bytes of a line.
    package static let lineBytes: UInt64 = 128

    package var sectors: UInt64 = 0
    package var readSectors: UInt64 = 0
    package var writtenSectors: UInt64 = 0
    package var lines: UInt64 = 0
    package var readLines: UInt64 = 0
    package var writtenLines: UInt64 = 0

    package init() {}

    /// Counts one line by the masks of its sectors that were read and written.
    mutating func add(read: UInt8, written: UInt8) {
        sectors += UInt64((read | written).nonzeroBitCount)
        readSectors += UInt64(read.nonzeroBitCount)
        writtenSectors += UInt64(written.nonzeroBitCount)
        lines += 1
        readLines += read != 0 ? 1 : 0
        writtenLines += written != 0 ? 1 : 0
    }
}

/// Lines by the number of SMs that touch them, in classes of 1, 2, 3 to 4, 5 to 8, ... SMs. Empty classes at the end
/// are left out.
package struct LineSharing: Equatable, Sendable {
    /// Distinct lines of each class.
    package var lines: [UInt64] = []
    /// Touches of lines of each class.
    package var touches: [UInt64] = []

    package init() {}

    /// The SM counts of class `number`.
    package static func processors(ofClass number: Int) -> ClosedRange<Int> {
        number == 0 ? 1...1 : (1 << (number - 1)) + 1...1 << number
    }

    /// The class of lines that `processors` SMs touch. `processors` is at least one.
    static func number(ofProcessors processors: Int) -> Int {
        UInt64.bitWidth - UInt64(processors - 1).leadingZeroBitCount
    }

    mutating func add(processors: Int, touches count: UInt64) {
        let number = Self.number(ofProcessors: processors)
        while lines.count <= number {
            lines.append(0)
            touches.append(0)
        }
        lines[number] += 1
        touches[number] += count
    }
}

/// Touches by stack distance. This is the number of distinct other lines, of any tensor, touched since the last touch
/// of the same line.
package struct ReuseHistogram: Equatable, Sendable {
    /// Buckets that distances can fall into.
    static let bucketCount = 34

    /// First touches of lines.
    package var cold: UInt64 = 0
    /// Touches at distances 0, 1, 2 to 3, 4 to 7, ... Empty buckets at the end are left out.
    package var buckets: [UInt64] = []

    package init() {}

    init(cold: UInt64, buckets: [UInt64]) {
        self.cold = cold
        self.buckets = buckets
        while self.buckets.last == 0 { self.buckets.removeLast() }
    }

    /// The distances of bucket `number`.
    package static func distances(ofBucket number: Int) -> ClosedRange<Int> {
        number == 0 ? 0...0 : 1 << (number - 1)...(1 << number) - 1
    }

    @inline(__always)
    static func bucket(ofDistance distance: Int) -> Int { Int.bitWidth &- distance.leadingZeroBitCount }

    package var touches: UInt64 { buckets.reduce(cold, +) }
}

/// The spread of a number over the blocks of a launch, including blocks at zero.
package struct BlockSpread: Equatable, Sendable {
    package var least: UInt64 = 0
    package var greatest: UInt64 = 0
    package var sum: UInt64 = 0
    package var blocks: UInt64 = 0

    package init() {}

    package var mean: Double { blocks == 0 ? 0 : Double(sum) / Double(blocks) }
}

/// The traffic that each block of a launch requests.
package struct BlockTraffic: Equatable, Sendable {
    /// Bytes of elements, as in `TensorTraffic`.
    package var readBytes = BlockSpread()
    package var writeBytes = BlockSpread()
    /// Bytes of the sectors that hold these elements, request by request.
    package var readSectorBytes = BlockSpread()
    package var writeSectorBytes = BlockSpread()

    package init() {}
}
