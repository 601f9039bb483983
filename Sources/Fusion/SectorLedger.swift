import Analysis
import Trace

/// The record of one sector that a producer touches: 12 bytes.
struct SectorState: BitwiseCopyable {
    /// The blocks that wrote it, as a set of `WriterSets`; 0 for none.
    var writers: UInt32 = 0
    /// The consumer block that read it last, plus one.
    var reader: UInt32 = 0
    /// The producer's tensor through which it was written.
    var tensor: UInt16 = 0
    /// Whether the producer reads it.
    var isInput = false
}

/// The sectors that a producer touches, in pages of 8 KiB.
struct SectorLedger: ~Copyable {
    private static let pageShift: UInt64 = 6
    /// The greatest number of pages: 2 GiB. Their account takes 768 MiB.
    static let pageLimit = 1 << 18

    private var pages = KeyIndex()
    private var states = GrowingBuffer<SectorState>()
    private var lastPage = UInt64.max
    private var lastBase = 0
    private(set) var pageCount = 0

    init() {}

    subscript(index: Int) -> SectorState {
        get { states[index] }
        nonmutating set { states[index] = newValue }
    }

    /// The index of a line's first sector. A new line gets one; nil if there is no room for it.
    @inline(__always)
    mutating func place(ofLine line: UInt64) -> Int? {
        let page = line &>> Self.pageShift
        if page != lastPage {
            let number = Int(pages.number(of: page, next: UInt32(truncatingIfNeeded: pageCount)))
            lastBase = number << (Self.pageShift + 2)
            if number == pageCount {
                guard pageCount < Self.pageLimit else { return nil }
                states.append(repeating: SectorState(), count: 1 << (Self.pageShift + 2))
                pageCount += 1
            }
            lastPage = page
        }
        return lastBase + Int(line & (1 << Self.pageShift - 1)) << 2
    }

    /// The index of a line's first sector; nil if the producer touches nothing near it.
    @inline(__always)
    func knownPlace(ofLine line: UInt64) -> Int? {
        guard let number = pages.number(of: line &>> Self.pageShift) else { return nil }
        return Int(number) << (Self.pageShift + 2) + Int(line & (1 << Self.pageShift - 1)) << 2
    }
}

/// Sets of blocks that wrote one sector. Each set is another one plus one block, since many sectors have the same
/// writers.
struct WriterSets {
    private var parents: [UInt32] = [0]
    private var blocks: [Int32] = [-1]
    private var numbers: [UInt64: UInt32] = [:]
    private var last: (key: UInt64, set: UInt32) = (.max, 0)

    var count: Int { blocks.count }

    /// The set with `block` added. Blocks are added in increasing order.
    mutating func adding(_ block: Int, to set: UInt32) -> UInt32 {
        guard blocks[Int(set)] != Int32(truncatingIfNeeded: block) else { return set }
        let key = UInt64(set) << 32 | UInt64(block)
        if key == last.key { return last.set }
        let number = numbers[key] ?? UInt32(truncatingIfNeeded: blocks.count)
        if Int(number) == blocks.count {
            parents.append(set)
            blocks.append(Int32(truncatingIfNeeded: block))
            numbers[key] = number
        }
        last = (key, number)
        return number
    }

    /// The block added last.
    func lastBlock(of set: Int) -> Int { Int(blocks[set]) }

    /// The blocks of a set, the last one first.
    func blocks(of set: UInt32) -> [Int32] {
        var result: [Int32] = []
        var set = set
        while set != 0 {
            result.append(blocks[Int(set)])
            set = parents[Int(set)]
        }
        return result
    }
}
