/// The request coalescer of each GPC, between its L1s and the L2. It merges reads only.
package struct CoalescerSettings: Equatable, Sendable {
    /// Whether reads are merged at all.
    package var enabled = false
    /// Lines whose reads the unit of one GPC can follow at one time.
    package var entries = 0
    /// Most requesters that one entry answers, including the first.
    package var requesters = 0
    /// Cycles from an SM to its GPC's unit and back. An answer that has come this near to the SM merges no further
    /// reads.
    package var passageCycles: Double = 0
}
