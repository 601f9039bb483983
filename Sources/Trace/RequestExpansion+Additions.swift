extension RequestExpander {
    /// Expands a warp's reduction or atomic into `requests`. Lanes that share a word add in separate passes. The lines
    /// of a pass follow those of the pass before.
    ///
    /// *Source:* docs/validation/h200_atomics.md: 32 lanes on one word count as 32 sectors and take as long.
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
