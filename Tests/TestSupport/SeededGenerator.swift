/// A reproducible random generator (SplitMix64); tests print its seed.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value &>> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value &>> 31)
    }

    /// A seed that is new in each run, printed so that a failure can be repeated.
    package static func printedSeed(_ test: String) -> UInt64 {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of '\(test)': \(seed)")
        return seed
    }
}
