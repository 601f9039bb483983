import Machine

/// How lines choose sets. It gives the set of a line, the tag that tells it from the set's other lines, and the line of
/// a set and tag.
struct SetIndex: Sendable {
    private let hash: SetHash
    /// Whether the hash is `hopperXor`. Comparing enumerations of another module is a call.
    private let isHopper: Bool
    private let sets: UInt64
    private let setCount: Divisor
    private let blockLines: UInt64
    private let blockShift: UInt64
    private let blockCount: Divisor
    /// First line of the range that tags tell apart.
    var baseLine: UInt64 = 0

    /// - Parameter sets: any positive number, not only a power of two.
    init(hash: SetHash, sets: Int) {
        self.hash = hash
        isHopper = hash == .hopperXor
        self.sets = UInt64(sets)
        setCount = Divisor(UInt64(sets))
        let block = min(512, sets & -sets)
        blockLines = UInt64(block)
        blockShift = UInt64(block.trailingZeroBitCount)
        blockCount = Divisor(UInt64(sets / block))
    }

    /// The set and the tag of `line`.
    @inline(__always)
    func place(of absoluteLine: UInt64) -> (set: Int, tag: UInt32) {
        let line = absoluteLine &- baseLine
        switch hash {
        case .blockXor, .hopperXor:
            let block = line &>> blockShift
            let offset = (line ^ scatter(of: block)) & (blockLines &- 1)
            let row = blockCount.remainder(block & 0xFFFF_FFFF)
            return (Int(truncatingIfNeeded: row &* blockLines &+ offset), Self.tag(block))
        case .modulo:
            let (tag, set) = setCount.quotientAndRemainder(line)
            return (Int(truncatingIfNeeded: set), Self.tag(tag))
        case .scrambled:
            return (Int(truncatingIfNeeded: setCount.remainder(AddressMap.mix(line))), Self.tag(line))
        }
    }

    /// The number that permutes the lines of a block among its sets.
    @inline(__always)
    private func scatter(of block: UInt64) -> UInt64 {
        isHopper ? Self.hopper(block) : AddressMap.mix(block)
    }

    /// *Source:* docs/validation/h200_reread.md.
    @inline(__always)
    private static func hopper(_ block: UInt64) -> UInt64 {
        // All ones where the block's bit is set.
        func mask(_ bit: UInt64) -> UInt64 { 0 &- (block &>> bit & 1) }
        let low = mask(0) & 0x071 ^ mask(1) & 0x01B ^ mask(2) & 0x176 ^ mask(3) & 0x149
        let middle = mask(4) & 0x039 ^ mask(5) & 0x1E1 ^ mask(6) & 0x1DD ^ mask(7) & 0x0EE
        let high = mask(8) & 0x194 ^ mask(9) & 0x08D ^ mask(10) & 0x1AC ^ mask(11) & 0x0F4
        return low ^ middle ^ high ^ AddressMap.mix(block &>> 12)
    }

    /// The low bits of `number`, but never the tag of an empty way. That tag would find ways that hold no line or do
    /// not exist.
    @inline(__always)
    private static func tag(_ number: UInt64) -> UInt32 {
        let low = UInt32(truncatingIfNeeded: number)
        return low == TagStore.emptyTag ? 0 : low
    }

    /// The line that `place` put at `set` under `tag`.
    @inline(__always)
    func line(set: Int, tag: UInt32) -> UInt64 {
        switch hash {
        case .blockXor, .hopperXor:
            let block = UInt64(tag)
            return baseLine &+ (block &<< blockShift | ((UInt64(set) ^ scatter(of: block)) & (blockLines &- 1)))
        case .modulo: return baseLine &+ UInt64(tag) &* sets &+ UInt64(set)
        case .scrambled: return baseLine &+ UInt64(tag)
        }
    }

    /// The number of lines from `baseLine` on that tags tell apart. Addresses beyond them are refused.
    var addressableLines: UInt64 {
        switch hash {
        case .blockXor, .hopperXor: UInt64(UInt32.max) &<< blockShift
        case .modulo: UInt64(UInt32.max).multipliedReportingOverflow(by: sets).partialValue
        case .scrambled: UInt64(UInt32.max)
        }
    }
}
