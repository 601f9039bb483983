/// What a cache does with written data.
package enum WritePolicy: String, CaseIterable, Sendable {
    /// Keeps the data dirty. They are written to the level below when their line leaves, or when too many lines of its
    /// set are dirty.
    case writeBack = "write-back"
    /// Passes the data on at once.
    case writeThrough = "write-through"
}

/// How a line number chooses its set among `sets` sets.
package enum SetHash: String, CaseIterable, Sendable {
    /// `line mod sets`.
    case modulo
    /// Divides the sets into runs of w, where w is the largest power of two up to 512 that divides the number of sets.
    /// Runs of w lines stay together in one of these and are permuted inside it: `((line / w) mod (sets / w)) * w +
    /// ((line ^ h(line / w)) & (w - 1))`.
    ///
    /// *Source:* l2-mechanism.md, item 2.
    case blockXor = "block-xor"
    /// As `blockXor`, with the h that Hopper's L1 has: each of the twelve lowest bits of `line / 512` stands for a
    /// number of nine bits, and those of the set bits are joined by exclusive or. What higher bits do was not measured;
    /// they add a pseudo-random number.
    ///
    /// *Source:* docs/validation/h200_reread.md.
    case hopperXor = "hopper-xor"
    /// A random permutation hash of the whole line number, reduced to the sets.
    case scrambled
}
