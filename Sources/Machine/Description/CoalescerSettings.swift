/// The request coalescer of each GPC between its L1s and the L2; it merges reads only.
package struct CoalescerSettings: Equatable, Sendable {
    /// Whether reads are merged at all.
    package var enabled: Bool
    /// A read is answered by one of the same line that left less than this many cycles before.
    package var windowCycles: Int
    /// Most requesters that one entry answers, the first included.
    package var requesters: Int
}
