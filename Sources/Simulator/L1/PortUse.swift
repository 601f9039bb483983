/// What the lines of one warp request take of the port of an L1.
///
/// In one turn the data banks deliver any sectors that lie at different places of their lines. A request therefore
/// takes as many turns as the place that most of its lines ask for. *Source:* docs/validation/h200_lines.md.
struct PortUse: BitwiseCopyable {
    /// Cycle at which the port took the request.
    let begin: Double
    private var lines = 0
    private(set) var turns = 0
    /// Cycles that the lines take of the port, whatever their sectors.
    private(set) var lineCycles = 0.0
    /// Cycles that the missing sectors take of the port.
    private(set) var fillCycles = 0.0
    /// The sectors of the first line. As long as all lines ask for the same places, `lines` counts for each of them.
    private var sectors: UInt8 = 0
    private var isUniform = true
    /// Lines by the place of a sector, once they differ.
    private var counts = SIMD8<UInt16>.zero

    init(begin: Double) { self.begin = begin }

    /// Adds a line that asks for `sectors`.
    @inline(__always)
    mutating func add(_ sectors: UInt8, interval: Double, fill: Double) {
        lineCycles += interval
        fillCycles += fill
        if isUniform, lines == 0 || sectors == self.sectors {
            self.sectors = sectors
            lines &+= 1
            turns = lines
        } else {
            addUnlike(sectors)
        }
    }

    @inline(never)
    private mutating func addUnlike(_ sectors: UInt8) {
        if isUniform { counts = Self.ones(sectors: self.sectors) &* UInt16(truncatingIfNeeded: lines) }
        isUniform = false
        counts &+= Self.ones(sectors: sectors)
        lines &+= 1
        turns = Int(counts.max())
    }

    /// One at the place of each sector.
    private static func ones(sectors: UInt8) -> SIMD8<UInt16> {
        let bits = SIMD8<UInt16>(1, 2, 4, 8, 16, 32, 64, 128) & SIMD8(repeating: UInt16(sectors))
        return SIMD8<UInt16>.zero.replacing(with: 1, where: bits .!= 0)
    }
}
