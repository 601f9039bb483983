import Simulator

/// A column of the measured tables (h200_ssd.csv) that a simulated launch has.
package struct PredictedColumn: Sendable {
    /// Its name where the launch ran on cold caches.
    package let cold: String
    /// Its name where the launch found in the L2 what earlier launches left.
    package let chained: String
    /// Its value: a count, bytes, nanoseconds, cycles or percent, as the name says.
    package let value: @Sendable (LaunchResult) -> Double

    private init(cold: String, chained: String, value: @escaping @Sendable (LaunchResult) -> Double) {
        self.cold = cold
        self.chained = chained
        self.value = value
    }

    /// What the L1s and the instruction stream count does not depend on earlier launches: one name for both modes.
    static func fixed(_ name: String, _ value: @escaping @Sendable (LaunchResult) -> Double) -> Self {
        Self(cold: name, chained: name, value: value)
    }

    /// What the L2 and HBM count, and time, depend on earlier launches: `cold_` and `chain_` tell the modes apart.
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
