/// The caches of a common desktop with cachegrind's rules: two first levels and a last level, without a clock.
enum OneCore {
    typealias Entry = Datasheet<PlainSettings>.Entry

    private static let desktop = FieldSource.estimated("a common desktop's; cachegrind takes the host's unless told")
    private static let lru = FieldSource.cited("cachegrind and Dinero: LRU unless told")

    static let sheet = Datasheet(of: .oneCore, entries)

    private static let entries: [Entry] = [
        Entry("core.name", "One core", .estimated("a name")),
        Entry("core.straddle", "once", .cited("once: cachegrind (cg_sim.c); each: Dinero IV")),
        Entry("core.instructionCache", "true", .cited("cachegrind: always")),
        Entry("core.flushAtEnd", "false", .cited("cachegrind: not; Dinero IV: true")),
        Entry("i1.capacity", "32KiB", desktop),
        Entry("i1.line", "64B", desktop),
        Entry("i1.ways", "8", desktop),
        Entry("i1.replacement", "lru", lru),
        Entry("i1.seed", "1", .estimated("any number will do")),
        Entry("d1.capacity", "32KiB", desktop),
        Entry("d1.line", "64B", desktop),
        Entry("d1.ways", "8", desktop),
        Entry("d1.replacement", "lru", lru),
        Entry("d1.seed", "1", .estimated("any number will do")),
        Entry("d1.writePolicy", "write-back", .estimated("as processors do; cachegrind's misses do not depend on it")),
        Entry("d1.allocatesOnWrite", "true", .cited("cachegrind manual: write-allocate")),
        Entry("d1.writesAreAccesses", "false", .cited("cachegrind: not; Dinero IV: true")),
        Entry("ll.capacity", "8MiB", desktop),
        Entry("ll.line", "64B", desktop),
        Entry("ll.ways", "16", desktop),
        Entry("ll.replacement", "lru", lru),
        Entry("ll.seed", "1", .estimated("any number will do")),
        Entry("ll.writePolicy", "write-back", .estimated("as processors do")),
        Entry("ll.allocatesOnWrite", "true", .estimated("as processors do")),
    ]
}
