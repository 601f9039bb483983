import ArgumentParser
import Simulator

extension CacheMode: ExpressibleByArgument {}

/// The state of the L2 at the beginning of each launch.
package struct CacheOption: ParsableArguments {
    @Option(
        name: .customLong("cache"),
        help: ArgumentHelp(
            "What a launch finds in the L2: cold (nothing; the default for kernels) or chained (what earlier launches left; "
                + "the default for models and lists of operators)."))
    package var given: CacheMode?

    /// The state of caches for single kernels.
    package var mode: CacheMode { given ?? .cold }
    /// The state of caches for the steps of models and for lists of operators.
    package var modeOfStep: CacheMode { given ?? .chained }

    package init() {}
}
