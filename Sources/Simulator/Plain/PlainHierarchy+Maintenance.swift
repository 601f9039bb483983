/// Operations that handle lines instead of accessing bytes: an acquire's invalidation, Dinero IV's copy-back and
/// invalidation.
extension PlainHierarchy {
    /// Empties the first levels. Dirty lines are written below.
    mutating func emptyFirstLevels() {
        i1.reset()
        var dirty: [UInt64] = []
        d1.drain { dirty.append($0) }
        for line in dirty { writeBack(line | LineStore.dirty) }
    }

    /// Writes the lines that hold `address` from each level to the next if they are dirty. The lines stay.
    mutating func copyBack(_ address: UInt64) {
        let line = d1.line(of: address)
        if d1.clean(line) { writeBack(line | LineStore.dirty) }
        if ll.clean(ll.line(of: address)) { writeToMemory() }
    }

    /// Drops the lines that hold `address` from all levels. Their dirty bytes are lost.
    mutating func invalidate(_ address: UInt64) {
        i1.remove(i1.line(of: address))
        d1.remove(d1.line(of: address))
        ll.remove(ll.line(of: address))
    }

    /// Performs a copy-back or invalidation on all lines of all levels.
    mutating func maintainAll(_ access: PlainAccess) {
        if access == .copyBack { copyBackAll() } else { reset() }
    }

    /// Writes all dirty bytes from each level to the next, and so to memory. The lines stay. The first level's lines
    /// come in the order of Dinero IV: the last set first, and within a set the oldest line first.
    mutating func copyBackAll() {
        var dirty: [UInt64] = []
        d1.cleanAll { dirty.append($0) }
        for line in dirty { writeBack(line | LineStore.dirty) }
        var count = 0
        ll.cleanAll { _ in count += 1 }
        for _ in 0..<count { writeToMemory() }
    }

    private mutating func writeToMemory() {
        counters.ll.writeBacks &+= 1
        counters.memoryWriteBytes &+= ll.lineBytes
    }
}
