/// Exact stack distances: the number of other lines touched between two touches of a line.
///
/// The last touch of each line has a position in a bitmap, which has one bit per touch. A new touch moves the line's
/// bit to the end. The distance is the number of bits behind the line's own bit. A Fenwick tree over blocks of 512
/// positions gives the bits of full blocks; the rest is counted. When the positions run out, the owner of the lines
/// asks for each line's rank. The positions then begin again behind the ranks. The bitmap has 4 to 8 positions per
/// line. Memory therefore follows the number of distinct lines, and a renumbering comes after at least three touches
/// per line.
struct RecencyStack: ~Copyable {
    private static let blockShift = 9
    private static let wordsPerBlock = 8
    /// The number of blocks up to which counting bits one by one is faster than the tree.
    private static let nearBlocks = 3

    private var words = GrowingBuffer<UInt64>()
    /// The bits of full blocks, at index 1 to the number of blocks.
    private var tree = GrowingBuffer<UInt32>()
    /// The number of lines touched so far.
    private(set) var lines = 0
    /// The next touch's position.
    private var end = 0
    private var positions = 0

    init() { begin(lines: 0) }

    private init(copyOf other: borrowing RecencyStack) {
        words = other.words.copy()
        tree = other.tree.copy()
        lines = other.lines
        end = other.end
        positions = other.positions
    }

    func copy() -> RecencyStack { RecencyStack(copyOf: self) }

    var byteCount: Int { words.count * 8 + tree.count * 4 }

    /// Whether no position is left. The owner must then `rank` all lines and `restart`.
    var isFull: Bool { end == positions }

    /// Touches a line and returns its distance, or nil for a first touch.
    /// - Parameter time: the line's last touch as its position plus one; zero before the first. The call replaces it.
    /// - Precondition: not full.
    @inline(__always)
    mutating func touch(_ time: inout UInt32) -> Int? {
        var distance: Int?
        if time > 0 {
            if time == end { return 0 }
            let position = Int(time) &- 1
            distance = linesBehind(position)
            words[position &>> 6] &= ~bit(position)
            if position &>> Self.blockShift < end &>> Self.blockShift { add(-1, block: position &>> Self.blockShift) }
        } else {
            lines &+= 1
        }
        words[end &>> 6] |= bit(end)
        end &+= 1
        time = UInt32(truncatingIfNeeded: end)
        if end & (1 &<< Self.blockShift &- 1) == 0 { closeBlock(end &>> Self.blockShift &- 1) }
        return distance
    }

    /// The distance that a touch would give, or nil for a line without a touch.
    @inline(__always)
    func distance(_ time: UInt32) -> Int? {
        if time == 0 { return nil }
        return time == end ? 0 : linesBehind(Int(time) &- 1)
    }

    /// The value of a line's time at `restart`. The line that was not touched for the longest time gets one. The stack
    /// must be full.
    func rank(_ time: UInt32) -> UInt32 {
        UInt32(bitsThrough(Int(time) - 1))
    }

    /// Begins the positions again, behind the ranks of all lines.
    mutating func restart() { begin(lines: lines) }

    /// Forgets all lines.
    mutating func removeAll() { begin(lines: 0) }

    private mutating func begin(lines: Int) {
        self.lines = lines
        end = lines
        positions = 4096
        while positions < 4 * lines { positions *= 2 }
        words.reset(repeating: 0, count: positions &>> 6)
        tree.reset(repeating: 0, count: positions &>> Self.blockShift + 1)
        for word in 0..<(lines &>> 6) { words[word] = .max }
        if lines & 63 != 0 { words[lines &>> 6] = bit(lines) &- 1 }
        for block in 0..<(lines &>> Self.blockShift) { closeBlock(block) }
    }

    @inline(__always)
    private func bit(_ position: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: position & 63) }

    @inline(__always)
    private func linesBehind(_ position: Int) -> Int {
        guard end &>> Self.blockShift &- position &>> Self.blockShift <= Self.nearBlocks else {
            return lines &- bitsThrough(position)
        }
        var word = position &>> 6
        let last = (end &- 1) &>> 6
        var bits = (words[word] & ~(bit(position) &* 2 &- 1)).nonzeroBitCount
        while word < last {
            word &+= 1
            bits &+= words[word].nonzeroBitCount
        }
        return bits
    }

    /// The number of lines whose last touch is at `position` or before. All blocks before that of `position` are full.
    @inline(__always)
    private func bitsThrough(_ position: Int) -> Int {
        var block = position &>> Self.blockShift
        var word = block &* Self.wordsPerBlock
        var bits = 0
        while block > 0 {
            bits &+= Int(tree[block])
            block &= block &- 1
        }
        while word < position &>> 6 {
            bits &+= words[word].nonzeroBitCount
            word &+= 1
        }
        return bits &+ (words[word] & (bit(position) &* 2 &- 1)).nonzeroBitCount
    }

    private mutating func closeBlock(_ block: Int) {
        var bits = 0
        for word in (block &* Self.wordsPerBlock)..<((block &+ 1) &* Self.wordsPerBlock) {
            bits &+= words[word].nonzeroBitCount
        }
        add(bits, block: block)
    }

    @inline(__always)
    private func add(_ bits: Int, block: Int) {
        var place = block &+ 1
        while place < tree.count {
            tree[place] = UInt32(truncatingIfNeeded: Int(tree[place]) &+ bits)
            place &+= place & (0 &- place)
        }
    }
}
