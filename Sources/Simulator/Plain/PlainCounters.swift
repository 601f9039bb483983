/// Lookups of one plain cache and what came of them. Accesses are counted as the machine's straddle rule has it.
package struct PlainLevelCounters: Equatable, Sendable {
    /// Instruction fetches.
    package var fetches: UInt64 = 0
    package var fetchMisses: UInt64 = 0
    /// Loads, and accesses that load and store at once; in the last level, what their misses ask for.
    package var reads: UInt64 = 0
    package var readMisses: UInt64 = 0
    /// Stores; in the last level, what their misses ask for.
    package var writes: UInt64 = 0
    package var writeMisses: UInt64 = 0
    /// Accesses of unknown type, which read; in the last level, what their misses ask for.
    package var miscellaneous: UInt64 = 0
    package var miscellaneousMisses: UInt64 = 0
    /// Of the last level: data that the first level writes back or through, where those are accesses.
    package var written: UInt64 = 0
    package var writtenMisses: UInt64 = 0
    /// Dirty lines that were written below: when they left, when they were copied back, and at the end where that is
    /// asked for.
    package var writeBacks: UInt64 = 0

    package init() {}

    package var accesses: UInt64 { fetches &+ reads &+ writes &+ miscellaneous &+ written }
    package var misses: UInt64 { fetchMisses &+ readMisses &+ writeMisses &+ miscellaneousMisses &+ writtenMisses }
    package var hits: UInt64 { accesses &- misses }
}

/// Everything that plain caches count during one launch. `PlainCounterTable` names every field.
package struct PlainCounters: Equatable, Sendable {
    /// The instructions' first level; nothing where they have none of their own.
    package var i1 = PlainLevelCounters()
    /// The data's first level, with the instructions' fetches where they have no own one.
    package var d1 = PlainLevelCounters()
    /// The last level.
    package var ll = PlainLevelCounters()
    /// Accesses that load and store at once; they are among `d1.reads`.
    package var modifies: UInt64 = 0
    /// Accesses of the trace: each lane's own.
    package var accesses: UInt64 = 0
    /// 32-byte sectors that the accesses touch.
    package var sectors: UInt64 = 0
    /// Bytes of lines that came from memory.
    package var memoryReadBytes: UInt64 = 0
    /// Bytes of lines or stores that went to memory; what is dirty at the end stays out unless the machine flushes it.
    package var memoryWriteBytes: UInt64 = 0
    /// Bytes of lines that i1 and d1 lacked and brought in.
    package var i1ReadBytes: UInt64 = 0
    package var d1ReadBytes: UInt64 = 0
    /// Bytes of lines or stores that d1 handed to the last level.
    package var d1WriteBytes: UInt64 = 0

    package init() {}
}
