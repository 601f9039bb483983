/// Turns memory operations into the line requests that a cache sees, one warp request after another.
///
/// Each consumer keeps one instance. Its buffers grow to the largest operation and are then reused.
package struct RequestExpander: Sendable {
    package let geometry: LineGeometry
    /// The requests of the operation that was expanded last.
    package private(set) var requests: [LineRequest] = []
    /// The number of distinct bytes that the lanes ask for, for each warp request of the operation that was expanded
    /// last. Empty where coverage is not measured.
    package internal(set) var coveredBytes: [UInt64] = []
    /// Whether `coveredBytes` is filled. The simulator has no use for it.
    package let measuresCoverage: Bool
    /// Bytes of the request being expanded.
    private(set) var covered: [ByteRange] = []
    /// Storage for counting these bytes.
    var coverageParts: [ByteRange] = []
    /// Whether each range of `covered` begins after the end of the one before.
    private(set) var coveredAscends = true

    /// - Parameter measuresCoverage: also fills `coveredBytes`.
    package init(geometry: LineGeometry, measuresCoverage: Bool = false) {
        self.geometry = geometry
        self.measuresCoverage = measuresCoverage
        requests.reserveCapacity(1024)
    }

    /// Expands a tile into `requests`.
    ///
    /// Requests come in row-major order over the tile, with the replicas of a request next to each other. Addresses
    /// wrap at 2^64.
    package mutating func expand(_ tile: TileAccess) {
        requests.removeAll(keepingCapacity: true)
        if measuresCoverage { coveredBytes.removeAll(keepingCapacity: true) }
        guard tile.rows > 0, tile.rowBytes > 0 else { return }
        if hasWholeLines(tile) { return appendWholeLines(of: tile) }
        let laneBytes = Int(tile.laneBytes)
        let laneStride = Int(tile.laneStrideBytes)
        let rowBytes = Int(tile.rowBytes)
        let span = laneStride * Int(tile.lanesPerRow)
        let contiguous = laneBytes == laneStride
        let requestRows = Int(tile.requestRows)
        let rows = Int(tile.rows)
        var row = 0
        while row < rows {
            let rowsHere = min(requestRows, rows - row)
            let rowAddress = tile.address &+ UInt64(bitPattern: Int64(row) &* tile.pitchBytes)
            var column = 0
            while column < rowBytes {
                if contiguous {
                    appendContiguous(
                        address: rowAddress &+ UInt64(column), rows: rowsHere, bytes: min(span, rowBytes - column),
                        pitch: tile.pitchBytes, copies: Int(tile.replicas))
                } else {
                    var piece = 0
                    while piece < laneStride, column + piece < rowBytes {
                        appendStrided(
                            address: rowAddress &+ UInt64(column + piece), rows: rowsHere,
                            lanes: Int(tile.lanesPerRow), bytes: min(laneBytes, laneStride - piece),
                            limit: rowBytes - column - piece, tile: tile)
                        piece += laneBytes
                    }
                }
                column += span
            }
            row += requestRows
        }
    }

    /// Whether each row of the tile is one request that asks for whole lines, as in most bulk copies.
    private func hasWholeLines(_ tile: TileAccess) -> Bool {
        let span = UInt32(tile.laneStrideBytes) &* UInt32(tile.lanesPerRow)
        return tile.requestRows == 1 && tile.replicas == 1 && tile.laneBytes == tile.laneStrideBytes
            && tile.rowBytes <= span && !measuresCoverage
            && geometry.isWholeLines(tile.address | UInt64(bitPattern: tile.pitchBytes) | UInt64(tile.rowBytes))
    }

    /// The same as the general path, for a tile for which `hasWholeLines` holds.
    private mutating func appendWholeLines(of tile: TileAccess) {
        let lines = geometry.line(of: UInt64(tile.rowBytes))
        let whole = mask(from: 0, through: geometry.sectorInLine(geometry.lineBytes &- 1))
        var address = tile.address
        requests.reserveCapacity(Int(tile.rows) &* Int(lines))
        for _ in 0..<tile.rows {
            var start = address
            for line in 0..<lines {
                requests.append(
                    LineRequest(
                        line: geometry.line(of: start), sectors: whole, wholeSectors: whole, startsRequest: line == 0))
                start &+= geometry.lineBytes
            }
            address &+= UInt64(bitPattern: tile.pitchBytes)
        }
    }

    /// Expands one recorded warp request into `requests`. Lines come in the order of their first touch.
    package mutating func expand(_ access: LaneAccess, laneAddresses: [UInt64]) {
        requests.removeAll(keepingCapacity: true)
        if measuresCoverage { coveredBytes.removeAll(keepingCapacity: true) }
        let first = Int(access.firstLane)
        let lanes = laneAddresses[first..<(first + Int(access.laneCount))]
        if access.kind == .reduction || access.kind == .atomic {
            expandAdditions(lanes, laneBytes: UInt64(access.laneBytes))
        } else {
            appendPass(lanes, laneBytes: UInt64(access.laneBytes), starts: true)
        }
    }

    /// Drops all requests except those at `kept`.
    package mutating func keep(_ kept: Range<Int>) {
        requests.removeLast(requests.count - kept.upperBound)
        requests.removeFirst(kept.lowerBound)
    }

    /// Adds the lines that lanes at `addresses` touch together. `starts` says whether they begin a warp request.
    @inline(__always)
    mutating func appendPass(_ addresses: some Sequence<UInt64>, laneBytes: UInt64, starts: Bool) {
        let mark = requests.count
        removeCovered()
        for address in addresses { add(ByteRange(start: address, end: address &+ laneBytes)) }
        if measuresCoverage, starts { appendCoverage(copies: 1) }
        flushCovered(copies: 1)
        if !starts, mark < requests.count { requests[mark].startsRequest = false }
    }

    private mutating func appendContiguous(address: UInt64, rows: Int, bytes: Int, pitch: Int64, copies: Int) {
        let first = requests.count
        let lineBytes = geometry.lineBytes
        // Rows that are at least a line apart never share a line, so each row's lines can be appended directly.
        if rows == 1 || pitch >= Int64(lineBytes) + Int64(bytes) || pitch == Int64(bytes) {
            let merged = rows > 1 && pitch == Int64(bytes)
            let runs = merged ? 1 : rows
            let length = merged ? UInt64(bytes * rows) : UInt64(bytes)
            for run in 0..<runs {
                let start = address &+ UInt64(bitPattern: Int64(run) &* pitch)
                appendLines(from: start, to: start &+ length, starts: run == 0)
            }
            if measuresCoverage {
                appendCoverage(address: address, rows: rows, bytes: bytes, pitch: pitch, copies: copies)
            }
        } else {
            removeCovered()
            for row in 0..<rows {
                let start = address &+ UInt64(bitPattern: Int64(row) &* pitch)
                add(ByteRange(start: start, end: start &+ UInt64(bytes)))
            }
            if measuresCoverage { appendCoverage(copies: copies) }
            flushCovered(copies: 1)
        }
        repeatRequest(from: first, copies: copies)
    }

    /// Expands one warp request of a tile whose lanes have gaps between them.
    mutating func expandStrided(address: UInt64, rows: Int, bytes: Int, limit: Int, tile: TileAccess) {
        requests.removeAll(keepingCapacity: true)
        if measuresCoverage { coveredBytes.removeAll(keepingCapacity: true) }
        appendStrided(
            address: address, rows: rows, lanes: Int(tile.lanesPerRow), bytes: bytes, limit: limit, tile: tile)
    }

    private mutating func appendStrided(
        address: UInt64, rows: Int, lanes: Int, bytes: Int, limit: Int, tile: TileAccess
    ) {
        removeCovered()
        for row in 0..<rows {
            let start = address &+ UInt64(bitPattern: Int64(row) &* tile.pitchBytes)
            var lane = 0
            while lane < lanes, lane * Int(tile.laneStrideBytes) < limit {
                let offset = lane * Int(tile.laneStrideBytes)
                let laneStart = start &+ UInt64(offset)
                // Only a part of a row's last lane may be valid.
                add(ByteRange(start: laneStart, end: laneStart &+ UInt64(min(bytes, limit - offset))))
                lane += 1
            }
        }
        if measuresCoverage { appendCoverage(copies: Int(tile.replicas)) }
        let first = requests.count
        flushCovered(copies: 1)
        repeatRequest(from: first, copies: Int(tile.replicas))
    }

    @inline(__always)
    private mutating func appendLines(from start: UInt64, to end: UInt64, starts: Bool) {
        let lineBytes = geometry.lineBytes
        let lastLine = geometry.line(of: .max)
        var line = geometry.line(of: start)
        var offset = start &- line &* lineBytes
        var remaining = end &- start
        var first = starts
        while remaining > 0 {
            let here = min(remaining, lineBytes &- offset)
            let masks = sectorMasks(offset: offset, bytes: here)
            requests.append(
                LineRequest(line: line, sectors: masks.touched, wholeSectors: masks.whole, startsRequest: first))
            first = false
            remaining &-= here
            offset = 0
            line = line == lastLine ? 0 : line &+ 1
        }
    }

    /// Sectors that `bytes` bytes from `offset` within a line touch, and sectors that they cover wholly.
    @inline(__always)
    private func sectorMasks(offset: UInt64, bytes: UInt64) -> (touched: UInt8, whole: UInt8) {
        let first = geometry.sectorInLine(offset)
        let last = geometry.sectorInLine(offset &+ bytes &- 1)
        let touched = mask(from: first, through: last)
        let firstWhole = geometry.sectorInLine(offset &+ geometry.sectorBytes &- 1)
        let endWhole = geometry.sectorInLine(offset &+ bytes)
        let whole: UInt8 = endWhole > firstWhole ? mask(from: firstWhole, through: endWhole &- 1) : 0
        return (touched, whole)
    }

    @inline(__always)
    private func mask(from first: UInt64, through last: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: (UInt64(2) &<< last) &- (UInt64(1) &<< first))
    }

    /// Adds a range to the bytes of the current request. It is joined to the range before where they touch.
    @inline(__always)
    private mutating func add(_ range: ByteRange) {
        if let last = covered.last {
            if last.end == range.start {
                covered[covered.count - 1].end = range.end
                return
            }
            if last.end > range.start { coveredAscends = false }
        }
        covered.append(range)
    }

    private mutating func removeCovered() {
        covered.removeAll(keepingCapacity: true)
        coveredAscends = true
    }

    /// Turns the covered ranges into the line requests of one warp request. Each line appears once.
    private mutating func flushCovered(copies: Int) {
        let first = requests.count
        appendCovered(from: first)
        if !coveredAscends {
            // Bytes in descending or mixed order may fill a sector together. Joining their ranges shows this. All lines
            // are known now.
            joinCovered()
            appendCovered(from: first)
        }
        if first < requests.count { requests[first].startsRequest = true }
        repeatRequest(from: first, copies: copies)
    }

    /// Adds the covered ranges to the lines from `first` on. Known lines take the new sectors. Other lines are
    /// appended.
    private mutating func appendCovered(from first: Int) {
        var places: [UInt64: Int] = [:]
        for range in covered {
            let mark = requests.count
            appendLines(from: range.start, to: range.end, starts: false)
            var kept = mark
            for index in mark..<requests.count {
                let new = requests[index]
                let known = position(of: new.line, in: first..<kept, places: &places)
                if known < kept {
                    requests[known].sectors |= new.sectors
                    requests[known].wholeSectors |= new.wholeSectors
                } else {
                    requests[kept] = new
                    kept += 1
                }
            }
            requests.removeLast(requests.count - kept)
        }
    }

    /// Index of `line` among the distinct lines of `range`, or the range's end. Few lines are searched one by one. Long
    /// lanes can touch thousands of lines; for these, `places` keeps the index of each.
    @inline(__always)
    private func position(of line: UInt64, in range: Range<Int>, places: inout [UInt64: Int]) -> Int {
        guard range.count > 256 else {
            var known = range.lowerBound
            while known < range.upperBound, requests[known].line != line { known += 1 }
            return known
        }
        while places.count < range.count {
            let next = range.lowerBound + places.count
            places[requests[next].line] = next
        }
        return places[line] ?? range.upperBound
    }

    /// Sorts the covered ranges and joins those that touch or overlap.
    private mutating func joinCovered() {
        covered.sort { $0.start < $1.start }
        var last = 0
        for index in 1..<covered.count {
            let range = covered[index]
            if range.start <= covered[last].end {
                covered[last].end = max(covered[last].end, range.end)
            } else {
                last += 1
                covered[last] = range
            }
        }
        covered.removeLast(covered.count - last - 1)
    }

    private mutating func repeatRequest(from first: Int, copies: Int) {
        guard copies > 1 else { return }
        let end = requests.count
        for _ in 1..<copies {
            for index in first..<end { requests.append(requests[index]) }
        }
    }
}
