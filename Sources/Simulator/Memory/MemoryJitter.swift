import Machine

/// The cycles of a memory access beyond the least latency. They spread evenly. The spread is much wider for the few
/// accesses that meet a refresh.
///
/// The delays are quantiles of the distribution. A hash of line and time picks one of them, so that runs repeat
/// exactly.
struct MemoryJitter: ~Copyable {
    private static let steps = 1024
    private let delays: Buffer<Double>

    init(settings: HBMSettings) {
        delays = Buffer(repeating: 0, count: Self.steps)
        let slow = Int((settings.slowShare * Double(Self.steps)).rounded())
        for step in 0..<Self.steps {
            // The first steps are the slow accesses.
            let isSlow = step < slow
            let rank =
                isSlow ? (Double(step) + 0.5) / Double(slow) : (Double(step - slow) + 0.5) / Double(Self.steps - slow)
            delays[step] = rank * (isSlow ? settings.jitterCycles + settings.slowCycles : settings.jitterCycles)
        }
    }

    /// The delay in cycles of the access to `line` at `time`.
    @inline(__always)
    func delay(line: UInt64, time: Double) -> Double {
        delays[Int(AddressMap.mix(line ^ time.bitPattern) & UInt64(Self.steps - 1))]
    }
}
