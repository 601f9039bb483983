import Machine

/// One partition of the L2 without its clock: tags of home lines, copies of far lines, dirty data, write-back.
///
/// *Source:* l2-mechanism.md, items 1 to 6. The caller holds the counters, so that a partition can serve several
/// requesters.
struct L2Partition: ~Copyable {
    private var tags: TagStore
    private var index: SetIndex
    private let sectorsPerFetch: Int
    private let sectorsPerLine: Int
    private let dirtyLineLimit: Int
    /// The age in its set from which a dirty line is cleaned before its eviction. If the policy knows no ages, it lies
    /// beyond every age.
    private let cleaningAge: Int
    private let writesThrough: Bool
    private let copiesFarReads: Bool
    private let copiesFarWrites: Bool
    private let fabricHitRefreshesHome: Bool

    init(machine: MachineDescription, seed: UInt64) {
        let settings = machine.l2
        let sets = machine.derived.l2SetsPerPartition
        tags = TagStore(sets: sets, ways: settings.ways, replacement: settings.replacement, seed: seed)
        index = SetIndex(hash: settings.hash, sets: sets)
        sectorsPerFetch = machine.derived.l2SectorsPerFetch
        sectorsPerLine = machine.derived.l2SectorsPerLine
        dirtyLineLimit = machine.derived.dirtyWays
        cleaningAge =
            settings.replacement.knowsAges ? Int((settings.cleanAge * Double(settings.ways)).rounded(.up)) : .max
        writesThrough = settings.writePolicy == .writeThrough
        copiesFarReads = settings.copiesFarReads
        copiesFarWrites = settings.copiesFarWrites
        fabricHitRefreshesHome = settings.fabricHitRefreshesHome
    }

    var addressableLines: UInt64 { index.addressableLines }

    /// Makes the tags tell apart the lines from `line` on. The partition must be empty, or the caller must empty it
    /// before its next use.
    mutating func rebase(to line: UInt64) { index.baseLine = line }

    /// Empties the partition.
    mutating func reset() { tags.reset() }

    @inline(__always)
    func prefetch(line: UInt64) { tags.prefetch(set: index.place(of: line).set) }

    /// Whether all `sectors` of a line are here. The call changes nothing.
    func holds(line: UInt64, sectors: UInt8) -> Bool {
        let place = index.place(of: line)
        let way = tags.find(set: place.set, tag: place.tag)
        return way >= 0 && tags.validSectors(set: place.set, way: way) & sectors == sectors
    }

    /// `sectors` widened to whole fetches.
    @inline(__always)
    func widened(_ sectors: UInt8) -> UInt8 {
        if sectorsPerFetch == 2 {
            let low = (sectors | sectors &>> 1) & 0x55
            return low | low &<< 1
        }
        if sectorsPerFetch == 1 { return sectors }
        let fetch = UInt8(truncatingIfNeeded: (1 << min(8, sectorsPerFetch)) - 1)
        var result: UInt8 = 0
        var first = 0
        while first < sectorsPerLine {
            let mask = fetch &<< UInt8(first)
            if sectors & mask != 0 { result |= mask }
            first += sectorsPerFetch
        }
        return result & UInt8(truncatingIfNeeded: (1 << sectorsPerLine) - 1)
    }

    /// A read at the line's home. It returns the sectors that hit and the sectors fetched from memory. `written` are
    /// the sectors written back to make room.
    @inline(__always)
    mutating func readAtHome(
        line: UInt64, sectors: UInt8, overFabric: Bool
    ) -> (hit: UInt8, fetched: UInt8, written: WriteBack) {
        let place = index.place(of: line)
        var way = tags.find(set: place.set, tag: place.tag)
        var written = WriteBack.none
        var hit: UInt8 = 0
        if way >= 0 {
            let valid = tags.validSectors(set: place.set, way: way)
            hit = sectors & valid
            if !overFabric || fabricHitRefreshesHome { tags.touch(set: place.set, way: way) }
            if hit == sectors { return (hit, 0, written) }
            let fetched = widened(sectors & ~valid)
            tags.setValidSectors(set: place.set, way: way, valid | fetched)
            tags.setTornSectors(set: place.set, way: way, tags.tornSectors(set: place.set, way: way) & ~fetched)
            return (hit, fetched, written)
        }
        let fetched = widened(sectors)
        (way, written) = makeRoom(set: place.set)
        tags.insert(set: place.set, way: way, tag: place.tag, sectors: fetched)
        return (hit, fetched, written)
    }

    /// A read of a far line in the reader's partition. It returns the sectors that hit in the copy, and the sectors to
    /// request from home.
    @inline(__always)
    mutating func readCopy(line: UInt64, sectors: UInt8) -> (hit: UInt8, missing: UInt8, written: WriteBack) {
        let place = index.place(of: line)
        var way = tags.find(set: place.set, tag: place.tag)
        var written = WriteBack.none
        if way >= 0 {
            let valid = tags.validSectors(set: place.set, way: way)
            tags.touch(set: place.set, way: way)
            let hit = sectors & valid
            if hit == sectors { return (hit, 0, written) }
            let missing = widened(sectors & ~valid)
            tags.setValidSectors(set: place.set, way: way, valid | missing)
            return (hit, missing, written)
        }
        let missing = widened(sectors)
        if copiesFarReads {
            (way, written) = makeRoom(set: place.set)
            tags.insert(set: place.set, way: way, tag: place.tag, sectors: missing)
        }
        return (0, missing, written)
    }

    /// A write at the line's home. It returns the sectors that are written back. `whole` are the sectors of which every
    /// byte is written. Any other sector that is not valid yet becomes torn. It stays torn until a second write, which
    /// is assumed to bring the other bytes, until a read, or until the line goes to memory.
    @inline(__always)
    mutating func writeAtHome(line: UInt64, sectors: UInt8, whole: UInt8) -> WriteBack {
        let place = index.place(of: line)
        var way = tags.find(set: place.set, tag: place.tag)
        var written = WriteBack.none
        if way < 0 {
            (way, written) = makeRoom(set: place.set)
            tags.insert(set: place.set, way: way, tag: place.tag, sectors: 0)
        } else {
            tags.touch(set: place.set, way: way)
        }
        let valid = tags.validSectors(set: place.set, way: way)
        let before = tags.tornSectors(set: place.set, way: way)
        let torn = sectors & ~whole & ~valid & ~before
        tags.setValidSectors(set: place.set, way: way, valid | sectors & ~torn)
        if torn | before != 0 { tags.setTornSectors(set: place.set, way: way, before & ~sectors | torn) }
        if writesThrough {
            written.add(line: line, sectors: sectors)
            return written
        }
        let dirty = tags.dirtySectors(set: place.set, way: way)
        tags.setDirtySectors(set: place.set, way: way, dirty | sectors)
        if dirty == 0, tags.dirtyLines(set: place.set) > dirtyLineLimit {
            written.add(clean(set: place.set, way: tags.oldestDirty(set: place.set)))
        }
        return written
    }

    /// A write to a far line in the writer's partition. It allocates or refreshes the copy.
    @inline(__always)
    mutating func writeCopy(line: UInt64, sectors: UInt8) -> WriteBack {
        guard copiesFarWrites else { return .none }
        let place = index.place(of: line)
        let found = tags.find(set: place.set, tag: place.tag)
        if found >= 0 {
            tags.touch(set: place.set, way: found)
            tags.setValidSectors(set: place.set, way: found, tags.validSectors(set: place.set, way: found) | sectors)
            return .none
        }
        let (way, written) = makeRoom(set: place.set)
        tags.insert(set: place.set, way: way, tag: place.tag, sectors: sectors)
        return written
    }

    /// Drops the sectors of a copy that a write at home made stale.
    @inline(__always)
    func dropCopy(line: UInt64, sectors: UInt8) {
        let place = index.place(of: line)
        let way = tags.find(set: place.set, tag: place.tag)
        guard way >= 0 else { return }
        let left = tags.validSectors(set: place.set, way: way) & ~sectors
        if left == 0 {
            tags.remove(set: place.set, way: way)
        } else {
            tags.setValidSectors(set: place.set, way: way, left)
        }
    }

    /// A reduction or atomic at the line's home. It reads missing sectors and leaves the sectors dirty.
    mutating func reduceAtHome(line: UInt64, sectors: UInt8) -> (hit: UInt8, fetched: UInt8, written: WriteBack) {
        var result = readAtHome(line: line, sectors: sectors, overFabric: false)
        result.written.add(writeAtHome(line: line, sectors: sectors, whole: sectors))
        return result
    }

    /// The way for a new line. If the line in it is dirty, its dirty sectors are written back. If it is clean, the
    /// oldest dirty line is written back if it is about to become the victim.
    @inline(__always)
    private mutating func makeRoom(set: Int) -> (way: Int, written: WriteBack) {
        let way = tags.victim(set: set)
        let dirty = tags.dirtySectors(set: set, way: way)
        if dirty != 0 { return (way, writeBack(set: set, way: way, sectors: dirty)) }
        guard cleaningAge != .max else { return (way, .none) }
        let oldest = tags.oldestDirty(set: set)
        guard oldest >= 0, tags.age(set: set, way: oldest) >= cleaningAge else { return (way, .none) }
        return (way, clean(set: set, way: oldest))
    }

    /// Writes a dirty line back and keeps the line, now clean.
    private func clean(set: Int, way: Int) -> WriteBack {
        let written = writeBack(set: set, way: way, sectors: tags.dirtySectors(set: set, way: way))
        tags.setDirtySectors(set: set, way: way, 0)
        tags.setValidSectors(set: set, way: way, tags.validSectors(set: set, way: way) | written.torn)
        tags.setTornSectors(set: set, way: way, 0)
        return written
    }

    @inline(__always)
    private func writeBack(set: Int, way: Int, sectors: UInt8) -> WriteBack {
        WriteBack(
            line: index.line(set: set, tag: tags.tag(set: set, way: way)), sectors: sectors,
            torn: tags.tornSectors(set: set, way: way))
    }
}
