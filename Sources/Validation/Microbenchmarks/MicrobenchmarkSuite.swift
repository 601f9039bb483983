import Machine

/// The microbenchmarks of one group.
protocol MicrobenchmarkSuite {
    /// Simulates each case and hands it to `found` with its measured values.
    /// - Throws: `ReferenceError`, `MachineError` or `SimulatorError`.
    func run(on machine: MachineDescription, reference: MicrobenchmarkReference, found: (MicrobenchmarkCase) -> Void)
        throws
}

extension MicrobenchmarkGroup {
    /// The group's benchmarks.
    var suite: any MicrobenchmarkSuite {
        switch self {
        case .capacity: CapacitySuite()
        case .latency: LatencySuite()
        case .bandwidth: BandwidthSuite()
        case .rounds: RoundSuite()
        case .granularity: GranularitySuite()
        case .launch: LaunchSuite()
        }
    }
}
