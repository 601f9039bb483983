import Machine

/// The caches of one core, and their counters.
struct PlainHierarchy: ~Copyable {
    let settings: PlainSettings
    var i1: LineStore
    var d1: LineStore
    var ll: LineStore
    /// The greatest number of bytes that an access counts for, under `StraddleRule.once`.
    private let longest: UInt64
    private let isOnce: Bool
    /// What a store adds to its line in each level: the mark of a dirty line, or nothing under write-through.
    private let d1Mark: UInt64
    private let llMark: UInt64
    /// The counters of the current launch.
    var counters = PlainCounters()

    init(_ machine: PlainMachine) {
        settings = machine.settings
        let core = settings.core
        // Without an instruction cache one line holds its place.
        i1 = LineStore(core.hasInstructionCache ? settings.i1 : CacheGeometry(capacityBytes: 4, lineBytes: 4, ways: 1))
        d1 = LineStore(settings.d1)
        ll = LineStore(settings.ll)
        let lines = [settings.d1, settings.ll] + (core.hasInstructionCache ? [settings.i1] : [])
        longest = UInt64(lines.map(\.lineBytes).min() ?? 0)
        isOnce = core.straddle == .once
        d1Mark = settings.d1Writes.policy == .writeBack ? LineStore.dirty : 0
        llMark = settings.llWrites.policy == .writeBack ? LineStore.dirty : 0
    }

    /// Empties all caches.
    mutating func reset() {
        i1.reset()
        d1.reset()
        ll.reset()
    }

    /// Performs one access of `bytes` bytes, at least 1, from `address` on. The access may wrap at 2^64.
    @inline(__always)
    mutating func access(_ access: PlainAccess, address: UInt64, bytes: UInt64) {
        if access.rawValue >= PlainAccess.finish.rawValue {
            handle(access, address: address, bytes: bytes)
            return
        }
        counters.accesses &+= 1
        counters.sectors &+= (((address & 31) &+ bytes &+ 31) &>> 5)
        if access == .modify { counters.modifies &+= 1 }
        if isOnce {
            once(access, address: address, bytes: min(bytes, longest))
        } else {
            each(access, address: address, bytes: bytes)
        }
    }

    @inline(__always)
    private mutating func once(_ access: PlainAccess, address: UInt64, bytes: UInt64) {
        if access == .fetch, settings.core.hasInstructionCache {
            counters.i1.fetches &+= 1
            let first = i1.line(of: address)
            let last = i1.line(of: address &+ bytes &- 1)
            let left = i1.touch(first, mark: 0, allocates: true)
            let leftToo = last == first ? LineStore.hit : i1.touch(last, mark: 0, allocates: true)
            let missing = UInt64(left == LineStore.hit ? 0 : 1) &+ UInt64(leftToo == LineStore.hit ? 0 : 1)
            if missing > 0 {
                counters.i1.fetchMisses &+= 1
                counters.i1ReadBytes &+= missing &* i1.lineBytes
                fillOnce(access, address: address, bytes: bytes, isWhole: false)
            }
            return
        }
        counters.d1.count(access)
        let mark = access.writes ? d1Mark : 0
        let allocates = access != .write || settings.d1Writes.allocates
        let first = d1.line(of: address)
        let last = d1.line(of: address &+ bytes &- 1)
        let left = d1.touch(first, mark: mark, allocates: allocates)
        let leftToo = last == first ? LineStore.hit : d1.touch(last, mark: mark, allocates: allocates)
        let missing = UInt64(left == LineStore.hit ? 0 : 1) &+ UInt64(leftToo == LineStore.hit ? 0 : 1)
        let missed = missing > 0
        if missed {
            counters.d1.countMiss(access)
            if allocates {
                // A store of the whole line brings all of its bytes itself. The last level is looked up nevertheless,
                // as cachegrind does.
                let isWhole = access == .write && bytes == d1.lineBytes && last == first
                if !isWhole { counters.d1ReadBytes &+= missing &* d1.lineBytes }
                fillOnce(access, address: address, bytes: bytes, isWhole: isWhole)
                writeBack(left)
                writeBack(leftToo)
            } else {
                counters.d1WriteBytes &+= bytes
                counters.ll.writes &+= 1
                if store(address: address, bytes: bytes) { counters.ll.writeMisses &+= 1 }
            }
        }
        if access.writes, d1Mark == 0, !missed || allocates { writeBelow(address: address, bytes: bytes) }
    }

    /// Asks the last level for an access that missed in the first level.
    /// - Parameter isWhole: whether the access stores the first level's whole line.
    private mutating func fillOnce(_ access: PlainAccess, address: UInt64, bytes: UInt64, isWhole: Bool) {
        counters.ll.count(access)
        let first = ll.line(of: address)
        let last = ll.line(of: address &+ bytes &- 1)
        let reads = !isWhole || bytes < ll.lineBytes
        let missed = fill(first, reads: reads)
        let missedToo = last != first && fill(last, reads: reads)
        if missed || missedToo { counters.ll.countMiss(access) }
    }

    private mutating func each(_ access: PlainAccess, address: UInt64, bytes: UInt64) {
        let isFetch = access == .fetch && settings.core.hasInstructionCache
        let lineBytes = isFetch ? i1.lineBytes : d1.lineBytes
        var address = address
        var left = bytes
        while left > 0 {
            let here = min(left, lineBytes &- (address & (lineBytes &- 1)))
            if isFetch {
                counters.i1.fetches &+= 1
                if i1.touch(i1.line(of: address), mark: 0, allocates: true) != LineStore.hit {
                    counters.i1.fetchMisses &+= 1
                    counters.i1ReadBytes &+= lineBytes
                    fillEach(access, address: address & ~(lineBytes &- 1), bytes: lineBytes)
                }
            } else {
                eachLine(access, address: address, bytes: here)
            }
            address &+= here
            left &-= here
        }
    }

    /// Performs the part of an access that lies within one line of the data's first level.
    @inline(__always)
    private mutating func eachLine(_ access: PlainAccess, address: UInt64, bytes: UInt64) {
        counters.d1.count(access)
        let allocates = access != .write || settings.d1Writes.allocates
        let victim = d1.touch(d1.line(of: address), mark: access.writes ? d1Mark : 0, allocates: allocates)
        let missed = victim != LineStore.hit
        if missed {
            counters.d1.countMiss(access)
            if allocates {
                // A store of the whole line brings all of its bytes itself.
                if access != .write || bytes < d1.lineBytes {
                    counters.d1ReadBytes &+= d1.lineBytes
                    fillEach(access, address: address & ~(d1.lineBytes &- 1), bytes: d1.lineBytes)
                }
                writeBack(victim)
            } else {
                counters.d1WriteBytes &+= bytes
                forEachLastLevelLine(address: address, bytes: bytes) { hierarchy, address, bytes in
                    hierarchy.counters.ll.writes &+= 1
                    if hierarchy.store(address: address, bytes: bytes) { hierarchy.counters.ll.writeMisses &+= 1 }
                }
            }
        }
        if access.writes, d1Mark == 0, !missed || allocates { writeBelow(address: address, bytes: bytes) }
    }

    /// Asks the last level for a line that the first level lacked.
    private mutating func fillEach(_ access: PlainAccess, address: UInt64, bytes: UInt64) {
        forEachLastLevelLine(address: address, bytes: bytes) { hierarchy, address, _ in
            hierarchy.counters.ll.count(access)
            if hierarchy.fill(hierarchy.ll.line(of: address), reads: true) { hierarchy.counters.ll.countMiss(access) }
        }
    }

    /// Calls `body` for each line of the last level, with the bytes that lie in it.
    @inline(__always)
    private mutating func forEachLastLevelLine(
        address: UInt64, bytes: UInt64, _ body: (inout PlainHierarchy, UInt64, UInt64) -> Void
    ) {
        var address = address
        var left = bytes
        while left > 0 {
            let here = min(left, ll.lineBytes &- (address & (ll.lineBytes &- 1)))
            body(&self, address, here)
            address &+= here
            left &-= here
        }
    }

    /// Looks up a line that the first level lacks. A miss brings it from memory.
    /// - Parameter reads: whether a missing line's bytes are needed.
    /// - Returns: whether it missed.
    @inline(__always)
    private mutating func fill(_ line: UInt64, reads: Bool) -> Bool {
        let victim = ll.touch(line, mark: 0, allocates: true)
        if victim == LineStore.hit { return false }
        if reads { counters.memoryReadBytes &+= ll.lineBytes }
        evict(victim)
        return true
    }

    /// Looks up stored bytes. They lie in few lines.
    /// - Returns: whether any line was missing.
    private mutating func store(address: UInt64, bytes: UInt64) -> Bool {
        let allocates = settings.llWrites.allocates
        var missed = false
        forEachLastLevelLine(address: address, bytes: bytes) { hierarchy, address, here in
            let line = hierarchy.ll.line(of: address)
            let victim = hierarchy.ll.touch(line, mark: hierarchy.llMark, allocates: allocates)
            let isHit = victim == LineStore.hit
            if !isHit {
                missed = true
                // A line that is written whole need not be read.
                if allocates, here < hierarchy.ll.lineBytes {
                    hierarchy.counters.memoryReadBytes &+= hierarchy.ll.lineBytes
                }
                hierarchy.evict(victim)
            }
            if hierarchy.llMark == 0 || !isHit && !allocates { hierarchy.counters.memoryWriteBytes &+= here }
        }
        return missed
    }

    @inline(__always)
    private mutating func evict(_ victim: UInt64) {
        guard victim != LineStore.nothing, victim & LineStore.dirty != 0 else { return }
        counters.ll.writeBacks &+= 1
        counters.memoryWriteBytes &+= ll.lineBytes
    }

    @inline(__always)
    mutating func writeBack(_ victim: UInt64) {
        // Neither `hit` nor `nothing` is a line.
        guard victim < LineStore.hit, victim & LineStore.dirty != 0 else { return }
        counters.d1.writeBacks &+= 1
        writeBelow(address: d1.address(ofLine: victim & ~LineStore.dirty), bytes: d1.lineBytes)
    }

    /// Handles the operations that are no access: the write of a modify, and the maintenance of lines.
    private mutating func handle(_ access: PlainAccess, address: UInt64, bytes: UInt64) {
        switch access {
        case .copyBack: copyBack(address)
        case .invalidate: invalidate(address)
        default: finish(address: address, bytes: bytes)
        }
    }

    /// The write of a modify. Its lines are where the read left them.
    private mutating func finish(address: UInt64, bytes: UInt64) {
        counters.modifies &+= 1
        var address = address
        var left = isOnce ? min(bytes, longest) : bytes
        while left > 0 {
            let here = min(left, d1.lineBytes &- (address & (d1.lineBytes &- 1)))
            if d1Mark == 0 || !d1.markDirty(d1.line(of: address)) { writeBelow(address: address, bytes: here) }
            address &+= here
            left &-= here
        }
    }

    /// Hands written bytes to the last level. They count as accesses, or only the level's dirty lines show them.
    private mutating func writeBelow(address: UInt64, bytes: UInt64) {
        counters.d1WriteBytes &+= bytes
        if settings.d1WritesAreAccesses {
            if isOnce {
                counters.ll.written &+= 1
                if store(address: address, bytes: bytes) { counters.ll.writtenMisses &+= 1 }
            } else {
                forEachLastLevelLine(address: address, bytes: bytes) { hierarchy, address, here in
                    hierarchy.counters.ll.written &+= 1
                    if hierarchy.store(address: address, bytes: here) { hierarchy.counters.ll.writtenMisses &+= 1 }
                }
            }
        } else {
            forEachLastLevelLine(address: address, bytes: bytes) { hierarchy, address, here in
                let isKept = hierarchy.llMark != 0 && hierarchy.ll.markDirty(hierarchy.ll.line(of: address))
                if !isKept { hierarchy.counters.memoryWriteBytes &+= here }
            }
        }
    }
}
