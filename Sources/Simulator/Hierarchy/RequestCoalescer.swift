/// The request coalescers (LRC) between the L1s of each GPC and the L2.
///
/// A read whose sectors are covered by another read of the same line, seen by the same GPC less than `windowCycles` before and
/// by fewer than `requesters` requesters so far, is answered together with it and never reaches the L2.
/// *Source:* l2-mechanism.md, item 7.
struct RequestCoalescer: ~Copyable {
    /// The latest first read in one place of the table. (Not private: the compiler cannot emit a private type here.)
    struct Entry: BitwiseCopyable {
        var line: UInt64
        var time: Double
        /// Position of the first read among its window's reads, to find its answer.
        var request: Int32
        var window: Int32
        var sectors: UInt8
        var requesters: UInt8
    }

    /// The read that answers a merged one.
    struct Match {
        var request: Int
        var window: Int32
    }

    private let entries: FixedBuffer<Entry>
    private let entriesPerGPC: Int
    private let windowCycles: Double
    private let requesters: UInt8

    init(gpcs: Int, entriesPerGPC: Int, windowCycles: Double, requesters: Int) {
        let size = max(64, entriesPerGPC)
        entries = FixedBuffer(
            repeating: Entry(line: .max, time: -1e18, request: 0, window: -1, sectors: 0, requesters: 0), count: gpcs * size)
        self.entriesPerGPC = size
        self.windowCycles = windowCycles
        self.requesters = UInt8(min(255, requesters))
    }

    func reset() {
        entries.fill(Entry(line: .max, time: -1e18, request: 0, window: -1, sectors: 0, requesters: 0))
    }

    /// The earlier read that covers this one, or nil after noting this one as a new first read.
    @inline(__always)
    mutating func merge(gpc: Int, line: UInt64, sectors: UInt8, time: Double, request: Int, window: Int32) -> Match? {
        let hash = (line &* 0x9E37_79B9_7F4A_7C15) &>> 40
        let slot = gpc &* entriesPerGPC &+ Int(hash % UInt64(entriesPerGPC))
        var entry = entries[slot]
        if entry.line == line, time - entry.time < windowCycles, entry.sectors & sectors == sectors, entry.requesters < requesters {
            entry.requesters &+= 1
            entries[slot] = entry
            return Match(request: Int(entry.request), window: entry.window)
        }
        entries[slot] = Entry(
            line: line, time: time, request: Int32(truncatingIfNeeded: request), window: window, sectors: sectors, requesters: 1)
        return nil
    }
}
