import ArgumentParser

/// The options of the simulation of launches.
package struct SimulationOptions: ParsableArguments {
    @OptionGroup package var cache: CacheOption
    @OptionGroup package var threads: ThreadsOption
    @OptionGroup package var deterministic: DeterministicFlag

    package init() {}
}
