/// The request coalescer of each GPC between its L1s and the L2; it merges reads only.
package struct CoalescerSettings: Equatable, Sendable {
    /// Whether reads are merged at all.
    package var enabled = false
    /// Lines whose reads the unit of one GPC can follow at a time.
    package var entries = 0
    /// Most requesters that one entry answers, the first included.
    package var requesters = 0
    /// Cycles from an SM to its GPC's unit and back: an answer so near to the SM merges nothing any more.
    package var passageCycles: Double = 0
}
