/// The lookups of one plain cache and their outcomes. The machine's straddle rule says how accesses are counted.
package struct PlainLevelCounters: Equatable, Sendable {
    /// Instruction fetches.
    package var fetches: UInt64 = 0
    package var fetchMisses: UInt64 = 0
    /// Loads, and accesses that load and store at once. In the last level: the requests of their misses.
    package var reads: UInt64 = 0
    package var readMisses: UInt64 = 0
    /// Stores. In the last level: the requests of their misses.
    package var writes: UInt64 = 0
    package var writeMisses: UInt64 = 0
    /// Accesses of unknown type, which read. In the last level: the requests of their misses.
    package var miscellaneous: UInt64 = 0
    package var miscellaneousMisses: UInt64 = 0
    /// In the last level: data that the first level writes back or through, if those count as accesses.
    package var written: UInt64 = 0
    package var writtenMisses: UInt64 = 0
    /// Dirty lines that were written below: when they left, when they were copied back, and at the end if the machine
    /// flushes.
    package var writeBacks: UInt64 = 0

    package init() {}

    package var accesses: UInt64 { fetches &+ reads &+ writes &+ miscellaneous &+ written }
    package var misses: UInt64 { fetchMisses &+ readMisses &+ writeMisses &+ miscellaneousMisses &+ writtenMisses }
    package var hits: UInt64 { accesses &- misses }
}

/// All counts of plain caches during one launch. `PlainCounterTable` names every field.
package struct PlainCounters: Equatable, Sendable {
    /// The first level for instructions. It counts nothing if instructions have no cache of their own.
    package var i1 = PlainLevelCounters()
    /// The first level for data. It includes the instruction fetches if instructions have no cache of their own.
    package var d1 = PlainLevelCounters()
    /// The last level.
    package var ll = PlainLevelCounters()
    /// Accesses that load and store at once. `d1.reads` includes them.
    package var modifies: UInt64 = 0
    /// Accesses of the trace. Each lane makes its own.
    package var accesses: UInt64 = 0
    /// 32-byte sectors that the accesses touch.
    package var sectors: UInt64 = 0
    /// Bytes of lines that came from memory.
    package var memoryReadBytes: UInt64 = 0
    /// Bytes of lines or stores that went to memory. Lines that are dirty at the end count only if the machine flushes
    /// them.
    package var memoryWriteBytes: UInt64 = 0
    /// Bytes of lines that i1 and d1 lacked and brought in.
    package var i1ReadBytes: UInt64 = 0
    package var d1ReadBytes: UInt64 = 0
    /// Bytes of lines or stores that d1 handed to the last level.
    package var d1WriteBytes: UInt64 = 0

    package init() {}
}
