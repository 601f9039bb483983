extension RequestExpander {
    /// Expands a warp's reduction or atomic into `requests`: where lanes share a word, each adds in a pass of its own,
    /// whose lines follow those of the pass before.
    ///
    /// *Source:* docs/validation/h200_atomics.md: 32 lanes on one word count and take 32 sectors.
    mutating func expandAdditions(_ lanes: ArraySlice<UInt64>, laneBytes: UInt64) {
        var seen: [UInt64: Int] = [:]
        var passes: [[UInt64]] = []
        for address in lanes {
            let pass = seen[address, default: 0]
            seen[address] = pass + 1
            if pass == passes.count { passes.append([]) }
            passes[pass].append(address)
        }
        for (number, addresses) in passes.enumerated() {
            appendPass(addresses, laneBytes: laneBytes, starts: number == 0)
        }
    }
}
