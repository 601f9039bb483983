/// What a cache does with written data.
package enum WritePolicy: String, CaseIterable, Sendable {
    /// Keep it dirty and write it below when it leaves, or when too many lines of its set are dirty.
    case writeBack = "write-back"
    /// Pass it on at once.
    case writeThrough = "write-through"
}

/// How a line number chooses its set among `sets` sets.
package enum SetHash: String, CaseIterable, Sendable {
    /// `line mod sets`.
    case modulo
    /// Runs of w lines (w: the largest power of two up to 512 that divides the sets) stay together and are permuted
    /// inside: `((line / w) mod (sets / w)) * w + ((line ^ h(line / w)) & (w - 1))`. *Source:* l2-mechanism.md, item 2.
    case blockXor = "block-xor"
    /// A random permutation hash of the whole line number, reduced to the sets.
    case scrambled
}
