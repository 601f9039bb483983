/// For each sector of each line, the depth of the line since the sector was last requested: the largest distance of the
/// line's touches since then. A cache has dropped the sector with its line if and only if it has no more lines than
/// that. This one number is therefore exact for every capacity at once.
struct SectorDepths: ~Copyable {
    /// The depths of a line whose sectors were never requested.
    private static let unseen = SIMD4<UInt32>(repeating: DistanceCounts.never)

    private var depths = GrowingBuffer<SIMD4<UInt32>>()

    init() {}

    private init(depths: consuming GrowingBuffer<SIMD4<UInt32>>) { self.depths = depths }

    func copy() -> SectorDepths { SectorDepths(depths: depths.copy()) }

    /// Bytes of a line's depths.
    static let lineBytes = MemoryLayout<SIMD4<UInt32>>.stride

    /// Makes room for lines with numbers below `count`.
    @inline(__always)
    mutating func reserve(_ count: Int) {
        if count > depths.count { depths.append(repeating: Self.unseen, count: count &- depths.count) }
    }

    mutating func removeAll() { depths.removeAll() }

    /// Counts an access of some sectors of a line, at most four.
    /// - Parameter distance: the distance of the line; 0 at its first touch.
    @inline(__always)
    mutating func touch(_ line: Int, distance: UInt32, sectors: UInt8, tensor: Int, counts: inout DistanceCounts) {
        let row = pointwiseMax(depths[line], SIMD4(repeating: distance))
        let first = row[0]
        if sectors == 15, row == SIMD4(repeating: first) {
            counts.add(4, distance: first, tensor: tensor)
            depths[line] = SIMD4(repeating: 0)
            return
        }
        var after = row
        var rest = sectors
        while rest != 0 {
            let sector = rest.trailingZeroBitCount
            rest &= rest &- 1
            counts.add(1, distance: row[sector], tensor: tensor)
            after[sector] = 0
        }
        depths[line] = after
    }

    /// Marks sectors as valid in every cache that holds the line. A store does this if it leaves lines and their ages
    /// unchanged. A cache that has lost the line has fewer lines than the line's next distance. The position of the
    /// line therefore need not be known.
    /// - Precondition: some cache has or had the line.
    @inline(__always)
    func refresh(_ line: Int, sectors: UInt8) {
        var row = depths[line]
        var rest = sectors
        while rest != 0 {
            row[rest.trailingZeroBitCount & 3] = 0
            rest &= rest &- 1
        }
        depths[line] = row
    }

    /// Brings in a line that no cache holds, with some valid sectors. A store that allocates does this.
    /// - Parameter distance: the distance of the line. No cache that counts has more lines.
    @inline(__always)
    func enter(_ line: Int, distance: UInt32, sectors: UInt8) {
        depths[line] = pointwiseMax(depths[line], SIMD4(repeating: distance))
        refresh(line, sectors: sectors)
    }

    /// Whether no sector of the line was ever requested.
    @inline(__always)
    func isUnseen(_ line: Int) -> Bool { depths[line] == Self.unseen }
}
