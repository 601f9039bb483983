/// The SMs that touched a line, in 32 bits: none yet, one SM, or a set in `sets`. Only lines of several SMs have a set,
/// with one bit for each SM.
struct ProcessorSets: ~Copyable {
    private static let setFlag: UInt32 = 1 << 31

    let processorCount: Int
    private let wordsPerSet: Int
    private var sets = GrowingBuffer<UInt64>()

    /// - Parameter processorCount: the number of the machine's SMs, at least 1.
    init(processorCount: Int) {
        self.processorCount = processorCount
        wordsPerSet = (processorCount + 63) / 64
    }

    /// The most bytes that all sets take once `lines` further lines have several SMs.
    func byteCount(afterFurther lines: Int) -> Int { (sets.count + lines * wordsPerSet) * MemoryLayout<UInt64>.stride }

    /// Adds SM `processor` to a line's SMs.
    @inline(__always)
    mutating func insert(_ processor: Int, into members: inout UInt32) {
        let single = UInt32(truncatingIfNeeded: processor &+ 1)
        if members == single { return }
        if members == 0 {
            members = single
            return
        }
        if members & Self.setFlag == 0 {
            let first = Int(members) &- 1
            members = Self.setFlag | UInt32(truncatingIfNeeded: sets.count / wordsPerSet)
            sets.append(repeating: 0, count: wordsPerSet)
            set(first, in: members)
        }
        set(processor, in: members)
    }

    /// Number of SMs.
    func count(_ members: UInt32) -> Int {
        guard members & Self.setFlag != 0 else { return members == 0 ? 0 : 1 }
        let start = Int(members & ~Self.setFlag) * wordsPerSet
        return (start..<start + wordsPerSet).reduce(0) { $0 + sets[$1].nonzeroBitCount }
    }

    /// Adds all SMs of `members` to a bitmap of `processorCount` bits.
    func add(_ members: UInt32, to bitmap: inout [UInt64]) {
        if members & Self.setFlag != 0 {
            let start = Int(members & ~Self.setFlag) * wordsPerSet
            for word in 0..<wordsPerSet { bitmap[word] |= sets[start + word] }
        } else if members > 0 {
            bitmap[Int(members - 1) / 64] |= 1 << UInt64((members - 1) % 64)
        }
    }

    /// An empty bitmap for `add`.
    var emptyBitmap: [UInt64] { Array(repeating: 0, count: wordsPerSet) }

    /// Forgets all sets.
    mutating func removeAll() { sets.removeAll() }

    @inline(__always)
    private func set(_ processor: Int, in members: UInt32) {
        let word = Int(members & ~Self.setFlag) &* wordsPerSet &+ processor &>> 6
        sets[word] |= 1 &<< UInt64(truncatingIfNeeded: processor & 63)
    }
}
