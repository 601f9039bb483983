import Simulator

/// A column of the measured tables (h200_ssd.csv) that a simulated launch has.
package struct PredictedColumn: Sendable {
    /// Its name if the launch ran on cold caches.
    package let cold: String
    /// Its name if the launch found the L2 contents of earlier launches.
    package let chained: String
    /// Its value: a count, bytes, nanoseconds, cycles or percent, as the name says.
    package let value: @Sendable (LaunchResult) -> Double

    private init(cold: String, chained: String, value: @escaping @Sendable (LaunchResult) -> Double) {
        self.cold = cold
        self.chained = chained
        self.value = value
    }

    /// A column that does not depend on earlier launches: counts of the L1s and the instruction stream. Both modes use
    /// one name.
    static func fixed(_ name: String, _ value: @escaping @Sendable (LaunchResult) -> Double) -> Self {
        Self(cold: name, chained: name, value: value)
    }

    /// A column that depends on earlier launches: counts of the L2 and HBM, and time. `cold_` and `chain_` tell the
    /// modes apart.
    static func perMode(_ name: String, _ value: @escaping @Sendable (LaunchResult) -> Double) -> Self {
        Self(cold: "cold_" + name, chained: "chain_" + name, value: value)
    }

    /// The name in a cache mode.
    package func name(in mode: CacheMode) -> String {
        switch mode {
        case .cold: cold
        case .chained: chained
        }
    }
}
