/// The records of DynamoRIO's drmemtrace in final traces. A record has a type of two bytes, a size of two bytes, and an
/// address of 8 bytes (4 in traces of 32-bit programs). Numbers are little-endian, and there are no gaps.
///
/// *Source:* DynamoRIO, clients/drcachesim/common/trace_entry.h (`trace_entry_t`, `trace_type_t`,
/// `trace_marker_type_t`, `offline_entry_t`), formats 1 to 7.
enum MemoryTraceRecord {
    /// The newest format known.
    static let version: UInt64 = 7

    /// What a record means to the importer.
    enum Meaning: UInt8 {
        case load, store, prefetch
        /// An instruction that was fetched.
        case fetch
        /// An instruction that was fetched, unless the one before had the same address.
        case maybeFetch
        /// An instruction that was not fetched again, such as the next round of a repeated string operation.
        case noFetch
        /// Lengths of instructions that follow one after another.
        case bundle
        case flush, thread, header, footer, marker, encoding, unknown
    }

    /// The meaning of each type, by its number.
    static let meanings: [Meaning] = {
        var table = [Meaning](repeating: .unknown, count: 50)
        table[0] = .load
        table[1] = .store
        for type in [2...9, 32...46].joined() { table[type] = .prefetch }
        for type in 10...16 { table[type] = .fetch }
        table[17] = .bundle
        for type in 18...21 { table[type] = .flush }
        for type in 22...24 { table[type] = .thread }
        table[25] = .header
        table[26] = .footer
        table[27] = .prefetch
        table[28] = .marker
        table[29] = .noFetch
        table[30] = .maybeFetch
        table[31] = .fetch
        table[47] = .encoding
        table[48] = .fetch
        table[49] = .fetch
        return table
    }()

    /// Types of markers that the importer uses.
    static let versionMarker = 12
    static let fileTypeMarker = 9

    /// Bits of a file's type which say that a cache filtered the addresses while they were recorded.
    static let filteredBits: UInt64 = 0x1 | 0x80 | 0x100

    /// Names of markers by their number.
    private static let markers = [
        "kernel event", "kernel transfer", "timestamp", "CPU", "function", "return address", "function argument",
        "return value",
        "split value", "file type", "cache-line size", "instruction count", "version", "restartable-sequence abort",
        "window",
        "physical address", "physical address not available", "virtual address", "page size", "system-call index",
        "chunk instruction count", "chunk footer", "record ordinal", "filter end", "restartable-sequence entry",
        "system call",
        "maybe-blocking system call", "system-call trace start", "system-call trace end", "branch target",
        "system call failed",
        "direct thread switch", "core wait", "core idle", "context-switch start", "context-switch end", "vector length",
        "unscheduling system call", "scheduling system call", "system-call timeout", "signal number",
        "uncompleted instruction",
        "mid-block end", "hardware event", "hardware return", "raw kernel event", "skipped memory reference",
    ]

    /// Number of kinds of markers that are counted apart.
    static var markerKinds: Int { markers.count }

    /// The name of a kind of markers in an account. Beyond the last kind it stands for all others.
    static func markerName(_ number: Int) -> String {
        number < markers.count ? "markers (\(markers[number]))" : "markers (others)"
    }

    /// The length of the records of a final trace that begins with `head`; nil where it is no such trace. A final trace
    /// begins with a header of size 0 that holds a format's number. `head` has at least 20 bytes, or all that there
    /// are.
    static func recordBytes(_ head: UnsafeRawBufferPointer) -> Int? {
        guard head.count >= 12, let base = head.baseAddress else { return nil }
        guard base.little16(0) == 25, base.little16(2) == 0, (1..<1024).contains(base.little32(4)) else { return nil }
        if base.little32(8) == 0 { return 12 }
        // If addresses have no upper half, the next record stands here. It is a marker or a thread.
        return [22, 24, 28].contains(base.little16(8)) ? 8 : nil
    }

    /// Number of bytes that `isFinal` looks at.
    static let headBytes = 24

    /// Whether bytes begin with the header of a final trace and with one of the records that follow it. This demands
    /// more than `recordBytes`, so that no other binary trace is taken for a final one.
    static func isFinal(_ head: UnsafeRawBufferPointer) -> Bool {
        guard let bytes = recordBytes(head), head.count >= bytes + 2, let base = head.baseAddress else { return false }
        return [22, 24, 28].contains(base.little16(bytes))
    }

    /// Whether bytes begin as a thread's raw trace, which DynamoRIO must process first. Such a trace begins with a
    /// header, a thread and a process. Each has 8 bytes, with its kind in the upper three bits.
    static func isRaw(_ head: UnsafeRawBufferPointer) -> Bool {
        guard head.count >= 24, let base = head.baseAddress else { return false }
        let header = base.little64(0)
        return header >> 61 == 6 && [0, 4].contains(header >> 56 & 31) && base.little64(8) >> 61 == 2
            && base.little64(16) >> 61 == 3
    }
}
