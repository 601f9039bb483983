/// Names, units and meanings of the plain caches' counters.
package enum PlainCounterTable {
    /// One row per stored property of `PlainCounters` and its levels that such a level can count.
    package static let rows: [CounterDescription<PlainCounters>] = [
        row("accesses", "accesses", "accesses of the trace, each lane's its own", \.accesses),
        row("modifies", "accesses", "accesses that load and store at once, counted among the reads", \.modifies),
        row("i1_fetches", "accesses", "instruction fetches", \.i1.fetches),
        row("i1_fetch_misses", "accesses", "instruction fetches that missed", \.i1.fetchMisses),
        row("d1_fetches", "accesses", "instruction fetches, where there is no i1", \.d1.fetches),
        row("d1_fetch_misses", "accesses", "of those, missed", \.d1.fetchMisses),
        row("d1_reads", "accesses", "loads", \.d1.reads),
        row("d1_read_misses", "accesses", "loads that missed", \.d1.readMisses),
        row("d1_writes", "accesses", "stores", \.d1.writes),
        row("d1_write_misses", "accesses", "stores that missed", \.d1.writeMisses),
        row("d1_write_backs", "lines", "dirty lines written to ll", \.d1.writeBacks),
        row("ll_fetches", "accesses", "asked for by missed fetches", \.ll.fetches),
        row("ll_fetch_misses", "accesses", "of those, missed", \.ll.fetchMisses),
        row("ll_reads", "accesses", "asked for by missed loads", \.ll.reads),
        row("ll_read_misses", "accesses", "of those, missed", \.ll.readMisses),
        row("ll_writes", "accesses", "asked for by missed stores", \.ll.writes),
        row("ll_write_misses", "accesses", "of those, missed", \.ll.writeMisses),
        row("ll_written", "accesses", "data written by d1, where those are accesses", \.ll.written),
        row("ll_written_misses", "accesses", "of those, missed", \.ll.writtenMisses),
        row("ll_write_backs", "lines", "dirty lines written to memory", \.ll.writeBacks),
        row("memory_read_bytes", "bytes", "read from memory", \.memoryReadBytes),
        row("memory_write_bytes", "bytes", "written to memory", \.memoryWriteBytes),
        row("sectors", "sectors", "32-byte sectors that the accesses touch", \.sectors),
        row("d1_misc", "accesses", "accesses of unknown type, which read", \.d1.miscellaneous),
        row("d1_misc_misses", "accesses", "of those, missed", \.d1.miscellaneousMisses),
        row("ll_misc", "accesses", "asked for by missed accesses of unknown type", \.ll.miscellaneous),
        row("ll_misc_misses", "accesses", "of those, missed", \.ll.miscellaneousMisses),
        row("i1_read_bytes", "bytes", "of lines that i1 brought in", \.i1ReadBytes),
        row("d1_read_bytes", "bytes", "of lines that d1 brought in", \.d1ReadBytes),
        row(
            "d1_write_bytes", "bytes", "handed to ll by d1: lines written back, stores written through or past",
            \.d1WriteBytes),
    ]

    private static func row(
        _ name: String, _ unit: String, _ meaning: String, _ keyPath: WritableKeyPath<PlainCounters, UInt64> & Sendable
    ) -> CounterDescription<PlainCounters> {
        CounterDescription(name, unit, meaning, keyPath)
    }
}

extension PlainCounters {
    /// Adds `other`'s counts, counter by counter.
    package mutating func add(_ other: PlainCounters) {
        for row in PlainCounterTable.rows { self[keyPath: row.keyPath] &+= other[keyPath: row.keyPath] }
    }
}
