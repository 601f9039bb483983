/// The request coalescer of each GPC between its L1s and the L2; it merges reads only.
package struct CoalescerSettings: Equatable, Sendable {
    /// Whether reads are merged at all.
    package var enabled: Bool
    /// Lines that the unit of one GPC remembers.
    package var entries: Int
    /// Most requesters that one entry answers, the first included.
    package var requesters: Int
}
