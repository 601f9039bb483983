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
    /// The dirty sectors that accesses sent to memory since the caller took them last.
    private var written = WriteBack.none

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

    /// Whether accesses sent dirty sectors to memory since the caller took them last.
    @inline(__always)
    var hasWritten: Bool { !written.isEmpty }

    /// Takes the dirty sectors that the last access sent to memory. The caller asks after each access.
    mutating func takeWritten() -> WriteBack {
        let taken = written
        written = .none
        return taken
    }

    /// A read at the line's home. It returns the sectors that hit and the sectors fetched from memory.
    @inline(__always)
    mutating func readAtHome(line: UInt64, sectors: UInt8, overFabric: Bool) -> (hit: UInt8, fetched: UInt8) {
        let place = index.place(of: line)
        let way = tags.find(set: place.set, tag: place.tag)
        guard way >= 0 else {
            let fetched = widened(sectors)
            bring(tag: place.tag, sectors: fetched, into: place.set)
            return (0, fetched)
        }
        let valid = tags.validSectors(set: place.set, way: way)
        let hit = sectors & valid
        if !overFabric || fabricHitRefreshesHome { tags.touch(set: place.set, way: way) }
        if hit == sectors { return (hit, 0) }
        let fetched = widened(sectors & ~valid)
        tags.setValidSectors(set: place.set, way: way, valid | fetched)
        tags.setTornSectors(set: place.set, way: way, tags.tornSectors(set: place.set, way: way) & ~fetched)
        return (hit, fetched)
    }

    /// A read of a far line in the reader's partition. It returns the sectors that hit in the copy, and the sectors to
    /// request from home.
    @inline(__always)
    mutating func readCopy(line: UInt64, sectors: UInt8) -> (hit: UInt8, missing: UInt8) {
        let place = index.place(of: line)
        let way = tags.find(set: place.set, tag: place.tag)
        guard way >= 0 else {
            let missing = widened(sectors)
            if copiesFarReads { bring(tag: place.tag, sectors: missing, into: place.set) }
            return (0, missing)
        }
        let valid = tags.validSectors(set: place.set, way: way)
        tags.touch(set: place.set, way: way)
        let hit = sectors & valid
        if hit == sectors { return (hit, 0) }
        let missing = widened(sectors & ~valid)
        tags.setValidSectors(set: place.set, way: way, valid | missing)
        return (hit, missing)
    }

    /// A write at the line's home. `whole` are the sectors of which every byte is written. Any other sector that is not
    /// valid yet becomes torn. It stays torn until a second write, which is assumed to bring the other bytes, until a
    /// read, or until the line goes to memory.
    @inline(__always)
    mutating func writeAtHome(line: UInt64, sectors: UInt8, whole: UInt8) {
        let place = index.place(of: line)
        var way = tags.find(set: place.set, tag: place.tag)
        if way < 0 {
            way = bring(tag: place.tag, sectors: 0, into: place.set)
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
            return
        }
        let dirty = tags.dirtySectors(set: place.set, way: way)
        tags.setDirtySectors(set: place.set, way: way, dirty | sectors)
        if dirty == 0, tags.dirtyLines(set: place.set) > dirtyLineLimit {
            clean(set: place.set, way: tags.oldestDirty(set: place.set))
        }
    }

    /// A write to a far line in the writer's partition. It allocates or refreshes the copy.
    @inline(__always)
    mutating func writeCopy(line: UInt64, sectors: UInt8) {
        guard copiesFarWrites else { return }
        let place = index.place(of: line)
        let found = tags.find(set: place.set, tag: place.tag)
        if found >= 0 {
            tags.touch(set: place.set, way: found)
            tags.setValidSectors(set: place.set, way: found, tags.validSectors(set: place.set, way: found) | sectors)
        } else {
            bring(tag: place.tag, sectors: sectors, into: place.set)
        }
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
    mutating func reduceAtHome(line: UInt64, sectors: UInt8) -> (hit: UInt8, fetched: UInt8) {
        let result = readAtHome(line: line, sectors: sectors, overFabric: false)
        writeAtHome(line: line, sectors: sectors, whole: sectors)
        return result
    }

    /// Brings a line into `set`. If the line that leaves is dirty, its dirty sectors are written back. If it is clean,
    /// the oldest dirty line is written back if it is about to become the victim.
    /// - Returns: the line's way.
    @inline(never) @discardableResult
    private mutating func bring(tag: UInt32, sectors: UInt8, into set: Int) -> Int {
        let way = tags.victim(set: set)
        let dirty = tags.dirtySectors(set: set, way: way)
        if dirty != 0 {
            writeBack(set: set, way: way, sectors: dirty)
        } else if cleaningAge != .max {
            let oldest = tags.oldestDirty(set: set)
            if oldest >= 0, tags.age(set: set, way: oldest) >= cleaningAge { clean(set: set, way: oldest) }
        }
        tags.insert(set: set, way: way, tag: tag, sectors: sectors)
        return way
    }

    /// Writes a dirty line back and keeps the line, now clean.
    private mutating func clean(set: Int, way: Int) {
        let torn = tags.tornSectors(set: set, way: way)
        writeBack(set: set, way: way, sectors: tags.dirtySectors(set: set, way: way))
        tags.setDirtySectors(set: set, way: way, 0)
        tags.setValidSectors(set: set, way: way, tags.validSectors(set: set, way: way) | torn)
        tags.setTornSectors(set: set, way: way, 0)
    }

    private mutating func writeBack(set: Int, way: Int, sectors: UInt8) {
        written.add(
            line: index.line(set: set, tag: tags.tag(set: set, way: way)), sectors: sectors,
            torn: tags.tornSectors(set: set, way: way))
    }
}
