import Trace

/// The record of one 128-byte line for one tensor: 16 bytes.
struct LineState: BitwiseCopyable {
    /// The line's last touch for `RecencyStack`. It is stored with the tensor that touched the line's page first.
    var time: UInt32 = 0
    /// The line's SMs for `ProcessorSets`.
    var processors: UInt32 = 0
    /// The number of touches, 48 bits.
    var touches: UInt32 = 0
    var highTouches: UInt16 = 0
    /// The sectors read (lower four bits) and the sectors written (upper four bits).
    var sectors: UInt8 = 0

    var touchCount: UInt64 { UInt64(highTouches) << 32 | UInt64(touches) }
    var read: UInt8 { sectors & 15 }
    var written: UInt8 { sectors >> 4 }

    @inline(__always)
    mutating func touch(sectors mask: UInt8, isWrite: Bool) {
        let (sum, carry) = touches.addingReportingOverflow(1)
        touches = sum
        if carry { highTouches &+= 1 }
        sectors |= isWrite ? mask &<< 4 : mask & 15
    }
}

/// The owner of a page's lines: 8 bytes.
struct PageOwner: BitwiseCopyable {
    var tensor: UInt16
    /// Whether this is the entry of the tensor that touched the page first.
    var isFirst = true
    /// The entry of the same page for another tensor; zero after the last one.
    var next: UInt32 = 0
}

/// Every line that a launch touches, tensor by tensor. A touch costs one lookup if the page of eight lines changes, and
/// none otherwise.
///
/// Memory: 16 bytes per line, 8 bytes per page and 21 to 43 bytes of its index. If all lines of a page are touched,
/// that is about 6 bytes for each 32-byte sector. For a line alone on its page it is at most 180 bytes. A line of
/// several SMs takes one more bit for each SM. Distances take one more byte per line. A page that several tensors touch
/// is stored once for each of them.
struct LineLedger: ~Copyable {
    private static let pageShift: UInt64 = 3
    private static let pageLines = 1 << 3

    /// The number of pages of 1 KiB that may be touched.
    let pageLimit: Int
    /// Whether a touch was left out because the limit was reached.
    private(set) var isFull = false
    private var pages = KeyIndex()
    /// Pages of tensors other than the first one. The key is the first one's entry and the tensor.
    private var sharedPages = KeyIndex()
    private var owners = GrowingBuffer<PageOwner>()
    private var states = GrowingBuffer<LineState>()
    private var sets: ProcessorSets
    private var recency = RecencyStack()
    /// Touches by tensor and bucket of distance. The last bucket holds first touches.
    private var distances: [UInt64] = []
    private var lastPage = UInt64.max
    private var lastEntry = 0

    /// - Parameter processorCount: the number of SMs that run blocks.
    init(processorCount: Int, pageLimit: Int) {
        sets = ProcessorSets(processorCount: processorCount)
        self.pageLimit = pageLimit
    }

    /// The most bytes that the account takes while `lines` further lines are touched. It includes the lines, the pages
    /// and their indices, the SMs of shared lines, and the order of touches.
    func byteCount(afterFurther lines: Int) -> Int {
        (states.count + lines * Self.pageLines) * MemoryLayout<LineState>.stride
            + (owners.count + lines) * MemoryLayout<PageOwner>.stride
            + pages.byteCount(afterFurther: lines) + sharedPages.byteCount(afterFurther: lines)
            + sets.byteCount(afterFurther: lines) + recency.byteCount
    }

    /// Forgets the launch before and makes room for one with `tensorCount` tensors. The memory stays allocated.
    mutating func begin(tensorCount: Int) {
        pages.removeAll()
        sharedPages.removeAll()
        owners.removeAll()
        states.removeAll()
        sets.removeAll()
        recency.removeAll()
        distances = Array(repeating: 0, count: tensorCount * ReuseHistogram.bucketCount)
        lastPage = .max
        isFull = false
    }

    /// Counts one touch of a line by one tensor's access.
    @inline(__always)
    mutating func touch(_ request: LineRequest, isWrite: Bool, tensor: Int, processor: Int) {
        let page = request.line &>> Self.pageShift
        if page != lastPage {
            guard let entry = firstEntry(ofPage: page, tensor: tensor) else { return }
            lastPage = page
            lastEntry = entry
        }
        let offset = Int(truncatingIfNeeded: request.line) & (Self.pageLines &- 1)
        let place = lastEntry &* Self.pageLines &+ offset
        if recency.isFull { renumber() }
        var state = states[place]
        let distance = recency.touch(&state.time)
        let bucket = distance.map(ReuseHistogram.bucket) ?? ReuseHistogram.bucketCount &- 1
        distances[tensor &* ReuseHistogram.bucketCount &+ bucket] &+= 1
        if Int(owners[lastEntry].tensor) == tensor {
            sets.insert(processor, into: &state.processors)
            state.touch(sectors: request.sectors, isWrite: isWrite)
            states[place] = state
        } else {
            states[place] = state
            touchOther(offset: offset, request.sectors, isWrite: isWrite, tensor: tensor, processor: processor)
        }
    }

    /// Summarizes the touched memory of each tensor and of all together. It fills the footprint, sharing and reuse of
    /// both.
    mutating func summarize(into tensors: inout [AccessProfile], total: inout AccessProfile) {
        for entry in 0..<owners.count {
            let owner = owners[entry]
            for offset in 0..<Self.pageLines {
                let state = states[entry * Self.pageLines + offset]
                if state.touchCount > 0 {
                    let processors = sets.count(state.processors)
                    tensors[Int(owner.tensor)].add(state, processors: processors)
                    if owner.isFirst && owner.next == 0 { total.add(state, processors: processors) }
                }
                if owner.isFirst && owner.next > 0 { addUnion(firstEntry: entry, offset: offset, to: &total) }
            }
        }
        let count = ReuseHistogram.bucketCount
        var sums = Array(repeating: UInt64(0), count: count)
        for tensor in tensors.indices {
            let row = Array(distances[tensor * count..<(tensor + 1) * count])
            tensors[tensor].reuse = ReuseHistogram(cold: row[count - 1], buckets: row.dropLast())
            for bucket in 0..<count { sums[bucket] += row[bucket] }
        }
        total.reuse = ReuseHistogram(cold: sums[count - 1], buckets: sums.dropLast())
    }

    private mutating func firstEntry(ofPage page: UInt64, tensor: Int) -> Int? {
        let entry = Int(pages.number(of: page, next: UInt32(owners.count)))
        return entry < owners.count || appendPage(PageOwner(tensor: UInt16(tensor))) ? entry : nil
    }

    /// Whether there was room for the page.
    private mutating func appendPage(_ owner: PageOwner) -> Bool {
        guard owners.count < pageLimit else {
            isFull = true
            return false
        }
        owners.append(repeating: owner, count: 1)
        states.append(repeating: LineState(), count: Self.pageLines)
        return true
    }

    /// Counts a touch by a tensor other than the one that touched the last page first.
    private mutating func touchOther(offset: Int, _ sectors: UInt8, isWrite: Bool, tensor: Int, processor: Int) {
        let key = UInt64(lastEntry) << 16 | UInt64(tensor)
        let entry = Int(sharedPages.number(of: key, next: UInt32(owners.count)))
        if entry == owners.count {
            var first = owners[lastEntry]
            guard appendPage(PageOwner(tensor: UInt16(tensor), isFirst: false, next: first.next)) else { return }
            first.next = UInt32(entry)
            owners[lastEntry] = first
        }
        var state = states[entry * Self.pageLines + offset]
        sets.insert(processor, into: &state.processors)
        state.touch(sectors: sectors, isWrite: isWrite)
        states[entry * Self.pageLines + offset] = state
    }

    private func addUnion(firstEntry: Int, offset: Int, to total: inout AccessProfile) {
        var union = LineState()
        var touches: UInt64 = 0
        var processors = sets.emptyBitmap
        var entry = firstEntry
        repeat {
            let state = states[entry * Self.pageLines + offset]
            union.sectors |= state.sectors
            touches += state.touchCount
            sets.add(state.processors, to: &processors)
            entry = Int(owners[entry].next)
        } while entry > 0
        guard touches > 0 else { return }
        total.footprint.add(read: union.read, written: union.written)
        total.sharing.add(processors: processors.reduce(0) { $0 + $1.nonzeroBitCount }, touches: touches)
    }

    private mutating func renumber() {
        for place in 0..<states.count {
            var state = states[place]
            guard state.time > 0 else { continue }
            state.time = recency.rank(state.time)
            states[place] = state
        }
        recency.restart()
    }
}

extension AccessProfile {
    fileprivate mutating func add(_ state: LineState, processors: Int) {
        footprint.add(read: state.read, written: state.written)
        sharing.add(processors: processors, touches: state.touchCount)
    }
}
