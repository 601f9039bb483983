/// Lengths of cache lines and sectors, with shifts where they are powers of two.
package struct LineGeometry: Equatable, Sendable {
    package let lineBytes: UInt64
    package let sectorBytes: UInt64
    @usableFromInline let lineShift: UInt64
    @usableFromInline let sectorShift: UInt64

    /// - Precondition: `sectorBytes` divides `lineBytes` into at most 8 sectors.
    package init(lineBytes: Int, sectorBytes: Int) {
        precondition(sectorBytes > 0 && lineBytes % sectorBytes == 0 && lineBytes / sectorBytes <= 8)
        self.lineBytes = UInt64(lineBytes)
        self.sectorBytes = UInt64(sectorBytes)
        lineShift = lineBytes & (lineBytes - 1) == 0 ? UInt64(lineBytes.trailingZeroBitCount) : 64
        sectorShift = sectorBytes & (sectorBytes - 1) == 0 ? UInt64(sectorBytes.trailingZeroBitCount) : 64
    }

    /// 128-byte lines of four 32-byte sectors. Every NVIDIA GPU since Volta has them.
    package static let nvidia = LineGeometry(lineBytes: 128, sectorBytes: 32)

    package var sectorsPerLine: Int { Int(lineBytes / sectorBytes) }

    @inlinable package func line(of address: UInt64) -> UInt64 {
        lineShift < 64 ? address &>> lineShift : address / lineBytes
    }

    /// Whether numbers of bytes, joined by `|`, are all multiples of a line. It is false where a line's length is no
    /// power of two.
    @inlinable package func isWholeLines(_ bytes: UInt64) -> Bool { lineShift < 64 && bytes & (lineBytes &- 1) == 0 }

    /// Where a sector of a line begins.
    @inlinable package func address(ofLine line: UInt64, sector: Int = 0) -> UInt64 {
        line &* lineBytes &+ UInt64(truncatingIfNeeded: sector) &* sectorBytes
    }

    @inlinable package func sectorInLine(_ offset: UInt64) -> UInt64 {
        sectorShift < 64 ? offset &>> sectorShift : offset / sectorBytes
    }
}

/// The sectors of one cache line that one warp request asks for. Caches look up one such request at a time.
package struct LineRequest: Equatable, Sendable {
    /// Byte address divided by the line length.
    package var line: UInt64
    /// Bit i is set if the request asks for sector i of the line.
    package var sectors: UInt8
    /// Bit i is set if the request covers every byte of sector i. This matters to writes.
    package var wholeSectors: UInt8
    /// Whether this is the first line of its warp request. The number of set flags is thus the number of warp requests.
    package var startsRequest: Bool

    @inlinable package init(line: UInt64, sectors: UInt8, wholeSectors: UInt8, startsRequest: Bool) {
        self.line = line
        self.sectors = sectors
        self.wholeSectors = wholeSectors
        self.startsRequest = startsRequest
    }
}
