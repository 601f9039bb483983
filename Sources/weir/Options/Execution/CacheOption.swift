import ArgumentParser
import Simulator

extension CacheMode: ExpressibleByArgument {}

/// The state of the L2 at the beginning of each launch.
package struct CacheOption: ParsableArguments {
    @Option(
        name: .customLong("cache"),
        help: "What a launch finds in the L2: cold (nothing) or chained (what earlier launches left).")
    package var mode = CacheMode.cold

    package init() {}
}
